/** Reading the rows of keyed read models, typed. */
import { CapabilityMissing } from '../errors/input-errors.js';
import type { Json } from '../event/json.js';
import type { RowStore } from '../store/capabilities.js';
import type { EventStore } from '../store/event-store.js';
import type { DeepReadonly } from '../stream/deep-readonly.js';
import type { ReadModelDefinition } from '../consume/define-read-model.js';
import { openConsumer } from '../consume/open-consumer.js';

/** The rows of a read model, as they are when they are asked for. */
export interface Rows<Row> {
  /** The row of this key; undefined where there is none. */
  row(key: string): Promise<DeepReadonly<Row> | undefined>;
  /** The rows of these keys, as far as there are any. */
  rows(keys: readonly string[]): Promise<ReadonlyMap<string, DeepReadonly<Row>>>;
  /** A page of rows, in the order of their keys' UTF-8 bytes: those after `after`, if it is given, at most `limit`. */
  page(query: {
    readonly after?: string;
    readonly limit: number;
  }): Promise<readonly { readonly key: string; readonly row: DeepReadonly<Row> }[]>;
  /** All rows, page by page, in the order of their keys' UTF-8 bytes; those after `after`, if it is given. */
  all(options?: {
    readonly after?: string;
  }): AsyncGenerator<{ readonly key: string; readonly row: DeepReadonly<Row> }, void, undefined>;
}

/**
 * The rows of a keyed read model, for reading.
 *
 * @throws `CapabilityMissing` on a store that keeps no rows.
 *
 * @example
 * ```ts
 * const Balances = defineReadModel('balances', { row: () => ({ balance: 0 }) }).from(Account, {
 *   MoneyDeposited: (row, { data }) => ({ balance: row.balance + data.amount }),
 * });
 *
 * const balances = rowsOf(store, Balances);
 * console.log((await balances.row('alice'))?.balance);
 * for await (const { key, row } of balances.all()) console.log(key, row.balance);
 * ```
 */
export function rowsOf<Row>(store: EventStore, readModel: ReadModelDefinition<Row, never>): Rows<Row> {
  const { name } = openConsumer(readModel, 'readModel', 'rowsOf').compiled;
  const rowStore = rowStoreOf(store);
  const rows = (keys: readonly string[]) =>
    rowStore.load(name, keys) as Promise<ReadonlyMap<string, unknown>> as Promise<
      ReadonlyMap<string, DeepReadonly<Row>>
    >;
  return {
    rows,
    row: async (key) => (await rows([key])).get(key),
    page: (query) => rowStore.list(name, query) as Promise<readonly { readonly key: string; readonly row: never }[]>,
    all: (options) => rowsOfTable(store, name, options) as AsyncGenerator<{ key: string; row: never }>,
  };
}

const PAGE = 1000;

/** All rows of a table, page by page. */
export async function* rowsOfTable(
  store: EventStore,
  table: string,
  { after }: { readonly after?: string } = {},
): AsyncGenerator<{ readonly key: string; readonly row: Json }, void, undefined> {
  const rowStore = rowStoreOf(store);
  let last = after;
  for (;;) {
    const page = await rowStore.list(table, { limit: PAGE, ...(last !== undefined && { after: last }) });
    if (page.length === 0) return;
    yield* page;
    last = page[page.length - 1]!.key;
  }
}

function rowStoreOf({ capabilities }: EventStore): RowStore {
  if (capabilities.rows !== undefined) return capabilities.rows;
  throw new CapabilityMissing('This store keeps no rows: it has no capability "rows".');
}
