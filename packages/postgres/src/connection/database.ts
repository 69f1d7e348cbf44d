/**
 * How the store reaches a server: through a pool of `pg`, through somebody's Kysely, or in the process (PGlite).
 *
 * Statements take texts and give texts back. What kind of thing a bigint or an array becomes is then no driver's
 * decision, and whatever parsers a user has set up for his own queries.
 */
import type { CallOptions } from '@eventcore/core/store';
import type { AnyTransaction } from './handler-session.js';

export type Value = string | boolean | null;
export type Row = readonly (string | null)[];

export interface Statement {
  /** Under which a session keeps the plan; a statement without one is planned each time. */
  readonly name?: string;
  readonly text: string;
}

/** Runs one statement. @throws `CallFailed` */
export type Run = (statement: Statement, values: readonly Value[]) => Promise<readonly Row[]>;

export interface Database {
  /** One statement, and its commit. @throws `CallFailed` */
  run(statement: Statement, values: readonly Value[], call?: CallOptions): Promise<readonly Row[]>;

  /**
   * Several statements in one transaction at READ COMMITTED. It is rolled back if `work` throws, and then throws the same.
   * @throws `CallFailed`, `unanswered` only if COMMIT was sent.
   */
  transaction<Result>(work: (run: Run) => Promise<Result>, call?: CallOptions): Promise<Result>;

  /**
   * A transaction at READ COMMITTED for somebody else's work, which asks by `tx` what it likes, and for the store's, which asks
   * by `run`. It is rolled back if `work` throws, and then throws the same, unless the transaction was lost.
   * @throws `CallFailed`, `unanswered` only if COMMIT was sent.
   */
  handle<Result>(work: (tx: AnyTransaction, run: Run) => Promise<Result>): Promise<Result>;

  /** Whether the driver hands over the warnings that come with an answer. */
  readonly hearsWarnings: boolean;

  /** Hears the notifications of a channel, until told to stop; `hear` is also called when some may have been missed. */
  readonly listen: Listen | undefined;

  /** Lets go of what was opened here. */
  close(): Promise<void>;
}

export type Listen = (channel: string, hear: () => void) => () => void;
