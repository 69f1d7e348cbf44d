/**
 * Fifteen ways to do it wrong, each of which somebody has shipped. The simulator has to catch every one: what can't fail is
 * worth nothing.
 */
import type { RecordedEvent, StreamId } from '@eventcore/core';
import {
  prepareAppend,
  sequencePosition,
  type Append,
  type AppendReceipt,
  type Expected,
  type LeanEvent,
  type Outcome,
  type StreamPage,
} from '@eventcore/core/store';
import { aroundStore } from '../chaos/around-store.js';
import type { Sabotage } from './run-seed.js';
import { nameLast, workloadNaming, type NamesLast, type Workload } from './workload.js';

export interface Mutant {
  readonly name: string;
  readonly sabotage?: Sabotage;
  /** The workload, unless it is one that names the wrong streams. */
  readonly workload?: Workload;
  /** Kinds of anomalies, one of which shows it, or an error's code or message. */
  readonly shownBy: readonly string[];
}

/** The same append, with other expectations. */
function expecting(append: Append, change: (stream: StreamId, expected: Expected) => Expected): Append {
  const expected = new Map([...append.expected].map(([stream, was]) => [stream, change(stream, was)]));
  return prepareAppend({ ...append, expected });
}

/** A store whose appends are changed before they are judged. Under a hold nothing is changed: there a check finds nothing. */
function changing(change: (append: Append) => Append): Sabotage {
  return {
    inStore: (store) => aroundStore(store, { append: (appends, call) => store.append(appends.map(change), call) }),
  };
}

const writes = ({ events }: Append, stream: StreamId): boolean => events.some((event) => event.stream === stream);

const noCheckOfReadStreams = changing((append) =>
  expecting(append, (stream, expected) => (writes(append, stream) ? expected : 'any')),
);

const noCheckOfWrittenStreams = changing((append) =>
  expecting(append, (stream, expected) => (writes(append, stream) ? 'any' : expected)),
);

/** The streams that `Collect` finds: all accounts of an append that rests on a group and doesn't write it. */
const noCheckOfDiscoveredStreams = changing((append) => {
  const collects = [...append.expected.keys()].some((stream) => stream.startsWith('group-') && !writes(append, stream));
  const discovered = (stream: string): boolean => stream.startsWith('account-') && stream !== 'account-till';
  return collects ? expecting(append, (stream, expected) => (discovered(stream) ? 'any' : expected)) : append;
});

const checkBeforeLock: Sabotage = {
  inStore: (store, { time, random }) =>
    aroundStore(store, {
      append: async (appends) => {
        const [append] = appends as readonly [Append];
        const { recorded } = await store.read({ streams: [], commands: [append.commandId] });
        if (recorded[0] !== undefined) return store.append(appends);
        // Asked without anything to write: only whether all is as expected.
        const [checked] = await store.append([prepareAppend({ ...append, commandId: idOfCheck(append), events: [] })]);
        if (checked!.kind !== 'committed') return [checked!];
        await time.sleep(random.next() * 5);
        return store.append([expecting(append, () => 'any')]);
      },
    }),
};

function idOfCheck({ commandId }: Append): string {
  return commandId.replace(/^.{8}/, 'cccccccc');
}

/** The events of each stream by themselves, one stream after the other. */
const notAtomic: Sabotage = {
  inStore: (store, { time, random, uuid }) =>
    aroundStore(store, {
      append: async ([append]) => {
        const [first, ...others] = new Set(append!.events.map(({ stream }) => stream));
        const part = (of: StreamId | undefined): Append['events'] =>
          append!.events.filter(({ stream }) => stream === of);
        const [outcome] = await store.append([prepareAppend({ ...append!, events: part(first) })]);
        for (const other of outcome!.kind === 'committed' ? others : []) {
          await time.sleep(random.next() * 3);
          const rest = { ...append!, commandId: uuid(), events: part(other) };
          await store.append([expecting(prepareAppend(rest), () => 'any')]);
        }
        return [outcome!];
      },
    }),
};

/** What is being written is seen by others, before it is known whether it will be. */
const dirtyReads: Sabotage = {
  inStore: (store, { time, random }) => {
    const written = new Set<Append>();
    return aroundStore(store, {
      append: async (appends, call) => {
        const [append] = appends as readonly [Append];
        written.add(append);
        await time.sleep(random.next() * 5);
        written.delete(append);
        return store.append(appends, call);
      },
      read: async (request, call) => {
        const result = await store.read(request, call);
        const pages = result.pages.map((page): StreamPage => {
          const dirty = [...written].find(({ expected }) => expected.get(page.stream) === page.version);
          const events = dirty?.events.filter(({ stream }) => stream === page.stream) ?? [];
          return { ...page, version: (page.version + events.length) as never, events: [...page.events, ...events] };
        });
        return { ...result, pages };
      },
    });
  },
};

/** Two events of a page change places. */
const tornFold: Sabotage = {
  inExecutor: (store, { random }) =>
    aroundStore(store, {
      read: async (request, call) => {
        const result = await store.read(request, call);
        const torn = ({ events }: StreamPage): readonly LeanEvent[] =>
          events.length < 2 || random.chance(0.9) ? events : [events[1]!, events[0]!, ...events.slice(2)];
        return { ...result, pages: result.pages.map((page) => ({ ...page, events: torn(page) })) };
      },
    }),
};

/** A command id is never recognised. */
const noIdempotency: Sabotage = {
  inStore: (store, { uuid }) => {
    const known = new Set<string>();
    const unrecognised = (append: Append): Append => {
      if (!known.has(append.commandId)) return append;
      const events = append.events.map((event) => ({ ...event, id: uuid() }));
      return prepareAppend({ ...append, commandId: uuid(), events });
    };
    const { read, append, hold } = store;
    return aroundStore(store, {
      read: async (request, call) => {
        const result = await read(request, call);
        return { ...result, recorded: result.recorded.map(() => undefined) };
      },
      append: async (appends, call) => {
        const outcomes = await append(appends.map(unrecognised), call);
        outcomes.forEach(({ kind }, index) => kind === 'committed' && known.add(appends[index]!.commandId));
        return outcomes;
      },
      hold: (queries, decide, call) => hold!(queries, (pages) => decide(pages).map(unrecognised), call),
    });
  },
};

/** Some appends are acknowledged, and gone after a crash. */
const acknowledgedBeforeDurable: Sabotage = {
  inStore: (store, { random, time }) =>
    aroundStore(store, {
      append: async (appends, call) =>
        random.chance(0.95)
          ? store.append(appends, call)
          : appends.map((append) => ({ kind: 'committed', receipt: imaginedReceipt(append, time.now) })),
    }),
};

function imaginedReceipt({ commandId, correlationId, events, expected }: Append, now: number): AppendReceipt {
  const versions = new Map<StreamId, never>();
  const receipts = events.map(({ id, stream, type }, index) => {
    const before: unknown = versions.get(stream) ?? expected.get(stream);
    const version = ((typeof before === 'number' ? before : 0) + 1) as never;
    versions.set(stream, version);
    return {
      id,
      stream,
      type,
      version,
      position: sequencePosition(9e12, index),
      recordedAt: new Date(now).toISOString(),
    };
  });
  return {
    commandId,
    correlationId,
    duplicate: false,
    events: receipts,
    versions,
    position: receipts.at(-1)?.position ?? ('' as never),
  };
}

const ambiguousReportedAsFailed: Sabotage = {
  inExecutor: (store) =>
    aroundStore(store, {
      append: async (...given) => {
        const outcomes = await store.append(...given);
        return outcomes.map((outcome): Outcome => {
          if (outcome.kind !== 'unknown') return outcome;
          return { kind: 'failed', error: Object.assign(outcome.error, { retriable: false }) };
        });
      },
    }),
};

/** After a lost answer, what can't be sent again is taken for something that wasn't applied, and decided anew. */
const doubtForgotten: Sabotage = {
  inExecutor: (store) => {
    const doubted = new WeakSet<Append>();
    return aroundStore(store, {
      append: async (appends, call) => {
        const [append] = appends as readonly [Append];
        if (doubted.has(append)) {
          const [first] = append.expected;
          const [stream, expected] = first!;
          return [{ kind: 'conflict', stale: [{ stream, expected, reason: 'moved', actual: 0 as never }] }];
        }
        const outcomes = await store.append(appends, call);
        if (outcomes[0]!.kind === 'unknown') doubted.add(append);
        return outcomes;
      },
    });
  },
};

/** Each stream as of another moment: what is appended is checked, and a rejection is not. */
const unvalidatedRejection: Sabotage = {
  inStore: (store, { time, random }) =>
    aroundStore(store, {
      read: async ({ streams, commands = [] }, call) => {
        const pages: StreamPage[] = [];
        for (const query of streams) {
          pages.push(...(await store.read({ streams: [query] }, call)).pages);
          await time.sleep(random.next() * 5);
        }
        return { pages, recorded: (await store.read({ streams: [], commands }, call)).recorded };
      },
    }),
};

/** Reads come from a copy that lags behind. */
const staleReads: Sabotage = {
  inStore: (store, { time }) => {
    const LAG = 40;
    const history: { readonly at: number; readonly stream: StreamId }[] = [];
    const note = (outcomes: readonly Outcome[]): readonly Outcome[] => {
      for (const outcome of outcomes) {
        if (outcome.kind !== 'committed') continue;
        for (const { stream } of outcome.receipt.events) history.push({ at: time.now, stream });
      }
      return outcomes;
    };
    return aroundStore(store, {
      append: async (...given) => note(await store.append(...given)),
      hold: async (...given) => note(await store.hold!(...given)),
      read: async (request, call) => {
        const result = await store.read(request, call);
        const pages = result.pages.map((page, index): StreamPage => {
          const { after } = request.streams[index]!;
          const unseen = history.filter(({ at, stream }) => stream === page.stream && at > time.now - LAG).length;
          const version = Math.max(after, page.version - unseen);
          return { ...page, version: version as never, events: page.events.slice(0, version - after) };
        });
        return { ...result, pages };
      },
    });
  },
};

/** Positions are drawn when an append begins, and some end later than others that began after them. */
const positionDrawnAtBegin: Sabotage = {
  inStore: (store, { time, random }) => {
    let drawn = 0;
    const sequences = new Map<string, number>();
    return aroundStore(store, {
      append: async (appends, call) => {
        const sequence = ++drawn;
        await time.sleep(random.next() * 5);
        const outcomes = await store.append(appends, call);
        for (const outcome of outcomes)
          if (outcome.kind === 'committed') sequences.set(outcome.receipt.commandId, sequence);
        return outcomes;
      },
      readAll: async ({ after, limit }, call) => {
        const { events } = await store.readAll({ after: '' as never, limit: 1e6 }, call);
        const positioned = events.map((event, index): RecordedEvent => {
          const sequence = sequences.get(event.commandId) ?? 0;
          return { ...event, position: sequencePosition(sequence, index) };
        });
        const page = positioned
          .filter(({ position }) => position > after)
          .toSorted((one, other) => (one.position < other.position ? -1 : 1))
          .slice(0, limit);
        return { events: page, upTo: page.at(-1)?.position ?? after };
      },
    });
  },
};

/** A stream that doesn't exist is taken for one that was never read: what was named before it was created stays named. */
function keepingNames(): NamesLast {
  const namedOnNothing = new WeakMap<object, readonly string[]>();
  return function (state) {
    const named = nameLast.call(this, state).last;
    if (state.group.version === 0) namedOnNothing.set(this, named);
    return { last: [...new Set([...(namedOnNothing.get(this) ?? []), ...named])] };
  };
}

export const mutants: readonly Mutant[] = [
  {
    name: 'streams that are only read are not checked',
    sabotage: noCheckOfReadStreams,
    shownBy: ['G2-item', 'G-single'],
  },
  { name: 'streams that are written are not checked', sabotage: noCheckOfWrittenStreams, shownBy: ['lostUpdate'] },
  { name: 'versions are checked before the lock', sabotage: checkBeforeLock, shownBy: ['lostUpdate'] },
  { name: 'discovered streams are not checked', sabotage: noCheckOfDiscoveredStreams, shownBy: ['lostUpdate'] },
  { name: 'an append is not atomic', sabotage: notAtomic, shownBy: ['partial'] },
  { name: 'what is not committed is read', sabotage: dirtyReads, shownBy: ['badRead', 'STORE_CONTRACT_BROKEN'] },
  { name: 'events are folded in another order', sabotage: tornFold, shownBy: ['badRead'] },
  { name: 'a command id is not recognised', sabotage: noIdempotency, shownBy: ['phantom', 'duplicated', 'mistold'] },
  { name: 'acknowledged before it is durable', sabotage: acknowledgedBeforeDurable, shownBy: ['lost'] },
  {
    name: 'what may have been applied is reported as failed',
    sabotage: ambiguousReportedAsFailed,
    shownBy: ['phantom'],
  },
  { name: 'a doubt is forgotten', sabotage: doubtForgotten, shownBy: ['phantom', 'mistold'] },
  { name: 'a rejection rests on no snapshot', sabotage: unvalidatedRejection, shownBy: ['G-single', 'G2-item'] },
  { name: 'reads are stale', sabotage: staleReads, shownBy: ['G-single-realtime', 'G-single-process'] },
  { name: 'positions are drawn at the beginning', sabotage: positionDrawnAtBegin, shownBy: ['missing', 'skipped'] },
  {
    name: 'names are kept from a state that is no more',
    workload: workloadNaming(keepingNames()),
    shownBy: ['Error: The streams that were discovered are not those that the state names.'],
  },
];
