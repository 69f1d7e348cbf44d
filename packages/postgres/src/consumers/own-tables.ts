/** Read models whose rows are in tables of the user's own: with columns, types and indexes, to be joined and queried. */
import { DefinitionError, StoreMisconfigured, type Json } from '@eventcore/core';
import type { RowChange } from '@eventcore/core/store';
import { CallFailed, sqlStateOf } from '../connection/call-failed.js';
import type { Row, Run, Statement, Value } from '../connection/database.js';

/**
 * A table of the user's own that holds the rows of a read model. It needs a unique key that is a text, and for pages of rows in
 * their order one of `text COLLATE "C"`.
 *
 * @example
 * ```ts
 * import { createPostgresStore, type OwnTable } from '@eventcore/postgres';
 *
 * // CREATE TABLE bank.balances (account text COLLATE "C" PRIMARY KEY, owner text NOT NULL, balance bigint NOT NULL)
 * const balances: OwnTable = { table: 'bank.balances', key: 'account', columns: ['owner', 'balance'] };
 *
 * export const open = (connectionString: string) => createPostgresStore({ connectionString, tables: { balances } });
 * ```
 */
export interface OwnTable {
  /** Its name; with its schema, unless the search path leads to it. */
  readonly table: string;
  /** The column of the rows' keys. */
  readonly key: string;
  /** The columns of what a row has; the key's too, where rows hold it. Others, such as generated ones, are left alone. */
  readonly columns: readonly string[];
}

/** By the names of the read models. */
export type OwnTables = Readonly<Record<string, OwnTable>>;

type Said = 'load' | 'list' | 'count' | 'write' | 'delete' | 'clear';

/** What is said to one of them. */
export class RowTable {
  readonly #readModel: string;
  readonly #name: string;
  readonly #key: string;
  readonly #columns: readonly string[];
  readonly #statements: Readonly<Record<Said, Statement>>;

  /** @throws `DefinitionError` for names that can't be ones. */
  constructor(readModel: string, { table, key, columns }: OwnTable) {
    this.#readModel = readModel;
    this.#name = table;
    this.#key = key;
    this.#columns = columns;
    const names = [...table.split('.'), key, ...columns];
    if (columns.length === 0 || names.some((name) => !/^[A-Za-z_][A-Za-z0-9_$]*$/.test(name))) {
      throw new DefinitionError(
        `The table of the read model "${readModel}" needs names that hold letters, digits and _, and one column at least: { table: 'bank.balances', key: 'account', columns: ['balance'] }.`,
      );
    }
    const [t, k] = [table.split('.').map(quoted).join('.'), quoted(key)];
    const all = columns.filter((column) => column !== key).map(quoted);
    const row = `jsonb_build_object(${columns.map((column) => `'${column}', ${quoted(column)}`).join(', ')})::text`;
    const set = [k, ...all].map((column) => `${column} = excluded.${column}`).join(', ');
    this.#statements = {
      load: { text: `SELECT ${k}::text, ${row} FROM ${t} WHERE ${k} = ANY ($1)` },
      list: {
        text: `SELECT ${k}::text, ${row} FROM ${t} WHERE ${k} > $1 COLLATE "C" ORDER BY ${k} COLLATE "C" LIMIT $2`,
      },
      count: { text: `SELECT count(*)::text FROM ${t}` },
      write: {
        text: `INSERT INTO ${t} (${[k, ...all].join(', ')}) SELECT ${[k, ...all].map((column) => `r.${column}`).join(', ')} FROM jsonb_populate_recordset(NULL::${t}, $1::jsonb) AS r ON CONFLICT (${k}) DO UPDATE SET ${set}`,
      },
      delete: { text: `DELETE FROM ${t} WHERE ${k} = ANY ($1)` },
      clear: { text: `DELETE FROM ${t}` },
    };
  }

  async load(run: Run, keys: readonly string[]): Promise<ReadonlyMap<string, Json>> {
    const found = await this.#ask(run, 'load', [arrayOf(keys)]);
    const asked = new Set(keys);
    for (const [key] of found) if (!asked.has(key!)) throw this.#otherKey(key!);
    return new Map(found.map(([key, row]) => [key!, JSON.parse(row!) as Json]));
  }

  async list(run: Run, after: string, limit: number): Promise<readonly { readonly key: string; readonly row: Json }[]> {
    const found = await this.#ask(run, 'list', [after, String(limit)]);
    return found.map(([key, row]) => ({ key: key!, row: JSON.parse(row!) as Json }));
  }

  async count(run: Run): Promise<number> {
    const [[count] = []] = await this.#ask(run, 'count', []);
    return Number(count);
  }

  async write(run: Run, changes: readonly RowChange[]): Promise<void> {
    const kept = changes.filter(({ row }) => row !== undefined);
    const gone = changes.filter(({ row }) => row === undefined);
    if (kept.length > 0) {
      const rows = kept.map(({ key, row }) => ({ ...this.#checked(key, row as object), [this.#key]: key }));
      await this.#ask(run, 'write', [JSON.stringify(rows)]);
    }
    if (gone.length > 0) await this.#ask(run, 'delete', [arrayOf(gone.map(({ key }) => key))]);
  }

  async clear(run: Run): Promise<void> {
    await this.#ask(run, 'clear', []);
  }

  /** A row that isn't found under the key that it was asked for would be begun anew, and overwritten. */
  #otherKey(key: string): DefinitionError {
    return new DefinitionError(
      `The table ${this.#name} answers with the key "${key}", which nobody asked for: its column "${this.#key}" takes keys for equal that aren't. Make it a text.`,
    );
  }

  /** What is wrong with the table is not the store's business, and migrating mends none of it. */
  async #ask(run: Run, name: Said, values: readonly Value[]): Promise<readonly Row[]> {
    try {
      return await run(this.#statements[name], values);
    } catch (error) {
      const cause = error instanceof CallFailed ? error.cause : undefined;
      if (!/^42/.test(sqlStateOf(cause) ?? '')) throw error;
      throw new StoreMisconfigured(
        `The table ${this.#name}, in which the read model "${this.#readModel}" keeps its rows, can't be used: ${(cause as Error).message}. It is yours: create it with a unique "${this.#key}", and grant SELECT, INSERT, UPDATE and DELETE on it.`,
        { cause },
      );
    }
  }

  /** What has no column would be lost without a word. */
  #checked(key: string, row: object): object {
    const homeless = Object.keys(row).find((property) => !this.#columns.includes(property));
    if (homeless === undefined) return row;
    throw new DefinitionError(
      `The row "${key}" has "${homeless}", and the table "${this.#name}" has no column for it. Add it to the table, and to its columns in the option tables.`,
    );
  }
}

const quoted = (name: string): string => `"${name}"`;

/** An array as PostgreSQL writes it: of what, the column tells. */
function arrayOf(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
