/** Through a pool of `pg`, the store's own or one that the user gave. */
import type { CallOptions } from '@eventcore/core/store';
import { CallFailed, sqlStateOf } from './call-failed.js';
import type { Database, Listen, Row, Run, Statement, Value } from './database.js';
import { HandlerPatience, tooSlow } from './handler-patience.js';
import { handlerSession, type AnyTransaction, type AskDriver } from './handler-session.js';
import { Lease } from './lease.js';
import { patiently, refuseIfOver } from './patience.js';
import type { Connecting, PostgresClient } from './postgres-pool.js';

export interface PoolSettings {
  /** Whether sessions keep the plans of statements, by their names. */
  readonly prepared: boolean;
  /** For how many milliseconds a connection may be waited for. */
  readonly connectTimeout: number;
  /** For how many milliseconds an answer may be. Then the connection is given up. */
  readonly answerTimeout: number;
  /** For how many milliseconds handlers may do something else in the middle of their transaction. */
  readonly handlerTimeout: number;
  readonly listen: Listen | undefined;
  /** Ends the pool, if it is the store's to end. */
  readonly end?: () => Promise<void>;
}

const BEGIN: Statement = { text: 'BEGIN ISOLATION LEVEL READ COMMITTED' };
const COMMIT: Statement = { text: 'COMMIT' };
const ROLLBACK: Statement = { text: 'ROLLBACK' };

/** So much later than the server, in milliseconds, that it is the server who ends it. */
const LATER = 250;

/** The server has ended a session that was in a transaction and said nothing. */
const IDLED = '25P03';

function beginForHandlers(timeout: number): Statement {
  return { text: `${BEGIN.text}; SET LOCAL idle_in_transaction_session_timeout = ${timeout}` };
}

export function poolDatabase(pool: Connecting, settings: PoolSettings): Database {
  async function checkOut(call: CallOptions | undefined): Promise<Lease> {
    refuseIfOver(call);
    const connected = connect(pool, settings.connectTimeout);
    let client: PostgresClient;
    try {
      client = await patiently(connected, call, () => 'unsent');
    } catch (error) {
      // A client that comes when nobody waits for it any more goes back; if none comes, the caller knows by now.
      connected.then((late) => late.release()).catch(() => {});
      throw error;
    }
    const lease = new Lease(client, settings.answerTimeout);
    if (lease.endedBy === undefined) return lease;
    // It has come to its end on its way here.
    lease.destroy();
    throw new CallFailed('unsent', lease.endedBy);
  }

  async function run(statement: Statement, values: readonly Value[], call?: CallOptions): Promise<readonly Row[]> {
    const lease = await checkOut(call);
    return patiently(askOnce(lease, planned(statement), values), call, () => 'unanswered');
  }

  async function transaction<Result>(work: (run: Run) => Promise<Result>, call?: CallOptions): Promise<Result> {
    const transaction = new Transaction(await checkOut(call), planned);
    return patiently(transaction.carryOut(work), call, () => transaction.abandon());
  }

  async function handle<Result>(work: (tx: AnyTransaction, run: Run) => Promise<Result>): Promise<Result> {
    const lease = await checkOut(undefined);
    const transaction = new Transaction(lease, planned, beginForHandlers(settings.handlerTimeout));
    const slow = (): Error | undefined =>
      sqlStateOf(lease.endedBy) === IDLED ? tooSlow(settings.handlerTimeout, lease.endedBy) : undefined;
    // The server ends the session, and a handler that asks for nothing any more would never learn of it.
    const patience = new HandlerPatience(settings.handlerTimeout + LATER);
    const ask: AskDriver = async (text, values) => {
      try {
        const { rows, rowCount = null } = await patience.during(() => lease.query({ text, values }));
        return { rows, affected: rowCount };
      } catch (error) {
        throw slow() ?? error;
      }
    };
    try {
      return await transaction.carryOut((run) => {
        const within: Run = (statement, values) => patience.during(() => run(statement, values));
        return patience.limit(() => handlerSession(ask, (tx) => work(tx, within)));
      });
    } catch (error) {
      const ended = slow();
      if (ended !== undefined) throw error instanceof CallFailed ? ended : error;
      // Whatever a handler says then, the loss has made it say.
      if (transaction.isLost) throw new CallFailed('refused', lease.endedBy ?? error);
      throw error;
    }
  }

  function planned({ name, text }: Statement): Statement {
    return settings.prepared && name !== undefined ? { name, text } : { text };
  }

  return {
    run,
    transaction,
    handle,
    hearsWarnings: true,
    listen: settings.listen,
    async close() {
      await settings.end?.();
    },
  };
}

/** A client, or `unsent`. One that comes too late goes back to the pool. */
function connect(pool: Connecting, limit: number): Promise<PostgresClient> {
  return new Promise((resolve, reject) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      reject(new CallFailed('unsent', undefined, 'timeout'));
    }, limit);
    // A pool may throw where it should reject: for a connection string that is none.
    const connecting = (async () => pool.connect())();
    connecting
      .finally(() => clearTimeout(timer))
      .then(
        (client) => (late ? client.release() : resolve(client)),
        (error: unknown) => reject(new CallFailed('unsent', error)),
      );
  });
}

async function askOnce(lease: Lease, statement: Statement, values: readonly Value[]): Promise<readonly Row[]> {
  try {
    const { rows } = await lease.ask(statement, values);
    lease.giveBack();
    return rows;
  } catch (error) {
    if (statement.name === undefined || !isPlanAtFault(error)) throw error;
    // Nothing was carried out, and other connections may have kept such a plan too: whoever tries again meets the next one.
    return (await lease.ask({ text: statement.text }, values)).rows;
  } finally {
    // Unless it was given back.
    lease.destroy();
  }
}

/** The session has kept a plan that no longer fits, after a migration, or has lost the one that it was asked for. */
function isPlanAtFault(error: unknown): boolean {
  if (!(error instanceof CallFailed) || error.stage !== 'refused') return false;
  const state = sqlStateOf(error.cause);
  return state === '0A000' || state === '26000';
}

/** What is not committed when something fails is undone for certain, as long as COMMIT was not sent. */
class Transaction {
  readonly #lease: Lease;
  readonly #planned: (statement: Statement) => Statement;
  readonly #begin: Statement;
  #committing = false;
  #abandoned = false;
  #broken = false;
  #lost = false;

  constructor(lease: Lease, planned: (statement: Statement) => Statement, begin = BEGIN) {
    this.#lease = lease;
    this.#planned = planned;
    this.#begin = begin;
  }

  /** Whether it could not be rolled back, since the connection is gone, and so has been undone by the server. */
  get isLost(): boolean {
    return this.#lost;
  }

  async carryOut<Result>(work: (run: Run) => Promise<Result>): Promise<Result> {
    try {
      await this.#step(this.#begin, []);
      const result = await work(this.#step);
      if (this.#abandoned) throw new CallFailed('refused', undefined, 'signal');
      this.#committing = true;
      const { command } = await this.#lease.ask(COMMIT);
      // The server answers so where a statement has failed, and somebody has swallowed that.
      if (command !== 'COMMIT') throw new CallFailed('refused', new Error(`COMMIT was answered with ${command}`));
      this.#lease.giveBack();
      return result;
    } catch (error) {
      if (this.#committing || this.#broken) this.#lease.destroy();
      else await this.#rollBack();
      if (error instanceof CallFailed && !this.#committing) throw new CallFailed('refused', error.cause, error.reason);
      throw error;
    }
  }

  /** Nobody waits any more: it is rolled back at its next step, unless COMMIT was sent. */
  abandon(): 'refused' | 'unanswered' {
    this.#abandoned = true;
    return this.#committing ? 'unanswered' : 'refused';
  }

  readonly #step: Run = async (statement, values) => {
    try {
      return (await this.#lease.ask(this.#planned(statement), values)).rows;
    } catch (error) {
      this.#broken = true;
      throw error;
    }
  };

  async #rollBack(): Promise<void> {
    try {
      await this.#lease.ask(ROLLBACK);
      this.#lease.giveBack();
    } catch {
      // The connection is gone, and the transaction with it. The caller is told what made it end.
      this.#lost = true;
      this.#lease.destroy();
    }
  }
}
