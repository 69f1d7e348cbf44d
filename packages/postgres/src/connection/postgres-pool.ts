/** What a pool has to offer, spelled out, so that whoever gives none needn't install `pg`. */

/**
 * What the store needs of a pool. A `Pool` of `pg` has it.
 *
 * @example
 * ```ts
 * import { createPostgresStore, type PostgresPool } from '@eventcore/postgres';
 *
 * export function storeFor(pool: PostgresPool) {
 *   return createPostgresStore({ pool });
 * }
 * ```
 */
export interface PostgresPool extends Connecting {
  on(event: 'error', listener: (error: Error) => void): unknown;
  /** Said of a client while the pool still listens to it: in the turn in which it is handed out, and before it is. */
  on(event: 'acquire', listener: (client: PostgresClient) => void): unknown;
}

/** Hands out clients that are listened to. */
export interface Connecting {
  connect(): Promise<PostgresClient>;
}

/** What the store needs of a client that a pool hands out. */
export interface PostgresClient {
  query(query: object): Promise<QueryAnswer>;
  on(event: 'error' | 'notice', listener: (message: { readonly code?: string | undefined }) => void): unknown;
  release(destroy?: boolean): void;
}

export interface QueryAnswer {
  readonly rows: unknown[];
  /** The command tag. */
  readonly command: string | null;
  /** How many rows the statement has written, or found. */
  readonly rowCount?: number | null;
}
