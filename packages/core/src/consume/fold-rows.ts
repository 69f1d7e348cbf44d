/** Folding events into the rows of a keyed read model: pure, in memory, the same for specs, for every store, and in a rebuild. */
import { DefinitionError } from '../errors/input-errors.js';
import type { RecordedEvent } from '../event/recorded-event.js';
import { freezeInDevelopment, type DeepReadonly } from '../stream/deep-readonly.js';
import type { OnUnknownEvent } from '../stream/fold.js';
import { isUnwantedPromise } from '../stream/thenable.js';
import { remove, type ReadModelDefinition } from './define-read-model.js';
import { openConsumer } from './open-consumer.js';
import type { RowFold } from './row-fold.js';

/** What events make of rows: for each row that is to be written, what it is now, or {@link remove} for one to be deleted. */
export type RowChanges<Row> = ReadonlyMap<string, DeepReadonly<Row> | typeof remove>;

/**
 * Folds events into rows, and gives the rows that changed, which may be given again with the next events. A row that isn't
 * among those given is taken for missing. Nothing that was given is changed; rows and events are frozen outside production, as
 * states of streams are.
 *
 * @throws `UnknownEventType` for an event that its stream type doesn't know, unless told to skip those.
 * @throws `DefinitionError` for a fold or a key that gives what it mustn't.
 *
 * @example
 * ```ts
 * const Balances = defineReadModel('balances', { row: () => ({ balance: 0 }) }).from(Account, {
 *   MoneyDeposited: (row, { data }) => ({ balance: row.balance + data.amount }),
 *   AccountClosed: () => remove,
 * });
 *
 * const { events } = await store.readAll({ after: START, limit: 1000 });
 * for (const [key, row] of foldRows(Balances, new Map(), events)) {
 *   console.log(key, row === remove ? 'is gone' : row.balance);
 * }
 * ```
 */
export function foldRows<Row>(
  readModel: ReadModelDefinition<Row, never>,
  rows: NoInfer<ReadonlyMap<string, DeepReadonly<Row> | typeof remove>>,
  events: Iterable<RecordedEvent>,
  options: { readonly onUnknownEvent?: OnUnknownEvent } = {},
): RowChanges<Row> {
  return new RowBatch(readModel, events, options.onUnknownEvent ?? 'throw').foldInto(rows) as RowChanges<Row>;
}

interface Touch {
  readonly event: RecordedEvent;
  readonly handler: RowFold;
  readonly keys: readonly string[];
}

/** Events that are about to be folded: which rows they touch is known before any row is. */
export class RowBatch {
  /** The keys of all rows that are needed: what a store loads in one query. */
  readonly keys: ReadonlySet<string>;
  readonly #touches: readonly Touch[];
  readonly #before: (event: RecordedEvent) => void;

  /** `before` is told each event that is about to be worked with: who has to know which one failed. */
  constructor(
    readModel: object,
    events: Iterable<RecordedEvent>,
    onUnknownEvent: OnUnknownEvent,
    before: (event: RecordedEvent) => void = () => {},
  ) {
    const { compiled } = openConsumer<RowFold>(readModel, 'readModel', 'foldRows');
    const keys = new Set<string>();
    const touches: Touch[] = [];
    for (const recorded of events) {
      before(recorded);
      const handling = compiled.handlingOf(recorded, onUnknownEvent);
      if (handling === undefined) continue;
      const touched = handling.handler.keys(handling.event);
      for (const key of touched) keys.add(key);
      touches.push({ ...handling, keys: touched });
    }
    this.keys = keys;
    this.#touches = touches;
    this.#before = before;
  }

  /**
   * The rows that changed. One that came into being and was deleted again never was. `check` is told each row as each event
   * leaves it: who has to know which one spoilt it.
   */
  foldInto(rows: ReadonlyMap<string, unknown>, check?: (key: string, row: unknown) => void): Map<string, unknown> {
    const changed = new Map<string, unknown>();
    for (const { event, handler, keys } of this.#touches) {
      this.#before(event);
      for (const key of keys) {
        const before = changed.has(key) ? changed.get(key) : rows.get(key);
        const missing = before === undefined || before === remove;
        const row = freezeInDevelopment(missing ? initialRow(handler, key) : before);
        const next = freezeInDevelopment(checkedRow(handler, event, handler.fold(row, event, key)));
        check?.(key, next);
        if (next === rows.get(key) || (next === remove && rows.get(key) === undefined)) changed.delete(key);
        else changed.set(key, next);
      }
    }
    return changed;
  }
}

function initialRow({ name, initial }: RowFold, key: string): unknown {
  const row = initial(key);
  if (typeof row === 'object' && row !== null && !isUnwantedPromise(row)) return row;
  throw new DefinitionError(`The row that ${name} begins with must be an object, given at once: row: () => ({ … }).`);
}

function checkedRow({ name }: RowFold, event: RecordedEvent, next: unknown): unknown {
  if (next === remove || (typeof next === 'object' && next !== null && !isUnwantedPromise(next))) return next;
  const why =
    next === undefined
      ? 'gave nothing back. It has to return the next row, or `remove` to delete it'
      : typeof next === 'object' && next !== null
        ? 'is asynchronous. Folds are pure and synchronous'
        : `gave ${String(next)}. It has to return the next row, an object, or \`remove\` to delete it`;
  throw new DefinitionError(`The fold of ${name} ${why}.`, {
    context: { stream: event.stream, event: event.type, position: event.position },
  });
}
