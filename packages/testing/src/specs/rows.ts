/** What a spec expects of a keyed read model: all its rows, by key. */
import type { Stated } from './stated.js';

/** What `rows` gives. */
export interface Rows<Table> {
  readonly expects: 'rows';
  readonly rows: Table;
}

/** All rows of a read model, as a spec states them. */
export type StatedRows<Row> = Rows<Readonly<Record<string, Stated<Row>>>>;

/**
 * That a keyed read model has these rows, by key, and no others. Matchers may stand for any part of a row.
 *
 * @example
 * ```ts
 * const Balances = defineReadModel('balances', { row: () => ({ balance: 0 }) }).from(Account, {
 *   MoneyDeposited: (row, { data }) => ({ balance: row.balance + data.amount }),
 * });
 *
 * await given(on(Account.at('alice'), 'MoneyDeposited', { amount: 100 }))
 *   .project(Balances)
 *   .then(rows({ alice: { balance: 100 } }));
 * ```
 */
export function rows<const Table extends Readonly<Record<string, unknown>>>(table: Table): Rows<Table> {
  // `then` has several forms, so the compiler can't tell by where it stands what this is to be: literals stay literals instead.
  return Object.freeze({ expects: 'rows', rows: table });
}

export function isRows(value: unknown): value is Rows<Readonly<Record<string, unknown>>> {
  return typeof value === 'object' && value !== null && (value as { readonly expects?: unknown }).expects === 'rows';
}
