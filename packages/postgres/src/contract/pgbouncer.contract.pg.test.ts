/**
 * The store keeps the contract through pgbouncer in transaction mode, with the documented option, under a role that has
 * only been granted what applications need.
 *
 * It is skipped where there is no pgbouncer, which npm can't install: `apt-get install pgbouncer`. CI does that.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventStoreContract, type OptionalPart } from '@eventcore/testing';
import pg from 'pg';
import { contractStores } from './contract-stores.fixture.js';
import { gates } from '../fixtures/held-commits.fixture.js';
import { blindAppend } from '../fixtures/open-append.fixture.js';
import { pgbouncer, testPooler } from '../fixtures/pgbouncer.fixture.js';
import { runSource } from '../fixtures/source-process.fixture.js';
import { noSessionLeftBehindPooler } from './sessions.fixture.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';

const offers: readonly OptionalPart[] = [
  'hold',
  'watch',
  'checkpoints',
  'leases',
  'lookup',
  'listing',
  'distance',
  'head',
  'oneCommit',
  'rows',
  'transactions',
];

const database = testDatabase();

// Of its own, so that it is gone before the database is dropped.
(pgbouncer === undefined ? describe.skip : describe)('through pgbouncer, which has to be installed for this,', () => {
  const role = `eventcore_pooled_${process.pid}`;
  const direct = (): string => database.url.replace(/\/\/([^@/]*@)?/, `//${role}:secret@`);

  beforeAll(async () => {
    await database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
    for (const schema of ['eventcore', 'untold']) {
      const owner = database.store({ connectionString: database.url, schema });
      await owner.migrate({ grantTo: [role] });
    }
  });
  afterAll(async () => {
    await database.query(`DROP OWNED BY ${role} CASCADE`);
    await database.query(`DROP ROLE ${role}`);
  });

  const pooler = testPooler(direct);
  const { build, holdCommits } = gates({ query: database.query, url: () => database.url });

  eventStoreContract({
    describe,
    it,
    title: 'the PostgreSQL store keeps the contract',
    offers,
    shortLease: 20,
    holdCommits,
    ...contractStores(database, () => ({ connectionString: pooler.url, pooler: 'transaction', listen: direct() }), {
      build,
      idle: () => noSessionLeftBehindPooler(database, role, pooler),
    }),
  });

  it('a store that has nowhere to listen watches nothing, so that subscriptions look by themselves', () => {
    expect(database.store({ connectionString: pooler.url, pooler: 'transaction' }).watch).toBeUndefined();
  });

  it('the command line migrates through it, without being told', async () => {
    await database.query(`GRANT CREATE ON DATABASE "${new URL(database.url).pathname.slice(1)}" TO ${role}`);
    const env = { DATABASE_URL: pooler.url };
    const { code, stdout, stderr } = await runSource('cli/main.ts', ['migrate', '--schema', 'pooled'], { env }).ended;
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('was brought from version 0');
    expect(await database.query('SELECT count(*) FROM pooled.events')).toEqual([{ count: '0' }]);
  });

  it('a store that was not told of the pooler says what to do', async () => {
    const untold = database.store({ connectionString: pooler.url });
    await expect(untold.append([blindAppend(['note-1'])])).rejects.toMatchObject({
      code: 'STORE_MISCONFIGURED',
      message: expect.stringContaining("pooler: 'transaction'"),
    });
  });

  it('a store on a pool that leads there, and that was not told, applies nothing halfway, and says what to do', async () => {
    const pools = [1, 2].map(() => new pg.Pool({ connectionString: pooler.url, max: 1 }));
    const untold = pools.map((pool) => database.store({ pool, schema: 'untold', listen: false }));
    // While one connection to the server is in use, the next one is made, and there are two to be given out in turn.
    const busy = await pools[0]!.connect();
    await busy.query('BEGIN');
    const outcomes = [...(await untold[1]!.append([blindAppend(['note-1'])]))];
    await busy.query('COMMIT');
    busy.release();
    for (let round = 0; round < 6; round++) {
      for (const store of untold) outcomes.push(...(await store.append([blindAppend(['note-1'])])));
    }
    const failed = outcomes.flatMap((outcome) => (outcome.kind === 'failed' ? [outcome.error] : []));
    expect(failed.length).toBeGreaterThan(0);
    for (const error of failed) expect(error.message).toContain("pooler: 'transaction'");
    const committed = outcomes.filter(({ kind }) => kind === 'committed');
    expect(committed.length + failed.length).toBe(outcomes.length);
    expect(await database.query('SELECT FROM untold.events')).toHaveLength(committed.length);
    await Promise.all(untold.map((store) => store.close()));
    await Promise.all(pools.map((pool) => pool.end()));
  });
});
