/** What somebody may weaken of what the store rests on: it is told, and mended, with the rest left as it is. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PostgresStore } from '../index.js';
import { blindAppend } from '../fixtures/open-append.fixture.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';
import { migrations } from './migrations.js';

const database = testDatabase();
const application = `eventcore_guarded_${process.pid}`;
const somebody = `eventcore_somebody_${process.pid}`;
let store: PostgresStore;
/** As the application, which may ask as well. */
let asked: PostgresStore;

const well = { version: migrations.length, needed: migrations.length, fallen: [] };

describe('guards', () => {
  beforeAll(async () => {
    await database.query(`CREATE ROLE ${application} LOGIN PASSWORD 'secret'`);
    await database.query(`CREATE ROLE ${somebody}`);
    store = database.store({ pool: database.pool({ max: 2 }), listen: false });
    await store.migrate({ grantTo: [application] });
    await store.append([blindAppend(['note-1'])]);
    asked = database.store({ pool: database.pool({ max: 1, user: application, password: 'secret' }), listen: false });
  });
  afterAll(async () => {
    for (const role of [application, somebody]) {
      await database.query(`DROP OWNED BY ${role}`);
      await database.query(`DROP ROLE ${role}`);
    }
  });

  describe('a guard', () => {
    it.each([
      [
        'a trigger that is disabled',
        'the trigger events_are_immutable',
        'ALTER TABLE eventcore.events DISABLE TRIGGER ALL',
      ],
      [
        'a trigger that was enabled again as an ordinary one',
        'the trigger events_change_on_record',
        'ALTER TABLE eventcore.events ENABLE TRIGGER events_change_on_record',
      ],
      [
        'a trigger for replicas alone',
        'the trigger events_change_on_record',
        'ALTER TABLE eventcore.events ENABLE REPLICA TRIGGER events_change_on_record',
      ],
      [
        'a trigger that is gone',
        'the trigger erasures_are_immutable',
        'DROP TRIGGER erasures_are_immutable ON eventcore.erasures',
      ],
      [
        'a trigger that fires for less',
        'the trigger events_are_immutable',
        `CREATE OR REPLACE TRIGGER events_are_immutable BEFORE TRUNCATE ON eventcore.events
         FOR EACH STATEMENT EXECUTE FUNCTION eventcore.refuse_change();
       ALTER TABLE eventcore.events ENABLE ALWAYS TRIGGER events_are_immutable`,
      ],
      [
        'a trigger that fires on a condition',
        'the trigger events_change_on_record',
        `CREATE OR REPLACE TRIGGER events_change_on_record BEFORE UPDATE ON eventcore.events FOR EACH ROW
         WHEN (OLD.type = 'Other') EXECUTE FUNCTION eventcore.refuse_unrecorded_change();
       ALTER TABLE eventcore.events ENABLE ALWAYS TRIGGER events_change_on_record`,
      ],
      [
        'a trigger for some columns',
        'the trigger events_change_on_record',
        `CREATE OR REPLACE TRIGGER events_change_on_record BEFORE UPDATE OF type ON eventcore.events FOR EACH ROW
         EXECUTE FUNCTION eventcore.refuse_unrecorded_change();
       ALTER TABLE eventcore.events ENABLE ALWAYS TRIGGER events_change_on_record`,
      ],
      [
        'a function that was replaced',
        'the function refuse_change',
        `CREATE OR REPLACE FUNCTION eventcore.refuse_change() RETURNS trigger LANGUAGE plpgsql
         SET search_path = pg_catalog, pg_temp AS $$ BEGIN RETURN NULL; END $$`,
      ],
      [
        'a function that runs with its caller’s rights',
        'the function feed_head',
        'ALTER FUNCTION eventcore.feed_head SECURITY INVOKER',
      ],
      [
        'a function with another search path',
        'the function feed_head',
        'ALTER FUNCTION eventcore.feed_head SET search_path = public',
      ],
      ['a function without its settings', 'the function feed_head', 'ALTER FUNCTION eventcore.feed_head RESET ALL'],
      ['a function that lends rights', 'the function erase', 'ALTER FUNCTION eventcore.erase SECURITY DEFINER'],
      ['an index that is gone', 'the index events_command_id_key', 'DROP INDEX eventcore.events_command_id_key'],
      [
        'an index that is not unique',
        'the index events_command_id_key',
        `DROP INDEX eventcore.events_command_id_key;
       CREATE INDEX events_command_id_key ON eventcore.events (command_id) WHERE index = 0`,
      ],
      [
        'a constraint that is gone',
        'the index events_stream_version_key',
        'ALTER TABLE eventcore.events DROP CONSTRAINT events_stream_version_key',
      ],
      [
        'a constraint that waits for the commit',
        'the index events_stream_version_key',
        `ALTER TABLE eventcore.events DROP CONSTRAINT events_stream_version_key,
         ADD CONSTRAINT events_stream_version_key UNIQUE (stream_id, version) DEFERRABLE`,
      ],
      ['a primary key of less', 'the index events_pkey', 'ALTER TABLE eventcore.events DROP CONSTRAINT events_pkey'],
      ['a sequence that caches', 'the sequence of positions', 'ALTER SEQUENCE eventcore.position_sequence CACHE 20'],
      ['a sequence that begins again', 'the sequence of positions', 'ALTER SEQUENCE eventcore.position_sequence CYCLE'],
      [
        'a sequence that no log has',
        'the sequence of positions',
        'ALTER SEQUENCE eventcore.position_sequence SET UNLOGGED',
      ],
      ['a table that no log has', 'tables that outlive a crash', 'ALTER TABLE eventcore.checkpoints SET UNLOGGED'],
      [
        'rows that are hidden',
        'tables that show all of their rows',
        'ALTER TABLE eventcore.events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY',
      ],
      [
        'a rule that swallows what is written',
        'tables that are written to, and no rule says otherwise',
        'CREATE RULE "No more" AS ON INSERT TO eventcore.erasures DO INSTEAD NOTHING',
      ],
      [
        'a right to a table',
        'rights: to read, and to call functions',
        `GRANT INSERT ON eventcore.events TO ${application}`,
      ],
      [
        'a right to a column',
        'rights: to read, and to call functions',
        `GRANT UPDATE (data) ON eventcore.events TO ${somebody}`,
      ],
      [
        'a right that may be passed on, and was',
        'rights: to read, and to call functions',
        `GRANT USAGE ON SCHEMA eventcore TO ${somebody};
       GRANT DELETE ON eventcore.events TO ${somebody} WITH GRANT OPTION; SET ROLE ${somebody};
       GRANT DELETE ON eventcore.events TO ${application}; RESET ROLE`,
      ],
      [
        'a right to make triggers',
        'rights: to read, and to call functions',
        `GRANT TRIGGER ON eventcore.events TO ${somebody}`,
      ],
      [
        'a right to draw positions',
        'rights: to read, and to call functions',
        `GRANT USAGE ON SEQUENCE eventcore.position_sequence TO ${somebody}`,
      ],
      [
        'a right to create in the schema',
        'rights: to read, and to call functions',
        `GRANT CREATE ON SCHEMA eventcore TO ${application}`,
      ],
      [
        'a right to erase',
        'rights: to read, and to call functions',
        `GRANT EXECUTE ON FUNCTION eventcore.erase TO ${application}`,
      ],
      ['rights of everybody', 'rights: to read, and to call functions', 'GRANT SELECT ON eventcore.events TO PUBLIC'],
      [
        'functions for everybody',
        'rights: to read, and to call functions',
        'GRANT EXECUTE ON FUNCTION eventcore.feed_head TO PUBLIC',
      ],
    ])(
      'that has fallen is told to everybody who uses the store, and mended by migrating: %s',
      async (_, guard, weaken) => {
        await database.query(weaken);
        expect((await asked.check()).fallen).toContain(guard);

        const planned = await store.migrate({ dryRun: true });
        expect(planned.mended).toContain(guard);
        expect((await store.check()).fallen).toContain(guard);

        const { mended, statements } = await store.migrate();
        expect({ mended, statements }).toEqual({ mended: planned.mended, statements: planned.statements });
        expect(await asked.check()).toEqual(well);
        expect(await store.migrate()).toMatchObject({ mended: [], statements: [] });
        for (const attempt of ["UPDATE eventcore.events SET type = 'Forged'", 'TRUNCATE eventcore.events']) {
          await expect(database.query(attempt)).rejects.toThrow('events are immutable');
        }
        expect(await asked.append([blindAppend(['note-1'])])).toMatchObject([{ kind: 'committed' }]);
      },
    );

    it('that was dropped with a function is set up again, and calling it is a matter of being granted', async () => {
      await database.query('DROP FUNCTION eventcore.feed_head');
      expect(await asked.check()).toEqual({ ...well, fallen: ['the function feed_head'] });
      await store.migrate({ grantTo: [application] });
      expect(await asked.check()).toEqual(well);
      expect(
        await database.query("SELECT has_function_privilege($1, 'eventcore.feed_head()', 'EXECUTE') AS may", [
          somebody,
        ]),
      ).toEqual([{ may: false }]);
      await asked.capabilities.head();
    });

    it('can only be mended by the owner', async () => {
      await database.query('ALTER TABLE eventcore.events ENABLE TRIGGER events_are_immutable');
      await expect(asked.migrate()).rejects.toMatchObject({ code: 'STORE_MISCONFIGURED' });
      await store.migrate();
    });
  });

  it('what is allowed beside the store is left as it is', async () => {
    await database.query(
      `GRANT SELECT ON eventcore.events TO ${somebody}; GRANT USAGE ON SCHEMA eventcore TO ${somebody}`,
    );
    await database.query('CREATE INDEX of_ours ON eventcore.events (recorded_at)');
    expect(await store.check()).toEqual(well);
  });

  it('a database without a store, of an older and of a later release is told as such, and its guards are not judged', async () => {
    const later = database.store({ pool: database.pool({ max: 1 }), schema: 'later', listen: false });
    expect(await later.check()).toEqual({ ...well, version: 0 });
    await later.migrate();
    await database.query('INSERT INTO later.migrations (version) VALUES (1000)');
    await database.query('ALTER TABLE later.events DISABLE TRIGGER ALL');
    expect(await later.check()).toEqual({ ...well, version: 1000 });
    expect(await later.migrate()).toMatchObject({ mended: [], statements: [] });
  });
});
