/** Stores that are wrong about several appends in a call, or about command ids, and the tests that reject them. */
import { describe, expect, it } from '@jest/globals';
import { StoreUnavailable, type EventStore, type StreamId } from '@eventcore/core';
import type { Append, Expected, Outcome } from '@eventcore/core/store';
import { uuid } from '../section/arrange.js';
import { minimalStore, rejection, type Breach, type Breaking } from './broken-store.fixture.js';
import { partsOf } from '../section/observe.js';

type Link = (k: number, stream: StreamId) => Promise<Expected> | Expected;

/** Sends the appends of a call one by one, and writes for `{ after: k }` what a link gives. */
const oneByOne =
  (linking: (store: EventStore, appends: readonly Append[], outcomes: readonly Outcome[]) => Link): Breach =>
  (store) => ({
    async append(appends) {
      const outcomes: Outcome[] = [];
      const link = linking(store, appends, outcomes);
      for (const append of appends) {
        const expected = new Map<StreamId, Expected>();
        for (const [id, each] of append.expected) {
          expected.set(id, typeof each === 'object' ? await link(each.after, id) : each);
        }
        outcomes.push(...(await store.append([{ ...append, expected }])));
      }
      return outcomes;
    },
  });

/** No stream ever comes to it. */
const never = Number.MAX_SAFE_INTEGER as Expected;

const versionIn = (outcome: Outcome | undefined, stream: StreamId): Expected =>
  outcome?.kind === 'committed' ? (outcome.receipt.versions.get(stream) ?? never) : never;

/** Changes what `{ after: k }` expects. */
const linking =
  (change: (k: number, appends: readonly Append[]) => Expected | undefined): Breach =>
  (store) => ({
    append: (appends) =>
      store.append(
        appends.map((append) => ({
          ...append,
          expected: new Map(
            [...append.expected].map(([id, each]) => [
              id,
              (typeof each === 'object' && change(each.after, appends)) || each,
            ]),
          ),
        })),
      ),
  });

/** Changes what appends are answered with. */
const answering =
  (change: (outcome: Outcome, append: Append, store: EventStore) => Promise<Outcome>): Breach =>
  (store) => ({
    async append(appends) {
      const outcomes = await store.append(appends);
      return Promise.all(outcomes.map((outcome, index) => change(outcome, appends[index]!, store)));
    },
  });

const breaches: Readonly<Record<string, Breaking>> = {
  'takes the effect of a neighbour for committed history': {
    breach: oneByOne((_store, _appends, outcomes) => (k, id) => versionIn(outcomes[k], id)),
    by: ['several appends in a call: refuses the very number that a neighbour has brought a stream to'],
    within: ['several appends in a call', 'chains of appends in a call', 'command ids', 'repeated command ids'],
  },
  'accepts a chain by its number': {
    breach: oneByOne((_store, appends) => (k, id) => {
      const { expected, events } = appends[k]!;
      const before = expected.get(id);
      const written = events.filter(({ stream }) => stream === id).length;
      return typeof before === 'number' ? ((before + written) as Expected) : 'any';
    }),
    by: [
      "chains of appends in a call: refuses a chain although a stranger's event has brought the stream to the version it would have had",
    ],
    within: [
      'several appends in a call',
      'chains of appends in a call',
      'command ids',
      'repeated command ids',
      'racing appends',
      'write skew',
    ],
  },
  'forgets what a chain rests on': {
    breach: linking(() => 'any'),
    by: ['chains of appends in a call: refuses everything that rests on a refused append, and nothing else'],
    within: ['chains of appends in a call'],
  },
  'lets a chain rest on a duplicate': {
    breach: oneByOne((_store, _appends, outcomes) => (k, id) => {
      const outcome = outcomes[k];
      return outcome?.kind === 'duplicate' ? outcome.receipt.versions.get(id)! : versionIn(outcome, id);
    }),
    by: ['chains of appends in a call: refuses an append that rests on a duplicate'],
    within: ['several appends in a call', 'chains of appends in a call', 'command ids', 'repeated command ids'],
  },
  'lets a chain rest on an append without events': {
    breach: linking((k, appends) => (appends[k]?.events.length === 0 ? 'any' : undefined)),
    by: ['chains of appends in a call: refuses an append that rests on one without events'],
  },
  'lets two appends follow the same one': {
    breach: oneByOne((store, _appends, outcomes) => async (k, id) => {
      if (versionIn(outcomes[k], id) === never) return never;
      return (await partsOf(store, { of: id, limit: 1 }))[0]!.version;
    }),
    by: ['chains of appends in a call: refuses an append that rests on one whose stream another one has moved since'],
    within: [
      'racing appends',
      'write skew',
      'several appends in a call',
      'chains of appends in a call',
      'command ids',
      'repeated command ids',
    ],
  },
  'calls every conflict stale': {
    breach: answering(async (outcome) =>
      outcome.kind === 'conflict'
        ? {
            ...outcome,
            stale: outcome.stale.map(({ stream, expected, actual }) => ({ stream, expected, actual, reason: 'stale' })),
          }
        : outcome,
    ),
    by: [
      'several appends in a call: refuses a number for a stream that an earlier append of the call has moved',
      'chains of appends in a call: refuses an append that rests on a duplicate',
    ],
    // With the reason the missed events went.
    within: [
      'conflicts',
      'several appends in a call',
      'chains of appends in a call',
      'recording events',
      'hostile data',
    ],
  },
  'refuses a call as a whole': {
    breach: (store) => ({
      async append(appends) {
        const alone = appends.filter(({ expected }) =>
          [...expected.values()].every((each) => typeof each !== 'object'),
        );
        const checks = await store.append(
          alone.map((append) => ({ ...append, commandId: uuid() as never, events: [] })),
        );
        const refused = checks.find(({ kind }) => kind === 'conflict');
        return refused && appends.length > 1 ? appends.map(() => refused) : store.append(appends);
      },
    }),
    by: ['several appends in a call: commits the neighbours of an append that is refused'],
    within: [
      'several appends in a call',
      'chains of appends in a call',
      'conflicts',
      'command ids',
      'repeated command ids',
      'the feed',
    ],
  },
  'applies the appends of a call in the opposite order': {
    breach: (store) => ({
      async append(appends) {
        const chained = appends.some(({ expected }) => [...expected.values()].some((each) => typeof each === 'object'));
        if (chained) return store.append(appends);
        return (await store.append(appends.toReversed())).toReversed();
      },
    }),
    by: ['several appends in a call: gives positions in the order of the appends'],
    within: [
      'the feed',
      'recording events',
      'command ids',
      'repeated command ids',
      'several appends in a call',
      'filters of the feed',
      'racing appends',
      'write skew',
      'hostile data',
    ],
  },
  'compares versions before it looks at command ids': {
    breach: (store) => ({
      async append(appends) {
        if (appends.length > 1) return store.append(appends);
        const [check] = await store.append(
          appends.map((append) => ({ ...append, commandId: uuid() as never, events: [] })),
        );
        return check?.kind === 'conflict' ? [check] : store.append(appends);
      },
    }),
    by: [
      'command ids: answers a duplicate although its streams have moved, by itself and by others',
      'command ids: reports a reused id although its streams have moved',
    ],
    within: ['command ids', 'repeated command ids', 'signals and deadlines'],
  },
  'applies again what is sent again': {
    breach: answering(async (outcome, append, store) => {
      if (outcome.kind !== 'duplicate') return outcome;
      const expected = new Map([...append.expected.keys()].map((id) => [id, 'any' as const]));
      const [again] = await store.append([{ ...append, commandId: uuid() as never, expected }]);
      return again!;
    }),
    by: [
      'command ids: answers an append that is sent again with the receipt of the first time',
      'repeated command ids: applies one of many racing appends under one id, and tells the others what it did',
    ],
    within: ['command ids', 'repeated command ids', 'chains of appends in a call', 'signals and deadlines'],
  },
  'pays no heed to fingerprints': {
    breach: answering(async (outcome) =>
      outcome.kind === 'idReused'
        ? { kind: 'duplicate', receipt: { ...outcome.recorded.receipt, duplicate: true } }
        : outcome,
    ),
    by: [
      'command ids: refuses an id that was first used for something else, and says what is recorded',
      'repeated command ids: gives an id to one of two commands that race for it',
    ],
    within: ['command ids', 'repeated command ids', 'chains of appends in a call'],
  },
  'takes a derived id for a fingerprint like any other': {
    breach: (store) => ({
      append: (appends) =>
        store.append(
          appends.map((append) => ({
            ...append,
            fingerprint: typeof append.fingerprint === 'string' ? append.fingerprint : 'any',
          })),
        ),
    }),
    by: [
      'command ids: answers a derived id with the recorded receipt, whatever it was first used for',
      'command ids: answers any fingerprint when a derived id is recorded',
    ],
    within: ['command ids', 'repeated command ids'],
  },
  'folds the case of fingerprints': {
    breach: (store) => ({
      append: (appends) =>
        store.append(
          appends.map((append) => ({
            ...append,
            fingerprint: typeof append.fingerprint === 'string' ? append.fingerprint.toLowerCase() : append.fingerprint,
          })),
        ),
    }),
    by: ['command ids: tells fingerprints apart byte for byte'],
    within: ['command ids', 'repeated command ids', 'hostile data'],
  },
  'gives duplicates the versions of now': {
    breach: answering(async (outcome, _append, store) => {
      if (outcome.kind !== 'duplicate') return outcome;
      const pages = await partsOf(store, ...[...outcome.receipt.versions.keys()].map((of) => ({ of, limit: 1 })));
      const versions = new Map(pages.map(({ stream, version }) => [stream, version]));
      return { ...outcome, receipt: { ...outcome.receipt, versions } };
    }),
    by: ['command ids: answers a duplicate although its streams have moved, by itself and by others'],
    within: ['command ids', 'repeated command ids'],
  },
  'remembers refused commands': {
    breach: (store) => {
      const refused = new Map<string, Outcome>();
      return {
        async append(appends) {
          const fresh = appends.filter(({ commandId }) => !refused.has(commandId));
          const outcomes = [...(await store.append(fresh))];
          return appends.map((append) => {
            const outcome = refused.get(append.commandId) ?? outcomes.shift()!;
            if (outcome.kind === 'conflict') refused.set(append.commandId, outcome);
            return outcome;
          });
        },
      };
    },
    by: [
      'conflicts: leaves the id of a refused command free',
      'command ids: judges an id anew that has met a conflict, whatever it is used for',
    ],
    within: ['repeated command ids'],
  },
  'fails a call in which an id comes twice': {
    breach: (store) => ({
      async append(appends) {
        const ids = new Set(appends.map(({ commandId }) => commandId));
        if (ids.size === appends.length) return store.append(appends);
        return appends.map(() => ({ kind: 'failed', error: new StoreUnavailable('Unique violation.') }));
      },
    }),
    by: ['repeated command ids: answers the second use of an id in a call as a duplicate of the first'],
  },
  'answers command ids in an order of its own': {
    breach: (store) => ({
      async read(request) {
        const { pages, recorded } = await store.read(request);
        return {
          pages,
          recorded: [...recorded].sort((one, other) => Number(other !== undefined) - Number(one !== undefined)),
        };
      },
    }),
    by: ['command ids: says of each command id whether it was applied, in the order of the ids'],
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
