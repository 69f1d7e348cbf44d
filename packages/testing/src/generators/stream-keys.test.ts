import { describe, expect, it } from '@jest/globals';
import { keyOf, parseStreamId, streamId, typeNameOf } from '@eventcore/core';
import { createMemoryStore } from '@eventcore/memory';
import fc from 'fast-check';
import { atLength } from '../../../../tools/at-length.mjs';
import { fill } from '../contract/section/arrange.js';
import { partsOf, wholeFeed } from '../contract/section/observe.js';
import { refusedKeys, streamIds, streamKeys } from './stream-keys.js';

describe('stream keys', () => {
  it('are accepted by core, plain and hostile, and come back byte for byte', () => {
    for (const hostile of [false, true]) {
      fc.assert(
        fc.property(streamKeys({ hostile }), (key) => {
          expect(keyOf(streamId('account', key))).toBe(key);
        }),
        { numRuns: atLength ? 3000 : 150 },
      );
    }
  });

  it('are kept apart by the memory store, however much they look alike', async () => {
    const ids = fc.uniqueArray(streamIds(undefined, { hostile: true }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(ids, async (all) => {
        const store = createMemoryStore();
        await fill(store, Object.fromEntries(all.map((id) => [id, 1])));
        const pages = await partsOf(store, ...all.map((of) => ({ of })));
        expect(pages.map(({ stream, version }) => [stream, version])).toEqual(all.map((id) => [id, 1]));
        expect((await wholeFeed(store)).map(({ stream }) => stream).sort()).toEqual([...all].sort());
      }),
      { numRuns: 50 },
    );
  });

  it.each<readonly [what: string, is: (key: string) => boolean]>([
    ['dashes', (key) => key.includes('-')],
    ['percent signs', (key) => key.includes('%')],
    ['underscores', (key) => key.includes('_')],
    ['quotes', (key) => /['"]/.test(key)],
    ['backslashes', (key) => key.includes('\\')],
    ['`;--`', (key) => key.includes(';--') || key.includes('; --')],
    ['`__proto__`', (key) => key === '__proto__'],
    ['spaces at an end', (key) => key !== key.trim()],
    ['characters beyond 16 bits', (key) => /[\u{10000}-\u{10ffff}]/u.test(key)],
    ['combining marks', (key) => /\p{M}/u.test(key)],
    ['exactly 255 bytes', (key) => Buffer.byteLength(key) === 255],
  ])('are hostile with %s among them', (_, is) => {
    expect(fc.sample(streamKeys({ hostile: true }), { numRuns: 2000, seed: 1 }).some(is)).toBe(true);
  });

  it('shrink to something short and plain', () => {
    const { counterexample } = fc.check(fc.property(streamKeys({ hostile: true }), () => false));
    expect(counterexample?.[0]).toMatch(/^.{1,8}$/u);
  });

  it('make ids of the type that was asked for, or of types that begin alike', () => {
    fc.assert(fc.property(streamIds('order'), (id) => typeNameOf(parseStreamId(id)) === 'order'));
    const types = new Set(fc.sample(streamIds(), 300).map(typeNameOf));
    expect([...types]).toEqual(expect.arrayContaining(['a', 'ab', 'a_b']));
  });
});

describe('refused keys', () => {
  it('are refused as keys and in ids', () => {
    fc.assert(
      fc.property(refusedKeys(), (key) => {
        expect(() => streamId('account', key)).toThrow(/key of a stream/);
        expect(() => parseStreamId(`account-${key}`)).toThrow(/must/);
      }),
      { numRuns: atLength ? 3000 : 150 },
    );
  });

  it('are empty, too long, or hold what no key may hold', () => {
    const keys = fc.sample(refusedKeys(), { numRuns: 500, seed: 1 });
    expect(keys).toContain('');
    expect(keys.some((key) => Buffer.byteLength(key) === 256)).toBe(true);
    expect(keys.some((key) => !key.isWellFormed())).toBe(true);
    expect(keys.some((key) => key.includes('\u0000'))).toBe(true);
  });
});
