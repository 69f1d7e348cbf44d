/** Forgetting what events say: all of it is gone, the log says who did it, and nothing else can be changed on the way. */
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defineCommand, defineStream, execute, load, START, type EventId } from '@eventcore/core';
import * as v from 'valibot';
import { createPostgresStore, type PostgresStore } from '../index.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';

const Patient = defineStream('patient', {
  events: { Admitted: v.object({ name: v.string() }), Discharged: v.object({}) },
  state: () => ({ name: '' }),
  fold: { Admitted: (_, { name }) => ({ name }) },
});

const Admit = defineCommand('Admit', {
  streams: { patient: Patient },
  input: { name: v.string() },
  handle: ({ input, emit }) => {
    emit('patient', 'Discharged', {});
    emit('patient', 'Admitted', { name: input.name });
  },
});

const database = testDatabase();
const owner = `eventcore_eraser_${process.pid}`;
const application = `eventcore_erased_${process.pid}`;
let store: PostgresStore;
let asApplication: PostgresStore;

let admitted = 0;

/** A patient of his own, and the event that says who he is. */
async function admit(
  name: string,
): Promise<{ readonly key: string; readonly id: EventId; readonly commandId: string }> {
  const key = `p${++admitted}`;
  const { events, commandId } = await execute(new Admit({ patient: key, name }), store);
  return { key, id: events[1]!.id, commandId };
}

const erased = { name: '[erased]' };
/** All that there is of an event, and of the command's first. */
const rows = (commandId: string) =>
  database.query('SELECT to_jsonb(e) AS row FROM eventcore.events e WHERE command_id = $1 ORDER BY index', [commandId]);

describe('erasing', () => {
  beforeAll(async () => {
    for (const role of [owner, application]) await database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
    await database.query(`GRANT CREATE ON DATABASE "${new URL(database.url).pathname.slice(1)}" TO ${owner}`);
    store = database.store({ pool: database.pool({ max: 2, user: owner, password: 'secret' }), listen: false });
    await store.migrate({ grantTo: [application] });
    asApplication = database.store({
      pool: database.pool({ max: 2, user: application, password: 'secret' }),
      listen: false,
    });
  });
  afterAll(async () => {
    for (const role of [application, owner]) {
      await database.query(`DROP OWNED BY ${role} CASCADE`);
      await database.query(`DROP ROLE ${role}`);
    }
  });

  describe('an erasure', () => {
    it('leaves nothing of the data of the events that it names, and everything else as it was', async () => {
      const { key, id, commandId } = await admit('Ada Lovelace');
      const [first, second] = await rows(commandId);
      await store.erase({ events: [id], data: erased, reason: 'request 4711' });
      expect(await rows(commandId)).toEqual([
        { row: { ...(first!['row'] as object), fingerprint: null } },
        { row: { ...(second!['row'] as object), data: erased } },
      ]);
      expect(await load(asApplication, Patient.at(key))).toEqual(erased);
      const { events } = await asApplication.readAll({ after: START, limit: 1000 });
      expect(JSON.stringify(events)).not.toContain('Lovelace');
      expect(events.find((event) => event.id === id)).toMatchObject({ type: 'Admitted', data: erased });
    });

    it('is recorded: what, when, by whom and why', async () => {
      const { key, id, commandId } = await admit('Ada');
      await store.erase({ events: [id], data: erased, reason: 'request 4712' });
      expect(await database.query('SELECT * FROM eventcore.erasures WHERE event_id = $1', [id])).toEqual([
        {
          command_id: commandId,
          event_id: id,
          stream_id: `patient-${key}`,
          version: '2',
          erased_at: expect.any(Date),
          erased_by: owner,
          reason: 'request 4712',
        },
      ]);
      for (const change of ['UPDATE eventcore.erasures SET reason = $$none$$', 'DELETE FROM eventcore.erasures']) {
        await expect(database.query(change)).rejects.toThrow('erasures are immutable');
      }
    });

    it("takes the fingerprint of the command with it, whose id answers with the receipt to any of that command's inputs", async () => {
      const { key, id, commandId } = await admit('Ada');
      const other = new Admit({ patient: key, name: 'Somebody else' });
      await expect(execute(other, store, { commandId })).rejects.toMatchObject({ code: 'COMMAND_ID_REUSED' });
      await store.erase({ events: [id], data: erased, reason: 'request' });
      expect(await execute(other, store, { commandId })).toMatchObject({ duplicate: true, commandId });
    });

    it('may name many events, also of one command, and may be made again', async () => {
      const { key, commandId } = await admit('Ada');
      const ids = (await rows(commandId)).map(({ row }) => (row as { event_id: EventId }).event_id);
      await store.erase({ events: ids, data: erased, reason: 'first' });
      await store.erase({ events: [...ids, ...ids], data: { name: '' }, reason: 'second' });
      expect(await load(store, Patient.at(key))).toEqual({ name: '' });
      expect(
        await database.query('SELECT reason FROM eventcore.erasures WHERE command_id = $1', [commandId]),
      ).toHaveLength(4);
    });

    it('that leaves more than there was keeps to the limits of pages', async () => {
      const { id, commandId } = await admit('Ada');
      const long = { name: 'x'.repeat(1000) };
      await store.erase({ events: [id], data: long, reason: 'request' });
      const [{ bytes } = {}] = await database.query(
        'SELECT bytes >= octet_length(data::text) AS bytes FROM eventcore.events WHERE command_id = $1 AND index = 1',
        [commandId],
      );
      expect(bytes).toBe(true);
    });

    it.each([
      ['an event that is not there', { events: ['018f2f6e-0000-7000-8000-000000000001'], data: {}, reason: 'request' }],
      ['no reason', { events: [], data: {}, reason: ' ' }],
      ['more than an event may hold', { events: [], data: 'x'.repeat(1_000_000), reason: 'request' }],
    ])('is refused, and nothing of it is done: %s', async (_, { events, data, reason }) => {
      const { key, id } = await admit('Ada');
      const erasure = { events: [id, ...(events as EventId[])], data, reason };
      await expect(store.erase(erasure)).rejects.toMatchObject({ code: 'VALIDATION', subject: 'The erasure' });
      expect(await load(store, Patient.at(key))).toEqual({ name: 'Ada' });
      expect(await database.query('SELECT FROM eventcore.erasures WHERE event_id = $1', [id])).toEqual([]);
    });

    it('is for the owner alone', async () => {
      const { id } = await admit('Ada');
      await expect(asApplication.erase({ events: [id], data: {}, reason: 'mine' })).rejects.toMatchObject({
        code: 'STORE_MISCONFIGURED',
      });
    });

    it('may be made by SQL, of what a query names, and leaves all guards standing', async () => {
      const { key } = await admit('Ada');
      await database.query(
        `SELECT eventcore.erase(ARRAY(SELECT event_id FROM eventcore.events WHERE stream_id = $1), '{"name": null}', 'by hand')`,
        [`patient-${key}`],
      );
      expect(await load(store, Patient.at(key))).toEqual({ name: null });
      expect((await store.check()).fallen).toEqual([]);
    });

    it('works in the same way in process', async () => {
      const pglite = await PGlite.create();
      await using embedded = createPostgresStore({ pglite });
      await embedded.migrate();
      expect((await embedded.check()).fallen).toEqual([]);
      const { events } = await execute(new Admit({ patient: 'p1', name: 'Ada' }), embedded);
      await embedded.erase({ events: [events[1]!.id], data: erased, reason: 'request' });
      expect(await load(embedded, Patient.at('p1'))).toEqual(erased);
      await pglite.close();
    });
  });

  describe('what an erasure has recorded allows', () => {
    it.each([
      ['other columns', "type = 'Forged'"],
      ['data and other columns', "data = '{}', version = version + 1"],
      ['a fingerprint that is another one', "fingerprint = 'forged'"],
    ])('no change of %s, not even in the same transaction', async (_, change) => {
      const { id, commandId } = await admit('Ada');
      const client = await database.pool({ max: 1 }).connect();
      await client.query('BEGIN');
      await client.query(`INSERT INTO eventcore.erasures (command_id, event_id, stream_id, version, reason)
      VALUES ('${commandId}', '${id}', 'patient', 2, 'by hand')`);
      await expect(client.query(`UPDATE eventcore.events SET ${change} WHERE event_id = '${id}'`)).rejects.toThrow(
        'events are immutable',
      );
      await client.query('ROLLBACK');
      client.release();
    });

    it('no change of the data of other events, and none in a later transaction', async () => {
      const { id, commandId } = await admit('Ada');
      const { id: other } = await admit('Bob');
      const client = await database.pool({ max: 1 }).connect();
      const erase = `SELECT eventcore.erase('{${id}}', '{}', 'by hand')`;
      for (const statement of [
        `UPDATE eventcore.events SET data = '{"name":"Forged"}' WHERE event_id = '${other}'`,
        `UPDATE eventcore.events SET data = '{"name":"Forged"}' WHERE command_id = '${commandId}' AND index = 0`,
        `COMMIT; UPDATE eventcore.events SET data = '{"name":"Forged"}' WHERE event_id = '${id}'`,
        `DELETE FROM eventcore.events WHERE event_id = '${id}'`,
      ]) {
        await client.query(`BEGIN; ${erase}`);
        await expect(client.query(statement)).rejects.toThrow('events are immutable');
        await client.query('ROLLBACK');
      }
      client.release();
    });
  });
});
