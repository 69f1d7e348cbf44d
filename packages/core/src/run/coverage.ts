/**
 * Since when a consumer handles what it handles. Code that handles more than before goes on from the checkpoint, and what was
 * there already is behind that: it was missed, and only a rebuild makes up for it. That is told, and seen in the status.
 */
import { START, type Position } from '../event/position.js';
import type { Json } from '../event/json.js';
import type { RowChange } from '../store/capabilities.js';
import type { EventStore } from '../store/event-store.js';
import type { ConsumerKind } from '../consume/compiled-consumer.js';
import type { HandledEvents } from '../consume/consumer-definition.js';
import type { Checkpoint } from './tenure/checkpoint.js';

/** Events that a consumer handles, and of which it has missed those up to a position. */
export interface MissedEvents {
  readonly streamType: string;
  readonly event: string;
  readonly upTo: Position;
}

/** By `streamType/event`: up to where such events were missed; the start, where none were. */
type Coverage = Readonly<Record<string, Position>>;

export interface Covered {
  readonly name: string;
  readonly kind: ConsumerKind;
  /** Where it began: what comes before is none of its business. */
  readonly after: Position;
  readonly store: EventStore;
  readonly handles: readonly HandledEvents[];
}

/**
 * Notes what the code handles now, unless the signal comes first. Gives what was missed, if that is news.
 *
 * Reactions answer what happens while they are there, so they miss nothing.
 */
export async function noteCoverage(
  covered: Covered,
  checkpoint: Checkpoint,
  signal: AbortSignal,
): Promise<readonly MissedEvents[]> {
  const { store, name, kind, handles } = covered;
  if (store.capabilities.rows === undefined || kind === 'reaction') return [];
  const { position } = checkpoint;
  const known = await coverageOf(store, name);
  const now: Record<string, Position> = {};
  const news: MissedEvents[] = [];
  for (const { streamType, events } of handles) {
    for (const event of events) {
      const key = `${streamType}/${event}`;
      const missedBefore = known === undefined || position === START ? START : known[key];
      if (missedBefore !== undefined) now[key] = missedBefore;
      else {
        const missed = await anyBefore(covered, streamType, event, position, signal);
        // It is looked for again under the next tenure.
        if (missed === undefined) return [];
        now[key] = missed ? position : START;
        if (missed) news.push({ streamType, event, upTo: position });
      }
    }
  }
  if (known === undefined || !sameCoverage(known, now)) await checkpoint.move(position, [coverageRow(name, now)]);
  return news;
}

/** What a rebuild from a position writes, since it handles everything behind that. */
export async function coverageFrom(
  { store, name, kind, handles }: Omit<Covered, 'after'>,
  from: Position,
): Promise<readonly RowChange[]> {
  if (store.capabilities.rows === undefined || kind === 'reaction') return [];
  const known = await coverageOf(store, name);
  const now: Record<string, Position> = {};
  for (const { streamType, events } of handles) {
    for (const event of events) {
      const key = `${streamType}/${event}`;
      const missed = known === undefined ? START : (known[key] ?? from);
      // Of a read model's rows nothing is left that earlier events could be missed from.
      now[key] = kind === 'readModel' ? START : missed < from ? missed : from;
    }
  }
  return [coverageRow(name, now)];
}

/** What is known to have been missed. */
export async function missedBy(store: EventStore, name: string): Promise<readonly MissedEvents[]> {
  const coverage = store.capabilities.rows && (await coverageOf(store, name));
  return Object.entries(coverage ?? {})
    .filter(([, upTo]) => upTo !== START)
    .map(([key, upTo]) => {
      const slash = key.indexOf('/');
      return { streamType: key.slice(0, slash), event: key.slice(slash + 1), upTo };
    });
}

/** Whether there are such events before a position; undefined when the signal came first. */
async function anyBefore(
  { store, after: from }: Covered,
  streamType: string,
  event: string,
  position: Position,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const filter = { types: [event], streamPrefixes: [`${streamType}-`] };
  for (let after = from; after < position;) {
    if (signal.aborted) return undefined;
    const { events, upTo } = await store.readAll({ after, filter, limit: 1 });
    if (events[0] !== undefined) return events[0].position <= position;
    if (upTo === after) return false;
    after = upTo;
  }
  return false;
}

const KEY = 'handles';

function coverageTable(consumer: string): string {
  return `${consumer}/coverage`;
}

async function coverageOf(store: EventStore, name: string): Promise<Coverage | undefined> {
  const row = (await store.capabilities.rows!.load(coverageTable(name), [KEY])).get(KEY);
  // The runner alone writes to this table, and writes nothing else.
  return row as unknown as Coverage | undefined;
}

function coverageRow(consumer: string, coverage: Coverage): RowChange {
  return { table: coverageTable(consumer), key: KEY, row: coverage as Readonly<Record<string, Json>> };
}

function sameCoverage(one: Coverage, other: Coverage): boolean {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}
