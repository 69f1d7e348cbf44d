/**
 * Where a consumer begins that has no checkpoint yet: settled at its first start, and noted where the store keeps rows. A
 * consumer that begins where there is nothing yet has no checkpoint afterwards either, and must not begin at another "now" later.
 */
import { CapabilityMissing, DefinitionError } from '../errors/input-errors.js';
import { parsePosition, START, type Position } from '../event/position.js';
import type { RowChange } from '../store/capabilities.js';
import type { EventStore } from '../store/event-store.js';
import { kindWords, type CompiledConsumer } from '../consume/compiled-consumer.js';
import type { KindOf } from '../consume/kind-of.js';
import type { Checkpoint } from './tenure/checkpoint.js';

/**
 * Where to begin: with all that ever happened, with what happens from now on, or behind a position. What is being committed in
 * that very moment counts as happening from now on.
 */
export type Beginning = 'beginning' | 'now' | Position;

/** What the compiler says of each reaction, where nobody says where they begin. `Said` is what was said, never if nothing. */
export type Begun<Consumers extends readonly object[], Said> = [Said] extends [never]
  ? {
      readonly [Index in keyof Consumers]: [KindOf<Consumers[Index]>] extends ['reaction']
        ? "a reaction says where it begins: give the option `after`, as 'now', 'beginning' or a position"
        : unknown;
    }
  : unknown;

/** @throws `DefinitionError` for a reaction without a beginning: all of history is nothing to answer by default. */
export function plannedBeginning(
  { kind, name }: CompiledConsumer<unknown>,
  given: Beginning | undefined,
  store: EventStore,
): Position | 'now' {
  if (given === undefined) {
    if (kind === 'reaction') throw whereToBegin(name);
    return START;
  }
  if (given === 'beginning') return START;
  if (given !== 'now') return parsePosition(given);
  if (store.capabilities.rows !== undefined) return given;
  throw new CapabilityMissing(
    `The ${kindWords[kind]} "${name}" can't begin at 'now' on this store, which has no rows: that is where it would be noted when that was. Give a position.`,
    { context: { consumer: name } },
  );
}

/** What is needed to begin. */
export interface Beginner {
  readonly store: EventStore;
  readonly name: string;
  readonly after: Position | 'now';
}

/** Moves a checkpoint that there isn't yet to where the consumer begins. Gives where that is, or was. */
export async function begin({ store, name, after }: Beginner, checkpoint: Checkpoint): Promise<Position> {
  if (after === START) return START;
  const { rows } = store.capabilities;
  const noted = (await rows?.load(beginningTable(name), [KEY]))?.get(KEY);
  // The runner alone writes to this table, and writes nothing else.
  if (noted !== undefined) return (noted as { readonly after: Position }).after;
  if (checkpoint.position !== START) return after === 'now' ? START : after;
  const began = after === 'now' ? await endOfFeed(store) : after;
  await checkpoint.move(began, rows && [beginningRow(name, began)]);
  return began;
}

export function beginningRow(consumer: string, after: Position): RowChange {
  return { table: beginningTable(consumer), key: KEY, row: { after } };
}

const KEY = 'began';

function beginningTable(consumer: string): string {
  return `${consumer}/beginning`;
}

/**
 * Where the feed ends. Not the head: a commit that is under way may get a position before that, and would be skipped.
 * What comes in meanwhile isn't waited for, where the store tells how far that goes.
 */
async function endOfFeed(store: EventStore): Promise<Position> {
  const head = await store.capabilities.head?.();
  for (let after = START; ;) {
    const { upTo } = await store.readAll({ after, filter: { types: [] }, limit: 1 });
    if (upTo === after || (head !== undefined && upTo >= head)) return upTo;
    after = upTo;
  }
}

function whereToBegin(name: string): DefinitionError {
  return new DefinitionError(
    `The reaction "${name}" doesn't say where it begins as long as it has no checkpoint: commands may follow from all that ever happened. Say so: runConsumers(store, […], { after: 'now' }), or 'beginning', or a position; or { consumers: { '${name}': { after: 'now' } } } for this one alone.`,
    { context: { consumer: name } },
  );
}
