/**
 * The whole corpus, sent to the store under test and to the in-memory store: the very same appends have the very same
 * outcomes, and everybody reads the same. Only positions and times are a store's own.
 */
import {
  isEventCoreError,
  type EventFilter,
  type EventStore,
  type RecordedEvent,
  type StreamId,
} from '@eventcore/core';
import type { Append, EventReceipt, Outcome } from '@eventcore/core/store';
import { createMemoryStore } from '@eventcore/memory';
import { anAppend, on, times, uuid } from './arrange.js';
import { lean, same, verdicts } from './expectations.js';
import { hostileCommandIds, hostileKeys, hostileTexts, hostileValues } from '../values/hostile-corpus.js';
import { partsOf, wholeFeed, wholeStream } from './observe.js';
import type { Behaviour, Section } from './section.js';

/** What an append came to, without what is a store's own. */
function told(outcome: Outcome): unknown {
  switch (outcome.kind) {
    case 'committed':
    case 'duplicate': {
      const { commandId, duplicate, versions, events } = outcome.receipt;
      return [outcome.kind, commandId, duplicate, versions, events.map(named)];
    }
    case 'conflict':
      return [outcome.kind, verdicts(outcome.stale)];
    case 'idReused':
      return [outcome.kind, outcome.recorded.commandId, outcome.recorded.fingerprint];
    case 'failed':
    case 'unknown': {
      const { error } = outcome;
      return [outcome.kind, isEventCoreError(error) ? error.code : error.name, error.message];
    }
  }
}

/** What a receipt tells of an event, but for what is a store's own. A store may hand out more. */
const named = ({ id, stream, type, version }: EventReceipt): unknown => [id, stream, type, version];

/** What a record holds, but for what is a store's own. */
function recordOf(event: RecordedEvent): unknown {
  const { schemaVersion, data, commandId, correlationId, causationId, metadata } = event;
  return [named(event), schemaVersion, data, commandId, correlationId, causationId, metadata];
}

/** Sends calls one after the other, and looks at everything in every way. */
async function everythingOf(
  store: EventStore,
  calls: readonly (readonly Append[])[],
): Promise<Readonly<Record<string, unknown>>> {
  const outcomes: unknown[] = [];
  for (const appends of calls) outcomes.push((await store.append(appends)).map(told));
  const all = calls.flat();
  const streams = [...new Set(all.flatMap(({ expected }) => [...expected.keys()]))];
  const filters: readonly EventFilter[] = [
    { types: hostileKeys.slice(0, 20) },
    { streamPrefixes: ['document-a', 'document-%', 'document-_'] },
  ];
  const filtered: unknown[] = [];
  for (const filter of filters) filtered.push((await wholeFeed(store, { filter })).map(recordOf));
  const { recorded } = await store.read({ streams: [], commands: all.map(({ commandId }) => commandId) });
  return {
    outcomes,
    'lean pages': (await partsOf(store, ...streams.map((of) => ({ of })))).map(({ version, events }) => [
      version,
      lean(events),
    ]),
    'full pages': await Promise.all(streams.map(async (of) => (await wholeStream(store, of)).map(recordOf))),
    'the feed': (await wholeFeed(store)).map(recordOf),
    'what filters let through': filtered,
    'recorded commands': recorded.map((record) => record && [record.commandId, record.fingerprint]),
  };
}

/** The same calls to the store and to one in memory. */
function likeMemory(calls: () => readonly (readonly Append[])[]): Behaviour {
  return async ({ store }) => {
    const made = calls();
    await using memory = createMemoryStore();
    const expected = await everythingOf(memory, made);
    const actual = await everythingOf(store, made);
    for (const [what, answer] of Object.entries(expected)) {
      same(actual[what], answer, `Every store gives the same answer, in ${what}.`);
    }
  };
}

const id = (key: string): StreamId => `document-${key}` as StreamId;

/** The values, each in an append of its own, sent twice, and again with another fingerprint. */
function valuesInAppends(): readonly (readonly Append[])[] {
  return Object.values(hostileValues).flatMap((data, n) => {
    const plan = { commandId: uuid(), expected: { [id(`v${n}`)]: 0 }, events: [on(id(`v${n}`), 'Kept', data)] };
    const append = anAppend(plan);
    return [
      [append],
      [append],
      [anAppend({ ...plan, fingerprint: 'Another' })],
      [anAppend({ expected: { [id(`v${n}`)]: 7 } })],
    ];
  });
}

/** The names: as keys, as events' names, as fingerprints, as tracing ids. */
function namesInAppends(): readonly (readonly Append[])[] {
  const texts = hostileTexts.filter((text) => text !== '');
  return hostileKeys.map((key, n) => [
    anAppend({
      expected: { [id(key)]: 0, [id(`${n}`)]: 'any' },
      events: [on(id(key), key, { key }), on(id(`${n}`), key)],
      fingerprint: texts[n % texts.length]!,
      correlationId: key,
      causationId: key,
      metadata: { [key]: key },
    }),
  ]);
}

/** Command ids at the edges, and appends that rest on each other and on what isn't there. */
function idsInAppends(): readonly (readonly Append[])[] {
  const stream = id('ids');
  return hostileCommandIds.map((commandId) => [
    anAppend({ commandId, expected: { [stream]: 'any' }, events: [on(stream)] }),
    anAppend({ commandId, expected: { [stream]: 3 }, events: [on(stream)] }),
    anAppend({ expected: { [stream]: 0, [id('none')]: 9 }, events: [on(stream)] }),
    ...times(2, (n) => anAppend({ expected: { [stream]: { after: n } }, events: [on(stream)] })),
  ]);
}

export const sameAsMemory: Section = {
  title: 'the same as in memory',
  clauses: [
    {
      says: 'Every store refuses the same things in the same words, and gives back the same.',
      behaviours: {
        'answers every hostile value as the in-memory store does': likeMemory(valuesInAppends),
        'answers every hostile name as the in-memory store does': likeMemory(namesInAppends),
        'answers ids at the edges, chains and conflicts as the in-memory store does': likeMemory(idsInAppends),
      },
    },
  ],
};
