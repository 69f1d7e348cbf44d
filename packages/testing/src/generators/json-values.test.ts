import { describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '@eventcore/memory';
import fc from 'fast-check';
import { atLength } from '../../../../tools/at-length.mjs';
import { anAppend, commit, on } from '../contract/section/arrange.js';
import { wholeStream } from '../contract/section/observe.js';
import { jsonValues, refusedValues } from './json-values.js';
import { storedForm } from './stored-form.js';

const stream = 'document-alice';

describe('JSON values', () => {
  it('are accepted by core in the very form that they have', () => {
    fc.assert(
      fc.property(jsonValues(), (value) => {
        const [event] = anAppend({ expected: { [stream]: 0 }, events: [on(stream, 'Kept', value)] }).events;
        expect(JSON.stringify(event?.data)).toBe(JSON.stringify(value));
      }),
      { numRuns: atLength ? 5000 : 250 },
    );
  });

  it('are accepted also on the way to the smallest counterexample', () => {
    const refused: unknown[] = [];
    for (let seed = 1; seed <= 20; seed++) {
      // Fails for texts with a character that is not ASCII, and shrinks character by character.
      fc.check(
        fc.property(jsonValues(), (value) => {
          if (storedForm(value) === undefined) refused.push(value);
          return !JSON.stringify(value).match(/[^\u0000-\u007f]/);
        }),
        { seed },
      );
    }
    expect(refused).toEqual([]);
  });

  it('come back from the memory store as they were', async () => {
    await fc.assert(
      fc.asyncProperty(jsonValues(), async (value) => {
        const store = createMemoryStore();
        await commit(store, { expected: { [stream]: 0 }, events: [on(stream, 'Kept', value)] });
        expect(JSON.stringify((await wholeStream(store, stream))[0]?.data)).toBe(JSON.stringify(value));
      }),
    );
  });

  it('hold keys that are names of the prototype, and texts that look like something else', () => {
    const texts = fc.sample(jsonValues(), { numRuns: 2000, seed: 1 }).map((value) => JSON.stringify(value));
    for (const part of ['"__proto__":', '"constructor":', 'DROP TABLE', '\\\\u0000']) {
      expect(texts.some((text) => text.includes(part))).toBe(true);
    }
  });
});

describe('refused values', () => {
  it('are refused by core', () => {
    fc.assert(
      fc.property(refusedValues(), (value) => {
        expect(() => anAppend({ expected: { [stream]: 0 }, events: [on(stream, 'Kept', value)] })).toThrow();
      }),
      { numRuns: atLength ? 5000 : 250 },
    );
  });
});
