/** Stores that judge or write appends wrongly, one clause each, and the tests that reject them. */
import { describe, expect, it } from '@jest/globals';
import { isEventCoreError, StoreUnavailable, type StreamId } from '@eventcore/core';
import type { Append, Expected, Outcome, Stale } from '@eventcore/core/store';
import { breathe } from '../section/arrange.js';
import { minimalStore, rejection, type Breach, type Breaking } from './broken-store.fixture.js';
import { partsOf } from '../section/observe.js';

const sameAppend = (append: Append, change: Partial<Append>): Append => ({ ...append, ...change });

/** Changes the appends of a call. */
const appending =
  (change: (append: Append) => Append): Breach =>
  (store) => ({ append: (appends) => store.append(appends.map(change)) });

/** Changes what appends expect. */
const expecting = (change: (expected: Expected, append: Append, stream: StreamId) => Expected): Breach =>
  appending((append) => {
    const expected = [...append.expected].map(([id, each]) => [id, change(each, append, id)] as const);
    return sameAppend(append, { expected: new Map(expected) });
  });

/** Changes what appends are answered with. */
const answering =
  (change: (outcome: Outcome, append: Append) => Outcome): Breach =>
  (store) => ({
    append: async (appends) => (await store.append(appends)).map((outcome, index) => change(outcome, appends[index]!)),
  });

const telling = (change: (stale: readonly Stale[]) => readonly Stale[]): Breach =>
  answering((outcome) => (outcome.kind === 'conflict' ? { ...outcome, stale: change(outcome.stale) } : outcome));

/** Sends calls of one append another way. */
const alone =
  (send: (store: Parameters<Breach>[0], append: Append) => Promise<Outcome>): Breach =>
  (store) => ({
    append: async (appends) => (appends.length === 1 ? [await send(store, appends[0]!)] : store.append(appends)),
  });

const writes = (append: Append, stream: StreamId): boolean => append.events.some((event) => event.stream === stream);

/** What every read and every race rests on: where almost anything that is done wrong with versions shows. */
const wherever = [
  'conflicts',
  'several appends in a call',
  'chains of appends in a call',
  'command ids',
  'repeated command ids',
  'racing appends',
  'write skew',
  'snapshots',
];

const breaches: Readonly<Record<string, Breaking>> = {
  'checks no stream that is only read': {
    breach: expecting((expected, append, stream) => (writes(append, stream) ? expected : 'any')),
    by: [
      'conflicts: refuses when a stream that is only read has moved',
      'conflicts: refuses when a stream that was read as missing has come into being',
      'write skew: lets one of two commands win that each read both streams and write one',
      'write skew: lets one of two commands win of which one writes what the other has only read',
    ],
    within: [...wherever, 'appending', 'recording events', 'hostile data', 'the feed'],
  },
  'checks no stream that is written': {
    breach: expecting((expected, append, stream) => (writes(append, stream) ? 'any' : expected)),
    by: [
      'conflicts: refuses a stream that has moved on',
      'racing appends: loses no update when many read, decide and append',
    ],
    within: [...wherever, 'recording events', 'the feed', 'signals and deadlines'],
  },
  'takes version 0 for no expectation': {
    breach: expecting((expected) => (expected === 0 ? 'any' : expected)),
    by: [
      'conflicts: refuses to create a stream that exists',
      'racing appends: lets one of many racing appends create a stream',
    ],
    within: [...wherever, 'recording events', 'hostile data', 'the feed'],
  },
  'takes a version that is ahead for one that is met': {
    breach: (store) => ({
      async append(appends) {
        const ids = [...new Set(appends.flatMap(({ expected }) => [...expected.keys()]))];
        const pages = await partsOf(store, ...ids.map((of) => ({ of, limit: 1 })));
        const versions = new Map(pages.map(({ stream, version }) => [stream, version]));
        const met = (stream: StreamId, each: Expected): Expected =>
          typeof each === 'number' && each > versions.get(stream)! ? versions.get(stream)! : each;
        return store.append(
          appends.map((append) =>
            sameAppend(append, { expected: new Map([...append.expected].map(([id, each]) => [id, met(id, each)])) }),
          ),
        );
      },
    }),
    by: ['conflicts: refuses a version that a stream has not come to'],
    within: ['several appends in a call'],
  },
  'checks versions, and writes a moment later': {
    breach: alone(async (store, append) => {
      const [check] = await store.append([sameAppend(append, { events: [] })]);
      await breathe();
      if (check?.kind !== 'committed') return check!;
      const expected = new Map([...append.expected.keys()].map((id) => [id, 'any' as const]));
      return (await store.append([sameAppend(append, { expected })]))[0]!;
    }),
    by: [
      'racing appends: lets one of many racing appends create a stream',
      'racing appends: loses no update when many read, decide and append',
      'write skew: lets one of two commands win that each read both streams and write one',
      'write skew: lets one of two commands win of which one writes what the other has only read',
      'write skew: breaks every circle of commands that read what the next one writes',
      'write skew: keeps a rule over two streams under racing withdrawals',
    ],
  },
  'checks no read-only stream again after it was locked': {
    breach: alone(async (store, append) => {
      const [check] = await store.append([sameAppend(append, { events: [] })]);
      await breathe();
      if (check?.kind !== 'committed') return check!;
      const expected = [...append.expected].map(([id, each]) => [id, writes(append, id) ? each : 'any'] as const);
      return (await store.append([sameAppend(append, { expected: new Map(expected) })]))[0]!;
    }),
    by: [
      'write skew: lets one of two commands win that each read both streams and write one',
      'write skew: lets one of two commands win of which one writes what the other has only read',
      'write skew: breaks every circle of commands that read what the next one writes',
    ],
  },
  'locks streams in the order in which an append names them': {
    breach: lockingInCallersOrder(),
    by: ['racing appends: commits racing appends that name their streams in opposite orders'],
    within: [
      'racing appends',
      'write skew',
      'the order of events',
      'the feed while others write',
      'snapshots',
      'command ids',
      'repeated command ids',
    ],
  },
  'reports the first stale stream only': {
    breach: telling((stale) => stale.slice(0, 1)),
    by: ['conflicts: lists every stream that has moved, written or read, and none that has not'],
    within: wherever,
  },
  'reports streams that have not moved': {
    breach: answering((outcome, { expected }) => {
      if (outcome.kind !== 'conflict') return outcome;
      const known = new Set<string>(outcome.stale.map(({ stream }) => stream));
      const others = [...expected].filter(([id, each]) => !known.has(id) && typeof each === 'number');
      const extra = others.map(([stream, each]): Stale => ({
        stream,
        expected: each,
        actual: each as never,
        reason: 'stale',
      }));
      return { ...outcome, stale: [...outcome.stale, ...extra] };
    }),
    by: ['conflicts: lists every stream that has moved, written or read, and none that has not'],
    within: wherever.concat('sizes'),
  },
  'hands over one missed event too few': {
    breach: telling((stale) =>
      stale.map((each) => (each.reason === 'stale' && each.missed ? { ...each, missed: each.missed.slice(1) } : each)),
    ),
    by: ['conflicts: hands over what was missed of each stale stream, so that a retry need not read'],
    within: [...wherever, 'recording events', 'hostile data'],
  },
  'tells each append of a call what the one that missed the most has missed': {
    breach: (store) => ({
      async append(appends) {
        const outcomes = await store.append(appends);
        const missed = new Map<StreamId, Stale & { readonly reason: 'stale' }>();
        for (const each of outcomes.flatMap((outcome) => (outcome.kind === 'conflict' ? outcome.stale : []))) {
          if (each.reason !== 'stale') continue;
          const most = missed.get(each.stream);
          if ((each.missed?.length ?? 0) >= (most?.missed?.length ?? 0)) missed.set(each.stream, each);
        }
        return outcomes.map((outcome): Outcome => {
          if (outcome.kind !== 'conflict') return outcome;
          const stale = outcome.stale.map((each): Stale => {
            const most = missed.get(each.stream)?.missed;
            return each.reason === 'stale' && most !== undefined ? { ...each, missed: most } : each;
          });
          return { ...outcome, stale };
        });
      },
    }),
    by: ['conflicts: tells each append of a call what it has missed itself, where others have missed more or less'],
  },
  'cuts what was missed at its cap': {
    breach: (store) => ({
      async append(appends) {
        const outcomes = await store.append(appends);
        const [outcome] = outcomes;
        if (outcome?.kind !== 'conflict') return outcomes;
        const stale = outcome.stale.map(async (each): Promise<Stale> => {
          if (each.reason !== 'stale' || each.missed || typeof each.expected !== 'number') return each;
          const [page] = await partsOf(store, { of: each.stream, after: each.expected, limit: 1 });
          return { ...each, missed: page!.events };
        });
        return [{ ...outcome, stale: await Promise.all(stale) }, ...outcomes.slice(1)];
      },
    }),
    by: ['conflicts: hands over all that was missed of a large stream, or nothing'],
  },
  'tells the version after the call instead of the one before it': {
    breach: (store) => ({
      async append(appends) {
        const outcomes = await store.append(appends);
        const telling = outcomes.map(async (outcome): Promise<Outcome> => {
          if (outcome.kind !== 'conflict') return outcome;
          const pages = await partsOf(store, ...outcome.stale.map(({ stream: of }) => ({ of, limit: 1 })));
          return {
            ...outcome,
            stale: outcome.stale.map((each, index) => ({ ...each, actual: pages[index]!.version })),
          };
        });
        return Promise.all(telling);
      },
    }),
    by: [
      'several appends in a call: refuses a number for a stream that an earlier append of the call has moved',
      'several appends in a call: calls a stream stale that was behind before the call and was moved in it',
    ],
    within: ['chains of appends in a call', 'racing appends', 'write skew'],
  },
  'writes to the streams that were as expected when others were not': {
    breach: (store) => ({
      async append(appends) {
        const outcomes = await store.append(appends);
        for (const [index, outcome] of outcomes.entries()) {
          if (outcome.kind !== 'conflict') continue;
          const { events } = appends[index]!;
          const stale = new Set(outcome.stale.map(({ stream }) => stream));
          const rest = events.filter(({ stream }) => !stale.has(stream));
          const expected = new Map(rest.map(({ stream }) => [stream, 'any' as const]));
          await store.append([sameAppend(appends[index]!, { events: rest, expected })]);
        }
        return outcomes;
      },
    }),
    by: [
      'conflicts: writes to none of its streams when one of them has moved',
      'racing appends: writes whole commands under races, and nothing of those that lose',
    ],
    within: [...wherever, 'the feed', 'looking events up'],
  },
  'writes the events of a command in two steps': {
    breach: alone(async (store, append) => {
      const [first, second] = [append.events.slice(0, -1), append.events.slice(-1)];
      if (first.length === 0) return (await store.append([append]))[0]!;
      const [outcome] = await store.append([sameAppend(append, { events: first })]);
      if (outcome?.kind !== 'committed') return outcome!;
      await breathe();
      const expected = new Map(second.map(({ stream }) => [stream, 'any' as const]));
      // Any UUID that nobody else has will do.
      const commandId = second[0]!.id as unknown as Append['commandId'];
      await store.append([sameAppend(append, { commandId, events: second, expected })]);
      return outcome;
    }),
    by: [
      'snapshots: never tears a reading of several streams while money moves between them',
      'snapshots: never tears a reading of commands that write to many streams',
      'the order of events: keeps the events of racing commands together',
      'racing appends: writes whole commands under races, and nothing of those that lose',
    ],
    // Where the events of a command are counted, and receipts are compared with them, this shows as well.
    within: [
      'reading streams',
      'appending',
      'recording events',
      'conflicts',
      'command ids',
      'repeated command ids',
      'the feed',
      'filters of the feed',
      'the feed while others write',
      'racing appends',
      'write skew',
      'hostile data',
    ],
  },
  'leaves events of refused appends readable for a while': {
    breach: (store) => {
      const pending = new Set<Append>();
      return {
        async append(appends) {
          const [only] = appends;
          if (appends.length > 1 || only === undefined) return store.append(appends);
          pending.add(only);
          await breathe();
          pending.delete(only);
          return store.append(appends);
        },
        async read(request) {
          const { pages, recorded } = await store.read(request);
          const dirty = [...pending].flatMap(({ events }) => events);
          return {
            recorded,
            pages: pages.map((page, index) => {
              const { upTo, limit } = request.streams[index]!;
              const more =
                upTo === undefined && limit === undefined ? dirty.filter(({ stream }) => stream === page.stream) : [];
              return { ...page, version: (page.version + more.length) as never, events: [...page.events, ...more] };
            }),
          };
        },
      };
    },
    by: ['snapshots: never shows an event of an append that is refused'],
    within: ['racing appends', 'write skew', 'snapshots', 'several appends in a call'],
  },
  'checks no append without events': {
    breach: appending((append) => (append.events.length > 0 ? append : sameAppend(append, { expected: new Map() }))),
    by: ['appending: refuses an append without events when a stream has moved'],
    within: ['conflicts', 'chains of appends in a call', 'hostile data'],
  },
  'records appends without events': {
    breach: (store) => {
      const empty = new Map<string, Outcome>();
      return {
        async append(appends) {
          const outcomes = await store.append(appends);
          return outcomes.map((outcome, index) => {
            const { commandId, events } = appends[index]!;
            const known = empty.get(commandId);
            if (outcome.kind === 'committed' && events.length === 0 && known === undefined)
              empty.set(commandId, outcome);
            if (known?.kind !== 'committed') return outcome;
            return { kind: 'duplicate', receipt: { ...known.receipt, duplicate: true } };
          });
        },
      };
    },
    by: ['command ids: judges an id anew that has written nothing'],
    within: ['command ids', 'repeated command ids'],
  },
  'tells a duplicate with the correlation that was sent again': {
    breach: answering((outcome, { correlationId }) =>
      outcome.kind === 'duplicate' ? { ...outcome, receipt: { ...outcome.receipt, correlationId } } : outcome,
    ),
    by: ['command ids: tells of the correlation that is recorded, not of the one that is sent again'],
    within: ['command ids', 'repeated command ids'],
  },
  'names streams that were only read in its receipts': {
    breach: answering((outcome, { expected }) => {
      if (outcome.kind !== 'committed' || outcome.receipt.events.length === 0) return outcome;
      const read = [...expected].filter(([, each]) => typeof each === 'number') as [StreamId, never][];
      const versions = new Map([...read, ...outcome.receipt.versions]);
      return { ...outcome, receipt: { ...outcome.receipt, versions } };
    }),
    by: ['appending: names the new version of each stream that was written, and of no other'],
    within: ['command ids', 'repeated command ids'],
  },
};

describe('the contract suite rejects a store that', () => {
  for (const [name, breaking] of Object.entries(breaches)) {
    it(
      name,
      async () => {
        expect(await rejection(breaking, minimalStore)).toEqual({ notRejectedBy: [], alsoRejectedBy: [] });
      },
      30_000,
    );
  }
});

/** Locks that are waited for during so many turns of the event loop: whoever waits longer is part of a deadlock. */
function lockingInCallersOrder(): Breach {
  const holders = new Map<string, Promise<void>>();
  const lock = async (id: string): Promise<() => void> => {
    for (let turns = 0; holders.has(id); turns++) {
      if (turns > 200) throw new StoreUnavailable('Deadlock detected.');
      await Promise.race([holders.get(id), breathe()]);
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    holders.set(id, promise);
    return () => {
      holders.delete(id);
      resolve();
    };
  };
  return alone(async (store, append) => {
    const held: (() => void)[] = [];
    try {
      for (const id of append.expected.keys()) {
        held.push(await lock(id));
        await breathe();
      }
      return (await store.append([append]))[0]!;
    } catch (error) {
      if (!isEventCoreError(error, 'STORE_UNAVAILABLE')) throw error;
      return { kind: 'failed', error };
    } finally {
      for (const release of held) release();
    }
  });
}
