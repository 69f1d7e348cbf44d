/** The command line as a process, against a server. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { atLength } from '../../../../tools/at-length.mjs';
import { migrations } from '../schema/migrations.js';
import { runSource, type Ended } from '../fixtures/source-process.fixture.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';

const database = testDatabase();
const LATEST = migrations.length;

const run = (words: readonly string[], databaseUrl = database.url): Promise<Ended> =>
  runSource('cli/main.ts', words, { env: { DATABASE_URL: databaseUrl } }).ended;

const tables = (schema: string) =>
  database.query(`SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace('${schema}') AND relkind = 'r'`);

describe('eventcore-postgres migrate', () => {
  it('brings a database to the newest version, and finds nothing to do when it is run again', async () => {
    expect(await run(['migrate'])).toEqual({
      code: 0,
      stdout: `The schema eventcore was brought from version 0 to version ${LATEST}.\n`,
      stderr: '',
    });
    expect((await run(['migrate'])).stdout).toBe(`The schema eventcore is at version ${LATEST} already.\n`);
    expect(await database.store({ pool: database.pool() }).migrate()).toMatchObject({ from: LATEST, to: LATEST });
  });

  it('leaves what a later release has made as it is', async () => {
    await run(['migrate', '--schema', 'later']);
    await database.query('INSERT INTO later.migrations (version) VALUES (1000)');
    const { code, stdout } = await run(['migrate', '--schema', 'later']);
    expect([code, stdout]).toEqual([
      0,
      'The schema later is at version 1000, of a later release than this one, and is left as it is.\n',
    ]);
  });

  it('grants applications what they need', async () => {
    const roles = [`cli_web_${process.pid}`, `CLI worker ${process.pid}`];
    for (const role of roles) await database.query(`CREATE ROLE "${role}"`);
    const words = roles.flatMap((role) => ['--grant-to', role]);
    expect(await run(['migrate', '--schema', 'granted', ...words])).toMatchObject({ code: 0, stderr: '' });
    for (const role of roles) {
      expect(await database.query(`SELECT has_schema_privilege($1, 'granted', 'USAGE') AS may`, [role])).toEqual([
        { may: true },
      ]);
      await database.query(`DROP OWNED BY "${role}"`);
      await database.query(`DROP ROLE "${role}"`);
    }
  });

  it('only prints the SQL when it is asked to, and that SQL does the same', async () => {
    const { code, stdout } = await run(['migrate', '--schema', 'printed', '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toContain(`-- The schema printed would be brought from version 0 to version ${LATEST}.\nBEGIN;`);
    expect(await tables('printed')).toEqual([]);
    await database.query(stdout);
    expect(await tables('printed')).not.toEqual([]);
    const nothing = `The schema printed is at version ${LATEST} already.\n`;
    expect((await run(['migrate', '--schema', 'printed', '--dry-run'])).stdout).toBe(`-- ${nothing}`);
    expect((await run(['migrate', '--schema', 'printed'])).stdout).toBe(nothing);
  });

  it('says what is wrong, changes nothing, and ends with 1 when the server refuses', async () => {
    const { code, stdout, stderr } = await run(['migrate', '--schema', 'refused', '--grant-to', 'nobody_of_that_name']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^eventcore-postgres: .*role "nobody_of_that_name" does not exist.*\n$/);
    expect(await tables('refused')).toEqual([]);
  });

  it('ends with 2 and leads to its help when it was not told what to do', async () => {
    for (const words of [
      [],
      ['migrate', '--schema', 'No Name'],
      ['migrate', '--database-url', 'app:hunter2@localhost'],
    ]) {
      const { code, stdout, stderr } = await run(words);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/^eventcore-postgres: .*\nSee: npx --no eventcore-postgres --help\n$/);
      expect(stderr).not.toContain('hunter2');
    }
    expect(await run(['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('--dry-run'), stderr: '' });
  });

  it('says what to install where pg is missing, as it may be for those who give a store a pool of something else', async () => {
    const without = `import { registerHooks } from 'node:module';
      registerHooks({ resolve: (name, context, next) => next(name === 'pg' ? 'pg-is-missing' : name, context) });`;
    const flags = ['--import', `data:text/javascript,${encodeURIComponent(without)}`];
    const { code, stderr } = await runSource('cli/main.ts', ['migrate'], { env: { DATABASE_URL: database.url }, flags })
      .ended;
    expect([code, stderr]).toEqual([1, expect.stringContaining('npm install pg')]);
  });

  it('never prints a password', async () => {
    const wrong = [
      'postgres://app:hunter2@localhost:1/bank',
      'postgres://app:hunter2@no.such.host.invalid/bank',
      'postgres://app:hunter2@localhost:port/bank',
      database.url.replace(/\/\/[^/?]*/, '//nobody_of_that_name:hunter2@localhost'),
      database.url.replace(/\/\/[^/?]*\/[^/?]*/, '//postgres:hunter2@localhost/no_such_database'),
    ];
    const ended = await Promise.all(wrong.map((url) => run(['migrate'], url)));
    for (const { code, stdout, stderr } of ended) {
      expect(code).toBeGreaterThan(0);
      expect(stderr).toMatch(/^eventcore-postgres: /);
      expect(stdout + stderr).not.toContain('hunter2');
    }
  });
});

describe('eventcore-postgres status', () => {
  it('tells how a database stands, and ends with 0 only when it is as it should be', async () => {
    const words = ['--schema', 'asked'];
    expect(await run(['status', ...words])).toMatchObject({
      code: 1,
      stdout: 'The schema asked holds no store. Run migrate.\n',
    });
    await run(['migrate', ...words]);
    const well = {
      code: 0,
      stdout: `The schema asked is at version ${LATEST}, and all that guards it stands.\n`,
      stderr: '',
    };
    expect(await run(['status', ...words])).toEqual(well);
    await database.query('ALTER TABLE asked.events DISABLE TRIGGER events_are_immutable');
    await database.query('ALTER TABLE asked.events ENABLE TRIGGER events_are_immutable');
    expect(await run(['status', ...words])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('- the trigger events_are_immutable\n'),
    });
    expect(await run(['migrate', ...words])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('It was set up again: the trigger events_are_immutable.'),
    });
    expect(await run(['status', ...words])).toEqual(well);
    await database.query('INSERT INTO asked.migrations (version) VALUES (1000)');
    expect(await run(['status', ...words])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('a later release'),
    });
  });
});

/** Each is a Node.js of its own. */
const [PROCESSES, KILLED] = atLength ? [16, 5] : [6, 3];

describe(`${PROCESSES} processes that migrate at once, of which some are killed`, () => {
  /** Of which process the sessions are that wait: for the lock under which one migrates, or for anything else. */
  async function waiting(
    count: number,
  ): Promise<{ readonly migrating: readonly string[]; readonly queued: readonly string[] }> {
    for (;;) {
      const rows = await database.query(
        `SELECT application_name AS name, wait_event AS event FROM pg_stat_activity
          WHERE datname = current_database() AND application_name LIKE 'migrating %' AND wait_event_type = 'Lock'`,
      );
      if (rows.length < count) continue;
      const names = (queued: boolean) =>
        rows.filter(({ event }) => (event === 'advisory') === queued).map(({ name }) => String(name));
      return { migrating: names(false), queued: names(true) };
    }
  }

  let ended: readonly (Ended & { readonly killed: boolean })[];

  beforeAll(async () => {
    const killed = new Set<string>();
    // Whoever migrates comes to wait for this schema's name, in the middle of what he does.
    const obstacle = await database.pool({ max: 1 }).connect();
    await obstacle.query('BEGIN; CREATE SCHEMA crowded');
    const started = Array.from({ length: PROCESSES }, (_, index) => {
      const name = `migrating ${index}`;
      const separator = database.url.includes('?') ? '&' : '?';
      const DATABASE_URL = `${database.url}${separator}application_name=${encodeURIComponent(name)}`;
      return { name, ...runSource('cli/main.ts', ['migrate', '--schema', 'crowded'], { env: { DATABASE_URL } }) };
    });
    const kill = async (name: string | undefined): Promise<void> => {
      const victim = started.find((one) => one.name === name)!;
      killed.add(victim.name);
      victim.kill();
      await victim.ended;
    };
    const { migrating, queued } = await waiting(PROCESSES);
    expect([migrating.length, queued.length]).toEqual([1, PROCESSES - 1]);
    for (const name of [migrating[0], ...queued.slice(0, KILLED - 1)]) await kill(name);
    await obstacle.query('ROLLBACK');
    obstacle.release();
    ended = await Promise.all(started.map(async (one) => ({ ...(await one.ended), killed: killed.has(one.name) })));
  }, 60_000);

  it('leave the work to one of the others, and all of those succeed', async () => {
    const survivors = ended.filter(({ killed }) => !killed);
    expect(survivors).toHaveLength(PROCESSES - KILLED);
    for (const { code, stderr } of survivors) expect([code, stderr]).toEqual([0, '']);
    expect(survivors.map(({ stdout }) => stdout).sort()).toEqual([
      ...Array<string>(PROCESSES - KILLED - 1).fill(`The schema crowded is at version ${LATEST} already.\n`),
      `The schema crowded was brought from version 0 to version ${LATEST}.\n`,
    ]);
  });

  it('leave one schema, as a single one makes it', async () => {
    expect(ended.filter(({ killed, code }) => killed && code === null)).toHaveLength(KILLED);
    expect(await database.query('SELECT version FROM crowded.migrations ORDER BY version')).toEqual(
      Array.from({ length: LATEST }, (_, index) => ({ version: index + 1 })),
    );
    expect(await run(['migrate', '--schema', 'crowded'])).toMatchObject({ code: 0, stderr: '' });
  });
});
