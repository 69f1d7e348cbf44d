/**
 * A store in which commits can come late: positions are drawn when an append begins, and it commits when it commits, as
 * in a database. Around the memory store, which does everything in one turn and so has no such moment.
 */
import {
  parsePosition,
  START,
  StoreUnavailable,
  type EventStore,
  type Position,
  type RecordedEvent,
  type StreamId,
} from '@eventcore/core';
import {
  oneByOne,
  sequencePosition,
  type Append,
  type AppendReceipt,
  type LeanEvent,
  type Outcome,
} from '@eventcore/core/store';
import { createMemoryStore } from '@eventcore/memory';
import type { HeldCommits, HoldCommits } from './late-commits.js';

/** What a reader may look at: by default, whatever comes before the first position that is drawn and still open. */
export interface LateReading {
  /** Up to which number a reader looks, given those that are drawn and open, and the last one that was drawn. */
  readonly safe?: (open: readonly number[], last: number) => number;
  /** Whether a number that was rolled back counts as open for ever. */
  readonly forgetsRollbacks?: boolean;
  /** Whether readers of streams see appends that are not committed. */
  readonly dirty?: boolean;
  /** Whether an append is refused while another one under the same id is on its way. */
  readonly refusesIdsInFlight?: boolean;
  /** Whether readers of the feed wait until no append is open. */
  readonly readersWait?: boolean;
}

interface Gate {
  readonly reached: () => void;
  readonly passed: Promise<'release' | 'roll back'>;
}

export function createLateStore({
  safe,
  forgetsRollbacks = false,
  dirty = false,
  refusesIdsInFlight = false,
  readersWait = false,
}: LateReading = {}): EventStore {
  const inner = createMemoryStore();
  const numbers = new Map<string, number>();
  const open = new Map<number, { readonly append: Append; readonly over: Promise<unknown> }>();
  const gates = new Map<StreamId, Gate>();
  const forgotten: number[] = [];
  let drawn = 0;

  const placed = <Placed extends { readonly position: Position }>(commandId: string, one: Placed): Placed => ({
    ...one,
    position: sequencePosition(numbers.get(commandId)!, Number(one.position.slice(-4))),
  });
  const receiptOf = (receipt: AppendReceipt): AppendReceipt =>
    receipt.events.length === 0
      ? receipt
      : {
          ...placed(receipt.commandId, receipt),
          events: receipt.events.map((event) => placed(receipt.commandId, event)),
        };
  const placedEvent = (event: LeanEvent): LeanEvent =>
    'position' in event ? placed((event as RecordedEvent).commandId, event as RecordedEvent) : event;

  /** As stream locks do: whoever names a stream of an open append waits for it. */
  async function lock(append: Append): Promise<void> {
    const inTheWay = () =>
      [...open.values()].find((each) => [...append.expected.keys()].some((id) => each.append.expected.has(id)));
    for (let other = inTheWay(); other !== undefined; other = inTheWay()) await other.over;
  }

  async function appendOne(append: Append): Promise<Outcome> {
    if (refusesIdsInFlight && [...open.values()].some((each) => each.append.commandId === append.commandId))
      return { kind: 'failed', error: new StoreUnavailable('It is on its way already.') };
    await lock(append);
    const number = (drawn += 1);
    const { promise: over, resolve } = Promise.withResolvers<void>();
    open.set(number, { append, over });
    let rolledBack = false;
    try {
      const gate = append.events.map(({ stream }) => gates.get(stream)).find((each) => each !== undefined);
      gate?.reached();
      rolledBack = (await gate?.passed) === 'roll back';
      if (rolledBack) return { kind: 'failed', error: new StoreUnavailable('The connection was cut.') };
      const known = numbers.get(append.commandId);
      numbers.set(append.commandId, known ?? number);
      const [outcome] = await inner.append([append]);
      if (outcome!.kind === 'committed' || outcome!.kind === 'duplicate')
        return { ...outcome!, receipt: receiptOf(outcome!.receipt) };
      if (known === undefined) numbers.delete(append.commandId);
      return outcome!;
    } finally {
      open.delete(number);
      if (rolledBack && forgetsRollbacks) forgotten.push(number);
      resolve();
    }
  }

  const store: EventStore = {
    append: oneByOne(appendOne),
    async read(request) {
      const { pages, recorded } = await inner.read(request);
      const unseen = dirty ? [...open.values()].flatMap(({ append }) => append.events) : [];
      return {
        pages: pages.map((page) => {
          const more = unseen.filter(({ stream }) => stream === page.stream).length;
          return { ...page, version: (page.version + more) as never, events: page.events.map(placedEvent) };
        }),
        recorded: recorded.map((record) => record && { ...record, receipt: receiptOf(record.receipt) }),
      };
    },
    async readAll({ after, filter, limit }) {
      parsePosition(after);
      while (readersWait && open.size > 0) await Promise.all([...open.values()].map(({ over }) => over));
      const limitOf = (numbersOpen: readonly number[]): number =>
        Math.min(...numbersOpen.map((number) => number - 1), drawn);
      const upToNumber = (safe ?? limitOf)([...open.keys(), ...forgotten], drawn);
      const all = await inner.readAll({ after: START, limit: 100_000 });
      const matching = new Set(
        (await inner.readAll({ after: START, limit: 100_000, ...(filter && { filter }) })).events.map(({ id }) => id),
      );
      const visible = all.events
        .map((event) => placed(event.commandId, event))
        .filter(({ position, commandId }) => position > after && numbers.get(commandId)! <= upToNumber)
        .sort((one, other) => (one.position < other.position ? -1 : 1));
      const events: RecordedEvent[] = [];
      let upTo = after;
      let command = '';
      for (const event of visible) {
        if (events.length >= limit && event.commandId !== command) break;
        command = event.commandId;
        if (matching.has(event.id)) events.push(event);
        upTo = event.position;
      }
      return { events, upTo };
    },
    capabilities: {},
    close: () => inner.close(),
    [Symbol.asyncDispose]: () => inner.close(),
  };

  gatesOf.set(store, gates);
  return store;
}

const gatesOf = new WeakMap<EventStore, Map<StreamId, Gate>>();

/** The hook for the suite. */
export const holdCommits: HoldCommits = async (store, stream): Promise<HeldCommits> => {
  const gates = gatesOf.get(store)!;
  const reached = Promise.withResolvers<void>();
  const passed = Promise.withResolvers<'release' | 'roll back'>();
  gates.set(stream, { reached: reached.resolve, passed: passed.promise });
  const end = async (how: 'release' | 'roll back'): Promise<void> => {
    gates.delete(stream);
    passed.resolve(how);
  };
  return { reached: reached.promise, release: () => end('release'), rollBack: () => end('roll back') };
};
