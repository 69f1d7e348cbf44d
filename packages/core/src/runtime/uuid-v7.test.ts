import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { v7, validate, version } from 'uuid';
import { monotonicUuids } from './runtime.js';
import { uuidV7 } from './uuid-v7.js';

const milliseconds = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const sequence = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });

describe('the text of a UUIDv7', () => {
  it('is what the uuid package writes', () => {
    fc.assert(
      fc.property(milliseconds, sequence, bytes, (msecs, seq, random) => {
        expect(uuidV7(msecs, seq, random)).toBe(v7({ msecs, seq, random }));
      }),
    );
  });

  it('is one: of this version, in lower case', () => {
    const id = uuidV7(Date.UTC(2026, 0, 1), 0xffff_ffff, new Uint8Array(16).fill(0xff));
    expect([validate(id), version(id), id]).toEqual([true, 7, '019b76da-a800-7fff-bfff-ffffffffffff']);
  });
});

describe('ids of a runtime', () => {
  const zeros = () => new Uint8Array(16);

  it('ascend within a millisecond, and from one to the next', () => {
    let now = 1_000;
    const uuid = monotonicUuids(() => now, zeros);
    const ids = [uuid(), uuid(), uuid()];
    now += 1;
    ids.push(uuid(), uuid());
    expect(ids).toEqual([...new Set(ids)].toSorted());
  });

  it('ascend also when the clock is set back', () => {
    let now = 1_000;
    const uuid = monotonicUuids(() => now, zeros);
    const before = uuid();
    now = 500;
    expect(uuid() > before).toBe(true);
  });
});
