/** What the rights are, seen from the server's catalogues, and what somebody can do who wants to get past them. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { START, version, type StreamId } from '@eventcore/core';
import type pg from 'pg';
import { blindAppend } from '../fixtures/open-append.fixture.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';

const database = testDatabase();

describe('rights', () => {
  const owner = `eventcore_owner_${process.pid}`;
  const application = `eventcore_application_${process.pid}`;
  let asOwner: pg.Pool;
  let asApplication: pg.Pool;

  beforeAll(async () => {
    await database.query(`CREATE ROLE ${owner} LOGIN PASSWORD 'secret'`);
    await database.query(`CREATE ROLE ${application} LOGIN PASSWORD 'secret'`);
    await database.query(
      `GRANT CREATE ON DATABASE "${new URL(database.url).pathname.slice(1)}" TO ${owner}, ${application}`,
    );
    asOwner = database.pool({ max: 2, user: owner, password: 'secret' });
    // One session: what an attacker prepares in it is there when he calls.
    asApplication = database.pool({ max: 1, user: application, password: 'secret' });
    await database.store({ pool: asOwner }).migrate({ grantTo: [application] });
    await database.store({ pool: asOwner }).append([blindAppend(['note-0'])]);
  });
  afterAll(async () => {
    for (const role of [application, owner]) {
      await database.query(`DROP OWNED BY ${role} CASCADE`);
      await database.query(`DROP ROLE ${role}`);
    }
  });

  describe('of the application', () => {
    it('are to read every table and sequence, and to do nothing else with one', async () => {
      const rights = await database.query(
        `SELECT DISTINCT c.relkind AS kind, g.privilege_type AS may FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) g
          WHERE c.relnamespace = 'eventcore'::regnamespace AND g.grantee <> c.relowner ORDER BY 1`,
      );
      expect(rights).toEqual([
        { kind: 'S', may: 'SELECT' },
        { kind: 'r', may: 'SELECT' },
      ]);
    });

    it('are to create nothing in the schema', async () => {
      await expect(asApplication.query('CREATE TABLE eventcore.mine ()')).rejects.toThrow('permission denied');
      await expect(
        asApplication.query(
          'CREATE OR REPLACE FUNCTION eventcore.safe_position() RETURNS bigint LANGUAGE sql AS $$ SELECT 1::bigint $$',
        ),
      ).rejects.toThrow(/permission denied|must be owner/);
    });

    it.each([
      ['UPDATE', "UPDATE eventcore.events SET type = 'Forged'"],
      ['DELETE', 'DELETE FROM eventcore.events'],
      ['TRUNCATE', 'TRUNCATE eventcore.events'],
      ['INSERT', 'INSERT INTO eventcore.events SELECT * FROM eventcore.events'],
      ['COPY', 'COPY eventcore.events FROM STDIN'],
      ['ALTER TABLE', 'ALTER TABLE eventcore.events DROP COLUMN data'],
      ['DISABLE TRIGGER', 'ALTER TABLE eventcore.events DISABLE TRIGGER events_are_immutable'],
      ['DROP TRIGGER', 'DROP TRIGGER events_are_immutable ON eventcore.events'],
      [
        'CREATE TRIGGER',
        'CREATE TRIGGER mine BEFORE INSERT ON eventcore.events EXECUTE FUNCTION eventcore.refuse_change()',
      ],
      ['CREATE RULE', 'CREATE RULE mine AS ON INSERT TO eventcore.events DO INSTEAD NOTHING'],
      ['LOCK', 'DO $$ BEGIN LOCK TABLE eventcore.events; END $$'],
      ['DROP TABLE', 'DROP TABLE eventcore.events'],
      ['DROP SCHEMA', 'DROP SCHEMA eventcore CASCADE'],
      ['nextval', "SELECT nextval('eventcore.position_sequence')"],
      ['setval', "SELECT setval('eventcore.position_sequence', 1)"],
      ['ALTER SEQUENCE', 'ALTER SEQUENCE eventcore.position_sequence RESTART'],
      ['a checkpoint past its lease', "INSERT INTO eventcore.checkpoints VALUES ('reader', '1')"],
      ['a lease past its holder', 'DELETE FROM eventcore.leases'],
      ['session_replication_role', 'SET session_replication_role = replica'],
      ['SET ROLE', `SET ROLE ${owner}`],
    ])('are not to do this: %s', async (_, statement) => {
      await expect(asApplication.query(statement)).rejects.toThrow(
        /permission denied|must be (owner|able)|to set parameter/,
      );
    });
  });

  describe('of the owner', () => {
    it.each([
      ['UPDATE', "UPDATE eventcore.events SET type = 'Forged'"],
      ['DELETE', 'DELETE FROM eventcore.events'],
      ['TRUNCATE', 'TRUNCATE eventcore.events'],
      ['MERGE', 'MERGE INTO eventcore.events e USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE'],
      [
        'ON CONFLICT DO UPDATE',
        "INSERT INTO eventcore.events SELECT * FROM eventcore.events ON CONFLICT (position, index) DO UPDATE SET type = 'Forged'",
      ],
    ])('do not reach so far by accident: %s', async (_, statement) => {
      await expect(asOwner.query(statement)).rejects.toThrow('events are immutable');
    });

    it('are enough for all that migrating needs: no superuser has to', async () => {
      const { rows } = await asOwner.query(
        'SELECT rolsuper OR rolcreaterole OR rolbypassrls AS mighty FROM pg_roles WHERE rolname = current_user',
      );
      expect(rows).toEqual([{ mighty: false }]);
    });
  });

  describe('that functions lend', () => {
    it('go with a search path that nobody but the owner and the system can write to', async () => {
      const lending = await database.query(
        `SELECT proname AS name, proconfig AS settings FROM pg_proc WHERE pronamespace = 'eventcore'::regnamespace AND prosecdef`,
      );
      expect(lending.length).toBeGreaterThan(10);
      for (const { settings } of lending) expect(settings).toContain('search_path=pg_catalog, pg_temp');
    });

    it('can not be borrowed by somebody whose search path leads to functions, operators and tables of the same names', async () => {
      // Whatever of this is called with the owner's rights says so.
      const betrayal = (name: string, parameters: string, result: string): string =>
        `CREATE FUNCTION evil.${name}(${parameters}) RETURNS ${result} LANGUAGE plpgsql AS $$
           BEGIN INSERT INTO evil.calls VALUES ('${name}', current_user); RETURN${result === 'void' ? '' : ' NULL'}; END $$`;
      await asApplication.query(`
        CREATE SCHEMA evil;
        CREATE TABLE evil.calls (name text, caller text);
        GRANT ALL ON SCHEMA evil TO PUBLIC;
        GRANT ALL ON evil.calls TO PUBLIC;
        CREATE TABLE evil.events (LIKE eventcore.events);
        CREATE TABLE evil.pg_locks ();
        CREATE TABLE evil.pg_database ();
        ${[
          betrayal('hashtextextended', 'text, integer', 'bigint'),
          betrayal('string_to_array', 'text, text', 'text[]'),
          betrayal('pg_sequence_last_value', 'text', 'bigint'),
          betrayal('nextval', 'text', 'bigint'),
          betrayal('set_config', 'text, text, boolean', 'text'),
          betrayal('current_setting', 'text', 'text'),
          betrayal('pg_advisory_xact_lock', 'bigint', 'void'),
          betrayal('pg_advisory_xact_lock_shared', 'bigint', 'void'),
          betrayal('clock_timestamp', '', 'timestamptz'),
          betrayal('format', 'text, integer, text', 'text'),
          betrayal('starts_with', 'text, text', 'boolean'),
          betrayal('json_array_elements_text', 'json', 'text'),
          betrayal('lock_streams', 'text[], boolean[]', 'void'),
          betrayal('guard_transaction', 'boolean', 'void'),
          betrayal('recorded_command', 'uuid', 'text'),
          betrayal('same', 'text, text', 'boolean'),
          betrayal('less', 'integer, integer', 'boolean'),
        ].join(';')};
        CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.same);
        CREATE OPERATOR evil.<> (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.same);
        CREATE OPERATOR evil.< (LEFTARG = integer, RIGHTARG = integer, FUNCTION = evil.less);
        CREATE TEMPORARY TABLE events (LIKE eventcore.events);
        CREATE TEMPORARY TABLE pg_locks ();
        CREATE TEMPORARY TABLE pg_proc ();
        CREATE TEMPORARY SEQUENCE position_sequence;
        CREATE DOMAIN pg_temp.bigint AS text;
        CREATE DOMAIN pg_temp.uuid AS text;
        SET search_path = evil, pg_temp, pg_catalog, public`);

      const store = database.store({ pool: asApplication });
      const { capabilities } = store;
      const append = blindAppend(['note-1'], { correlationId: 'trace' });
      const outcomes = [...(await store.append([append])), ...(await store.append([append]))];
      expect(outcomes.map(({ kind }) => kind)).toEqual(['committed', 'duplicate']);
      const stale = blindAppend(['note-1'], { expected: new Map([['note-1', 7]]) });
      expect(await store.append([stale])).toMatchObject([{ kind: 'conflict' }]);
      const note = 'note-1' as StreamId;
      const held = await store.hold([{ stream: note, after: version(0), mode: 'write' }], () => [
        blindAppend(['note-1']),
      ]);
      expect(held).toMatchObject([{ kind: 'committed' }]);
      const { pages, recorded } = await store.read({
        streams: [{ stream: note, after: version(0), detail: 'full' }],
        commands: [append.commandId],
      });
      expect([pages[0]?.events.length, recorded[0]?.commandId]).toEqual([2, append.commandId]);
      for (const filter of [{}, { types: ['Noted'] }, { streams: [note] }, { streamPrefixes: ['note-'] }]) {
        expect((await store.readAll({ after: START, limit: 10, filter })).events.length).toBeGreaterThan(1);
      }
      expect(await capabilities.listing.list({ prefix: 'note-', limit: 10 })).toHaveLength(2);
      expect(await capabilities.lookup.byCorrelation('trace')).toHaveLength(1);
      const { upTo } = await store.readAll({ after: START, limit: 10 });
      expect((await capabilities.distance(START, upTo)).events).toBe(3);
      const lease = await capabilities.leases.acquire('reader', 'me', 1000);
      await capabilities.checkpoints.save('reader', START, lease!.fence);
      expect(await capabilities.leases.renew('reader', lease!.fence, 1000)).toBe(true);
      await capabilities.leases.release('reader', lease!.fence);

      expect(await database.query('SELECT name FROM evil.calls WHERE caller <> $1', [application])).toEqual([]);
      // The trap works: whoever follows that path is caught.
      await asApplication.query("SELECT starts_with('a'::text, 'b'::text)");
      expect(await database.query('SELECT name, caller FROM evil.calls')).toContainEqual({
        name: 'starts_with',
        caller: application,
      });
    });
  });
});
