/** Handlers of projections in a transaction of the store's: what they write and the checkpoint commit together. */
import type { HandlerTransactions } from '@eventcore/core/store';
import type { Transaction } from 'kysely';
import { CallFailed } from '../connection/call-failed.js';
import type { Database } from '../connection/database.js';
import { isSwallowed, isUndoneByServer, rootOf, type AnyTables } from '../connection/handler-session.js';
import { takeStep, type StepWriter } from './step.js';

/**
 * What a PostgreSQL store's transaction gives to handlers: a transaction of Kysely's. What they write by it and the checkpoint
 * commit together. `Tables` are those that the handlers know.
 *
 * @example
 * ```ts
 * import { defineStream } from '@eventcore/core';
 * import { defineProjection } from '@eventcore/core/consumers';
 * import type { PostgresContext } from '@eventcore/postgres';
 * import * as v from 'valibot';
 *
 * interface Tables {
 *   readonly owners: { readonly account: string; readonly name: string };
 * }
 *
 * const Account = defineStream('account', {
 *   events: { AccountOpened: v.object({ owner: v.string() }) },
 *   state: () => ({}),
 *   fold: {},
 * });
 *
 * export const Owners = defineProjection<PostgresContext<Tables>>('owners').on(Account, {
 *   AccountOpened: async ({ stream, data }, { tx }) => {
 *     await tx.insertInto('owners').values({ account: stream, name: data.owner }).execute();
 *   },
 * });
 * ```
 */
export interface PostgresContext<Tables> {
  readonly tx: Transaction<Tables>;
}

export function handlerTransactions(
  database: Database,
  writer: StepWriter,
): HandlerTransactions<PostgresContext<AnyTables>> {
  return {
    async run(work) {
      try {
        await database.handle(async (tx, run) => takeStep(run, writer, await work({ tx })));
      } catch (error) {
        if (error instanceof CallFailed && isSwallowed(error)) throw swallowed(error);
        // Nobody's fault, and no event's: all of it is to be tried again.
        throw isUndoneByServer(error) && !(error instanceof CallFailed)
          ? new CallFailed('refused', rootOf(error))
          : error;
      }
    },
  };
}

function swallowed(cause: unknown): Error {
  return new Error(
    'A statement of a handler failed, and the handler went on as if nothing had happened, so nothing can be committed. Let its errors out.',
    { cause },
  );
}
