/** One way to a server, and only one; and what users have in their hands is such a way. */
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { createPostgresStore } from '../index.js';

const pool = new pg.Pool();
const kysely = new Kysely<{ readonly accounts: { readonly id: string } }>({ dialect: new PostgresDialect({ pool }) });
const pglite = new PGlite();

createPostgresStore({ connectionString: 'postgres://localhost/bank', poolSize: 5, timeouts: { answer: 1000 } });
createPostgresStore({ pool, schema: 'bank', pooler: 'transaction', listen: 'postgres://localhost/bank' });
createPostgresStore({ kysely, pool, listen: false });
createPostgresStore({ kysely, pool: 'none' });
createPostgresStore({ pglite });

// @ts-expect-error none of them
createPostgresStore({ schema: 'bank' });
// @ts-expect-error two of them
createPostgresStore({ pool, pglite });
// @ts-expect-error nobody would listen to the clients behind it
createPostgresStore({ kysely });
// @ts-expect-error that says nothing without a Kysely
createPostgresStore({ pool: 'none' });
// @ts-expect-error the size of a pool is its owner's business
createPostgresStore({ pool, poolSize: 5 });
// @ts-expect-error nothing lies in between
createPostgresStore({ pglite, pooler: 'transaction' });
// @ts-expect-error there is one kind of pooler that it matters for
createPostgresStore({ pool, pooler: 'session' });
