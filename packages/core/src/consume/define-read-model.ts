/** Keyed read models: rows by key, each a fold of events. */
import { DefinitionError } from '../errors/input-errors.js';
import type { Json } from '../event/json.js';
import type { RecordedEvent } from '../event/recorded-event.js';
import type { DeepReadonly, NextState } from '../stream/deep-readonly.js';
import type { EventUnion, StreamType } from '../stream/define-stream.js';
import type { ConsumerDefinition } from './consumer-definition.js';
import type { TakesMetadata } from './metadata.js';
import { startReadModel } from './row-fold.js';

/**
 * What a fold gives back to delete the row. A row that is missing begins anew.
 *
 * @example
 * ```ts
 * const OpenAccounts = defineReadModel('open-accounts', { row: () => ({ owner: '' }) }).from(Account, {
 *   AccountOpened: (_, { data }) => ({ owner: data.owner }),
 *   AccountClosed: () => remove,
 * });
 * ```
 */
export const remove: unique symbol = Symbol.for('@eventcore/remove') as never;

declare const rows: unique symbol;

/** A keyed read model: what `defineReadModel(name, { row }).from(…)` gives. The events' metadata is of the other type. */
export interface ReadModelDefinition<Row, in Metadata = Json>
  extends ConsumerDefinition, ReadModelStart<Row, Metadata>, TakesMetadata<Metadata> {
  readonly kind: 'readModel';
  readonly [rows]: (row: Row) => Row;
}

/** A keyed read model that is fed by nothing yet. */
export interface ReadModelStart<Row, in Metadata = Json> {
  /** The read model with these folds as well: events of one stream type, each with its function. */
  from<N extends string, E, S>(
    type: StreamType<N, E, S>,
    folds: RowFolds<E, Row, Metadata>,
    options?: RowOptions<E, Metadata>,
  ): ReadModelDefinition<Row, Metadata>;
}

/**
 * Functions by event, pure and synchronous: from the row, and the event, to the next row. The key is for events that touch
 * several rows. An event without a function touches none.
 */
export type RowFolds<E, Row, Metadata = Json> = {
  readonly [K in keyof E]?: (
    row: DeepReadonly<Row>,
    event: RecordedEvent<K & string, DeepReadonly<E[K]>, Metadata>,
    key: string,
  ) => NextState<Row> | typeof remove;
};

/** Which rows an event touches: one, several, or none. */
export type RowKeys = string | readonly string[] | undefined;

export interface RowOptions<E, Metadata = Json> {
  /** The key of the row that an event touches, for all events or by event; the stream's key, unless given. Pure. */
  readonly key?:
    | ((event: EventUnion<E, unknown, Metadata>) => RowKeys)
    | { readonly [K in keyof E]?: (event: RecordedEvent<K & string, DeepReadonly<E[K]>, Metadata>) => RowKeys };
}

/** The rows of a keyed read model. */
export type RowOf<M> = M extends ReadModelDefinition<infer Row, never> ? Row : never;

/**
 * Defines a keyed read model: rows by key, and how each event changes the row that it touches. The same in every store, since
 * it says nothing of one. A second type argument, beside that of the row, says what the store's metadata schema gives, and is
 * checked where the read model is run.
 *
 * @throws {@link DefinitionError} for a name that can't be one, and for two folds of one event.
 *
 * @example
 * ```ts
 * const Balances = defineReadModel('balances', { row: () => ({ owner: '', balance: 0 }) }).from(Account, {
 *   AccountOpened: (row, { data }) => ({ ...row, owner: data.owner }),
 *   MoneyDeposited: (row, { data }) => ({ ...row, balance: row.balance + data.amount }),
 *   MoneyWithdrawn: (row, { data }) => ({ ...row, balance: row.balance - data.amount }),
 *   AccountClosed: () => remove,
 * });
 * ```
 */
export function defineReadModel<Row extends object, Metadata = Json>(
  name: string,
  spec: {
    /** What a row that is missing begins as. */
    readonly row: (key: string) => Row;
  },
): ReadModelStart<Row, Metadata> {
  if (typeof spec !== 'object' || spec === null || typeof spec.row !== 'function') {
    throw new DefinitionError(
      "defineReadModel needs a function that gives the row to begin with: defineReadModel('balances', { row: () => ({ … }) }).",
    );
  }
  return startReadModel(name, spec.row) as never;
}
