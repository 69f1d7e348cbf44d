import { describe, expect, it } from '@jest/globals';
import { v7 } from 'uuid';
import { StoreUnavailable } from '../errors/store-errors.js';
import { START, type Position, type Version } from '../event/position.js';
import type { CommandId, CommandRecord, LeanEvent } from '../event/recorded-event.js';
import type { StreamId } from '../event/stream-id.js';
import { prepareAppend, type Append, type Expected } from './append.js';
import type { CallOptions } from './event-store.js';
import { oneByOne } from './one-by-one.js';
import type { Outcome, Stale } from './outcome.js';

const alice = 'account-alice' as StreamId;
const bob = 'account-bob' as StreamId;

describe('a call of one append', () => {
  it('is sent as it is, with its options, and answered as the store does', async () => {
    const store = new OneCommandStore();
    const one = anAppend({ [alice]: 0 }, alice);
    const options: CallOptions = { deadline: 5 };
    expect(await store.append([one], options)).toMatchObject([{ kind: 'committed', receipt: { duplicate: false } }]);
    expect(store.sent).toEqual([one]);
    expect(store.options).toEqual([options]);
    expect(await store.append([one])).toMatchObject([{ kind: 'duplicate', receipt: { duplicate: true } }]);
  });

  it('tells what the store found when it is refused', async () => {
    const store = new OneCommandStore({ [alice]: 2 });
    expect(await store.append([anAppend({ [alice]: 1 }, alice)])).toEqual([
      conflict({ stream: alice, reason: 'stale', expected: 1, actual: 2, missed: [lean(2)] }),
    ]);
  });
});

describe('an append that rests on an earlier one', () => {
  it('expects the version that the earlier one left', async () => {
    const store = new OneCommandStore({ [alice]: 3 });
    const outcomes = await store.append([
      anAppend({ [alice]: 'any' }, alice, alice),
      anAppend({ [alice]: { after: 0 } }, alice),
      anAppend({ [alice]: { after: 1 } }, alice),
    ]);
    expect(kinds(outcomes)).toEqual(['committed', 'committed', 'committed']);
    expect(store.expectations()).toEqual([{ [alice]: 'any' }, { [alice]: 5 }, { [alice]: 6 }]);
  });

  it('expects what the earlier one expected, where that one only read', async () => {
    const store = new OneCommandStore({ [alice]: 3 });
    const outcomes = await store.append([
      anAppend({ [alice]: 3, [bob]: 0 }, bob),
      anAppend({ [alice]: { after: 0 }, [bob]: { after: 0 } }, alice),
    ]);
    expect(kinds(outcomes)).toEqual(['committed', 'committed']);
    expect(store.expectations()[1]).toEqual({ [alice]: 3, [bob]: 1 });
  });

  it('expects nothing, where the earlier one expected nothing and wrote nothing', async () => {
    const store = new OneCommandStore({ [alice]: 3 });
    const outcomes = await store.append([
      anAppend({ [alice]: 'any', [bob]: 0 }, bob),
      anAppend({ [alice]: { after: 0 } }, alice),
    ]);
    expect(kinds(outcomes)).toEqual(['committed', 'committed']);
  });

  it('is stale when somebody else wrote in between, and is told what that was', async () => {
    const store = new OneCommandStore({ [alice]: 1 });
    store.before(1, () => store.write(alice));
    const outcomes = await store.append([anAppend({ [alice]: 1 }, alice), anAppend({ [alice]: { after: 0 } }, alice)]);
    expect(outcomes[1]).toEqual(
      conflict({ stream: alice, reason: 'stale', expected: { after: 0 }, actual: 3, missed: [lean(3)] }),
    );
  });

  it('is refused as moved when a third one came in between, in the same call', async () => {
    const store = new OneCommandStore({ [alice]: 4 });
    const outcomes = await store.append([
      anAppend({ [alice]: 4 }, alice),
      anAppend({ [alice]: { after: 0 } }, alice),
      anAppend({ [alice]: { after: 0 } }, alice),
    ]);
    expect(outcomes[2]).toEqual(conflict({ stream: alice, reason: 'moved', expected: { after: 0 }, actual: 4 }));
    expect(store.version(alice)).toBe(6);
  });

  const known = anAppend({ [alice]: 'any' }, alice);
  it.each<[string, Append]>([
    ['was refused', anAppend({ [alice]: 0 }, alice)],
    ['was refused for another stream', anAppend({ [alice]: 2, [bob]: 7 }, alice)],
    ['is a duplicate', known],
    ['has an id that belongs to something else', { ...known, fingerprint: 'Other' }],
    ['has no events', anAppend({ [alice]: 2 })],
  ])('is refused when that one %s', async (_, first) => {
    const store = new OneCommandStore({ [alice]: 1 });
    await store.append([known]);
    const outcomes = await store.append([first, anAppend({ [alice]: { after: 0 } }, alice)]);
    expect(outcomes[1]).toEqual(conflict({ stream: alice, reason: 'chain', expected: { after: 0 }, actual: 2 }));
    expect(store.version(alice)).toBe(2);
    // It is sent for its id's sake, and couldn't do harm in a store that takes any version.
    expect(store.sent.at(-1)!.events).toEqual([]);
  });

  it('is refused although a stranger has brought the stream to the version that it would have had', async () => {
    const store = new OneCommandStore({ [alice]: 3 });
    store.write(alice);
    const outcomes = await store.append([anAppend({ [alice]: 3 }, alice), anAppend({ [alice]: { after: 0 } }, alice)]);
    expect(kinds(outcomes)).toEqual(['conflict', 'conflict']);
    expect(store.version(alice)).toBe(4);
  });

  it('reports the version before the call, if the call has moved its stream', async () => {
    const store = new OneCommandStore({ [alice]: 2 });
    const outcomes = await store.append([
      anAppend({ [alice]: 'any' }, alice),
      anAppend({ [alice]: 2 }, alice),
      anAppend({ [alice]: { after: 1 } }, alice),
    ]);
    expect(outcomes[2]).toEqual(conflict({ stream: alice, reason: 'chain', expected: { after: 1 }, actual: 2 }));
  });

  it('lists every stream that is not as expected', async () => {
    const store = new OneCommandStore({ [alice]: 1, [bob]: 2 });
    const outcomes = await store.append([
      anAppend({ [alice]: 0 }, alice),
      anAppend({ [alice]: { after: 0 }, [bob]: 1 }, bob),
    ]);
    expect(outcomes[1]).toEqual(
      conflict(
        { stream: alice, reason: 'chain', expected: { after: 0 }, actual: 1 },
        { stream: bob, reason: 'stale', expected: 1, actual: 2, missed: [lean(2)] },
      ),
    );
  });

  it('is still recognised by its id when the call is sent again', async () => {
    const store = new OneCommandStore();
    const call = [anAppend({ [alice]: 0 }, alice), anAppend({ [alice]: { after: 0 } }, alice)];
    await store.append(call);
    expect(kinds(await store.append(call))).toEqual(['duplicate', 'duplicate']);
  });

  it.each([0, 1, 7])('fails when it refers to append %d of its call and is the first', async (after) => {
    const store = new OneCommandStore();
    const outcomes = await store.append([anAppend({ [alice]: { after } }, alice), anAppend({ [bob]: 0 }, bob)]);
    expect(outcomes).toMatchObject([{ kind: 'failed', error: { code: 'VALIDATION' } }, { kind: 'committed' }]);
  });

  it('fails when the earlier one expects nothing of that stream', async () => {
    const store = new OneCommandStore();
    const outcomes = await store.append([anAppend({ [bob]: 0 }, bob), anAppend({ [alice]: { after: 0 } }, alice)]);
    expect(kinds(outcomes)).toEqual(['committed', 'failed']);
  });
});

describe('a number for a stream that the call has moved', () => {
  it('is refused as moved, and nothing was missed', async () => {
    const store = new OneCommandStore({ [alice]: 3 });
    const outcomes = await store.append([anAppend({ [alice]: 3 }, alice), anAppend({ [alice]: 3 }, alice)]);
    expect(outcomes[1]).toEqual(conflict({ stream: alice, reason: 'moved', expected: 3, actual: 3 }));
  });

  it('is refused also if it is the very number that the call has brought the stream to', async () => {
    const store = new OneCommandStore({ [alice]: 3 });
    const outcomes = await store.append([anAppend({ [alice]: 3 }, alice), anAppend({ [alice]: 4 }, alice)]);
    expect(outcomes[1]).toEqual(conflict({ stream: alice, reason: 'stale', expected: 4, actual: 3 }));
    expect(store.version(alice)).toBe(4);
  });

  it('is stale if the stream was elsewhere before the call, and then only what came before the call was missed', async () => {
    const store = new OneCommandStore({ [alice]: 3 });
    const outcomes = await store.append([anAppend({ [alice]: 'any' }, alice, alice), anAppend({ [alice]: 1 }, alice)]);
    expect(outcomes[1]).toEqual(
      conflict({ stream: alice, reason: 'stale', expected: 1, actual: 3, missed: [lean(2), lean(3)] }),
    );
  });

  it.each([1, 2])(
    'is stale if others wrote before append %d of the call, and all that it does not know was missed',
    async (n) => {
      const store = new OneCommandStore({ [alice]: 1 });
      store.before(n, () => store.write(alice));
      const outcomes = await store.append([
        anAppend({ [alice]: 1 }, alice),
        anAppend({ [alice]: 'any' }, alice),
        anAppend({ [alice]: 1 }, alice),
      ]);
      expect(outcomes[2]).toEqual(
        conflict({ stream: alice, reason: 'stale', expected: 1, actual: 4, missed: [lean(2), lean(3), lean(4)] }),
      );
    },
  );

  it('comes without what was missed if the store could not be asked for it', async () => {
    const store = new OneCommandStore({ [alice]: 3 });
    store.before(1, () => {
      store.write(alice);
      store.write(alice);
    });
    const outcomes = await store.append([anAppend({ [alice]: 3 }, alice), anAppend({ [alice]: 5 }, alice)]);
    expect(outcomes[1]).toStrictEqual(conflict({ stream: alice, reason: 'stale', expected: 5, actual: 6 }));
  });

  it('is refused also if others have brought the stream to that number, amid the call', async () => {
    const store = new OneCommandStore({ [alice]: 3 });
    store.before(1, () => store.write(alice));
    const outcomes = await store.append([anAppend({ [alice]: 3 }, alice), anAppend({ [alice]: 5 }, alice)]);
    expect(outcomes[1]).toEqual(conflict({ stream: alice, reason: 'moved', expected: 5, actual: 5 }));
  });
});

describe('an append without an answer', () => {
  it('throws when it is the first, since nothing was sent', async () => {
    const store = new OneCommandStore();
    store.before(0, () => {
      throw new Error('out of reach');
    });
    await expect(store.append([anAppend({ [alice]: 0 }, alice), anAppend({ [bob]: 0 }, bob)])).rejects.toThrow(
      'out of reach',
    );
    expect(store.sent).toHaveLength(0);
  });

  it('is failed when it could not be sent later on, and the others go on', async () => {
    const store = new OneCommandStore();
    const error = new StoreUnavailable('no connection');
    store.before(1, () => {
      throw error;
    });
    const outcomes = await store.append([
      anAppend({ [alice]: 0 }, alice),
      anAppend({ [alice]: { after: 0 } }, alice),
      anAppend({ [alice]: { after: 1 } }, alice),
      anAppend({ [bob]: 0 }, bob),
    ]);
    expect(kinds(outcomes)).toEqual(['committed', 'failed', 'conflict', 'committed']);
    expect(outcomes[1]).toEqual({ kind: 'failed', error });
    expect(outcomes[2]).toEqual(conflict({ stream: alice, reason: 'chain', expected: { after: 1 }, actual: 0 }));
  });

  it('is failed with an error that says whether to try again, whatever was thrown', async () => {
    const store = new OneCommandStore();
    store.before(1, () => {
      throw new TypeError('socket');
    });
    const [, failed] = await store.append([anAppend({ [alice]: 0 }, alice), anAppend({ [bob]: 0 }, bob)]);
    expect(failed).toMatchObject({ kind: 'failed', error: { code: 'STORE_UNAVAILABLE', retriable: true } });
  });

  it('leaves what rests on it unknown too, and unsent', async () => {
    const store = new OneCommandStore();
    store.loseAnswer(0);
    const outcomes = await store.append([
      anAppend({ [alice]: 0 }, alice),
      anAppend({ [alice]: { after: 0 } }, alice),
      anAppend({ [bob]: 0 }, bob),
    ]);
    expect(kinds(outcomes)).toEqual(['unknown', 'unknown', 'committed']);
    expect(store.sent).toHaveLength(2);
  });

  it('is sent again just as it was, so that the answer holds for what was sent before as well', async () => {
    const store = new OneCommandStore();
    const call = [anAppend({ [alice]: 0 }, alice), anAppend({ [alice]: { after: 0 } }, alice)];
    store.loseCall(1);
    expect(kinds(await store.append(call))).toEqual(['committed', 'unknown']);
    // As an append that rests on a duplicate it would be refused, while its first sending may still arrive.
    expect(kinds(await store.append(call))).toEqual(['duplicate', 'committed']);
    expect(store.expectations()[3]).toEqual({ [alice]: 1 });
    expect(store.sent[3]!.events).toHaveLength(1);
  });

  it('is judged anew when it was sent without its events, for nothing of it can arrive', async () => {
    const store = new OneCommandStore();
    const call = [anAppend({ [alice]: 1 }, alice), anAppend({ [alice]: { after: 0 } }, alice)];
    store.loseAnswer(1);
    expect(kinds(await store.append(call))).toEqual(['conflict', 'unknown']);
    store.write(alice);
    expect(kinds(await store.append(call))).toEqual(['committed', 'committed']);
  });

  it('is recognised when it is sent again and had been applied', async () => {
    const store = new OneCommandStore();
    const call = [anAppend({ [alice]: 0 }, alice), anAppend({ [alice]: { after: 0 } }, alice)];
    store.loseAnswer(1);
    expect(kinds(await store.append(call))).toEqual(['committed', 'unknown']);
    expect(kinds(await store.append(call))).toEqual(['duplicate', 'duplicate']);
    expect(store.version(alice)).toBe(2);
  });
});

/** A store that takes one command at a time and knows nothing of chains. Its faults are set by the number of the call. */
class OneCommandStore {
  readonly append = oneByOne((append, options) => this.#appendOne(append, options));
  readonly sent: Append[] = [];
  readonly options: (CallOptions | undefined)[] = [];
  readonly #streams = new Map<StreamId, LeanEvent[]>();
  readonly #commands = new Map<CommandId, CommandRecord>();
  readonly #before = new Map<number, () => void>();
  readonly #lost = new Map<number, 'call' | 'answer'>();
  #calls = 0;

  constructor(versions: Record<string, number> = {}) {
    for (const [stream, version] of Object.entries(versions)) {
      for (let count = 0; count < version; count++) this.write(stream as StreamId);
    }
  }

  /** Does something just before a call arrives. */
  before(call: number, act: () => void): void {
    this.#before.set(call, act);
  }

  loseCall(call: number): void {
    this.#lost.set(call, 'call');
  }

  loseAnswer(call: number): void {
    this.#lost.set(call, 'answer');
  }

  write(stream: StreamId): Version {
    const events = this.#streams.get(stream) ?? [];
    this.#streams.set(stream, events);
    return events.push(lean(events.length + 1)) as Version;
  }

  version(stream: StreamId): Version {
    return (this.#streams.get(stream)?.length ?? 0) as Version;
  }

  /** What was expected in each call that came to be sent. */
  expectations(): Record<string, Expected>[] {
    return this.sent.map(({ expected }) => Object.fromEntries(expected));
  }

  async #appendOne(append: Append, options: CallOptions | undefined): Promise<Outcome> {
    const call = this.#calls++;
    this.#before.get(call)?.();
    this.sent.push(append);
    this.options.push(options);
    const lost = this.#lost.get(call);
    const outcome = lost === 'call' ? undefined : this.#judge(append);
    if (lost === undefined) return outcome!;
    return { kind: 'unknown', error: new StoreUnavailable('the answer was lost') };
  }

  #judge({ commandId, correlationId, fingerprint, expected, events }: Append): Outcome {
    const recorded = this.#commands.get(commandId);
    if (recorded !== undefined) {
      if (recorded.fingerprint !== fingerprint) return { kind: 'idReused', recorded };
      return { kind: 'duplicate', receipt: recorded.receipt };
    }
    const found: Stale[] = [];
    for (const [stream, expectation] of expected) {
      if (typeof expectation === 'object') throw new Error('This store knows no chains.');
      const actual = this.version(stream);
      if (expectation === 'any' || expectation === actual) continue;
      const missed = this.#streams.get(stream)?.slice(expectation) ?? [];
      found.push({ stream, expected: expectation, actual, reason: 'stale', missed });
    }
    if (found.length > 0) return { kind: 'conflict', stale: found };
    const receipts = events.map(({ id, stream, type }) => {
      return { id, stream, type, version: this.write(stream), position: '1' as Position, recordedAt: '' };
    });
    const versions = new Map(events.map(({ stream }) => [stream, this.version(stream)]));
    const receipt = { commandId, correlationId, duplicate: false, events: receipts, versions, position: START };
    if (events.length > 0) {
      this.#commands.set(commandId, { commandId, fingerprint, receipt: { ...receipt, duplicate: true } });
    }
    return { kind: 'committed', receipt };
  }
}

/** An append with an event for each of the streams given. */
function anAppend(expected: Record<string, number | 'any' | { after: number }>, ...streams: StreamId[]): Append {
  return prepareAppend({
    commandId: v7(),
    fingerprint: 'Test',
    expected: new Map(Object.entries(expected)),
    events: streams.map((stream) => ({ id: v7(), stream, type: 'Tested', data: {} })),
  });
}

/** The event with which a stream came to a version. */
function lean(version: number): LeanEvent {
  return { type: 'Tested', schemaVersion: 1, data: { version } };
}

function conflict(...stale: readonly { stream: StreamId; [key: string]: unknown }[]): unknown {
  return { kind: 'conflict', stale };
}

function kinds(outcomes: readonly Outcome[]): string[] {
  return outcomes.map(({ kind }) => kind);
}
