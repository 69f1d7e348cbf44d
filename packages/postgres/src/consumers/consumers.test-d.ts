/** What handlers need of a store's transaction is there, or the compiler says so. */
import { defineStream } from '@eventcore/core';
import { defineProjection, rebuild, runConsumers } from '@eventcore/core/consumers';
import { createMemoryStore, type MemoryContext } from '@eventcore/memory';
import type { Transaction } from 'kysely';
import * as v from 'valibot';
import { createPostgresStore, type PostgresContext } from '../index.js';

const Account = defineStream('account', {
  events: { Opened: v.object({ owner: v.string() }) },
  state: () => ({}),
  fold: {},
});

interface Tables {
  readonly owners: { readonly account: string; readonly name: string };
}

const Owners = defineProjection<PostgresContext<Tables>>('owners').on(Account, {
  Opened: async ({ stream, data }, { tx }) => {
    const typed: Transaction<Tables> = tx;
    await typed.insertInto('owners').values({ account: stream, name: data.owner }).execute();
    // @ts-expect-error no such table
    await tx.insertInto('owner').values({}).execute();
    // @ts-expect-error no such column
    await tx.insertInto('owners').values({ account: stream, owner: data.owner }).execute();
  },
});

const InMemory = defineProjection<MemoryContext>('in-memory').on(Account, {
  Opened: ({ stream }, { tx }) => tx.set('t', stream, 1),
});

const Mailed = defineProjection<PostgresContext<Tables> & { readonly mail: (to: string) => void }>('mailed').on(
  Account,
  {
    Opened: ({ data }, { mail }) => mail(data.owner),
  },
);

const postgres = createPostgresStore({ connectionString: 'postgres://localhost/bank' });
const memory = createMemoryStore();

runConsumers(postgres, [Owners]);
runConsumers(memory, [InMemory]);
runConsumers(postgres, [Owners, Mailed], { context: { mail: () => {} } });
rebuild(postgres, Owners, { reset: ({ tx }) => tx.deleteFrom('owners').execute() });

// @ts-expect-error the memory store has no Kysely
runConsumers(memory, [Owners]);
// @ts-expect-error PostgreSQL's transaction is another one
runConsumers(postgres, [InMemory]);
// @ts-expect-error nobody supplies mail
runConsumers(postgres, [Mailed]);

const connectionString = 'postgres://localhost/bank';
// @ts-expect-error a table without its key
createPostgresStore({ connectionString, tables: { balances: { table: 'b', columns: ['c'] } } });
