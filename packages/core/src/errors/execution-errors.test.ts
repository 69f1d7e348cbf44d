import { describe, expect, it } from '@jest/globals';
import {
  Indeterminate,
  RetriesExhausted,
  staleStreams,
  VersionConflict,
  type StaleStream,
} from './execution-errors.js';
import { StoreUnavailable } from './store-errors.js';

const context = { command: 'Transfer', commandId: '7' };
const stale: StaleStream[] = [
  { stream: 'account-a', reason: 'stale', expected: 3, actual: 5 },
  { stream: 'account-b', reason: 'stale', expected: { after: 1 }, actual: 2 },
  { stream: 'account-c', reason: 'moved', expected: 4, actual: 4 },
  { stream: 'account-d', reason: 'chain', expected: { after: 0 }, actual: 0 },
];

describe('what was stale', () => {
  it('is told as frozen copies, without what a store has added', () => {
    const found = stale.map((one) => ({ ...one, missed: [] }));
    const told = staleStreams(found);
    expect(told).toStrictEqual(stale);
    for (const part of [told, ...told, told[1]?.expected]) expect(Object.isFrozen(part)).toBe(true);
    expect(told.some((one, index) => one === found[index] || one.expected === found[1]?.expected)).toBe(false);
    expect(Object.isFrozen(found[0])).toBe(false);
  });
});

describe('a VersionConflict', () => {
  it('names every stale stream, what was expected and what was found', () => {
    expect(new VersionConflict(stale, { context }).message).toBe(
      'Transfer met a conflict: "account-a" was decided on at version 3 and is at 5; ' +
        '"account-b" was decided on at version left by append 1 and is at 2; ' +
        '"account-c" was moved by an earlier append of the same call; ' +
        '"account-d" rests on an append that was not applied.',
    );
    expect(new VersionConflict([], { context: {} }).message).toMatch(/^The append met a conflict: /);
  });

  it('carries them as data, and names them in its context', () => {
    const error = new VersionConflict(stale, { context });
    expect(error.stale).toEqual(stale);
    expect(error.context).toEqual({ ...context, streams: ['account-a', 'account-b', 'account-c', 'account-d'] });
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ stale });
  });

  it('leaves out what else a store tells of a stream: events are not for logs', () => {
    const told = { ...stale[0]!, missed: [{ type: 'MoneyDeposited', schemaVersion: 1, data: { secret: 'hunter2' } }] };
    const error = new VersionConflict([told], { context });
    expect(error.stale).toEqual([stale[0]]);
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });
});

describe('RetriesExhausted', () => {
  it('says how often it was tried, and how the last attempt ended', () => {
    const cause = new VersionConflict(stale.slice(0, 1), { context });
    const error = new RetriesExhausted(10, { context, cause });
    expect(error.message).toBe(
      'Transfer was given up after 10 attempts. The last one: Transfer met a conflict: "account-a" was decided on at version 3 and is at 5.',
    );
    expect(error.cause).toBe(cause);
    expect(error.stale).toEqual(stale.slice(0, 1));
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      stale: stale.slice(0, 1),
      cause: { code: 'VERSION_CONFLICT' },
    });
  });

  it('has nothing stale after a transient error of the store', () => {
    const cause = new StoreUnavailable('The store is away.');
    const error = new RetriesExhausted(2, { context: {}, cause });
    expect(error.message).toBe('The command was given up after 2 attempts. The last one: The store is away.');
    expect(error.stale).toEqual([]);
  });

  it("doesn't quote a foreign error: a driver's message may hold secrets", () => {
    const cause = Object.assign(new Error('connect to postgres://app:hunter2@db failed'), {
      code: 'X',
      retriable: true,
    });
    const error = new RetriesExhausted(2, { context, cause });
    expect(error.message).not.toContain('hunter2');
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });
});

describe('Indeterminate', () => {
  it('has the command id by which one asks again', () => {
    const error = new Indeterminate('No answer came.', { context });
    expect(error.commandId).toBe('7');
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ commandId: '7', retriable: true });
  });
});
