/**
 * What a fresh database holds stands in `schema.sql`, so that a change of it is seen where it is reviewed. After a change
 * that is meant: `UPDATE_SCHEMA=1 npm test -- schema-dump`.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { testDatabase } from '../fixtures/test-database.fixture.js';
import { dumpSchema } from './schema-dump.fixture.js';

const file = path.join(import.meta.dirname, '../../schema.sql');
const role = `eventcore_dump_${process.pid}`;
const heading = `-- What a fresh database holds after migrate(), with the rights of an application that was named in grantTo.
-- Written by schema-dump.pg.test.ts, which fails where this file is another. To look at, not to run: migrate() does that.

`;

const database = testDatabase();

describe('schema.sql', () => {
  beforeAll(async () => {
    await database.query(`CREATE ROLE ${role}`);
    await database.store({ pool: database.pool({ max: 1 }) }).migrate({ grantTo: [role] });
  });
  afterAll(async () => {
    await database.query(`DROP OWNED BY ${role}`);
    await database.query(`DROP ROLE ${role}`);
  });

  it('says what a fresh database holds', async () => {
    const dumped = heading + (await dumpSchema(database.query, 'eventcore', role));
    if (process.env['UPDATE_SCHEMA'] === '1') fs.writeFileSync(file, dumped);
    expect(dumped).toBe(fs.readFileSync(file, 'utf8'));
  });

  it('is SQL, and what it makes has the same dump', async () => {
    const dump = await dumpSchema(database.query, 'eventcore', role);
    await database.query('DROP SCHEMA eventcore CASCADE');
    // What can be called by everybody from the beginning is closed by migrate(), which a dump tells by naming no PUBLIC.
    await database.query('ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC');
    await database.query(dump.replaceAll('TO application', `TO ${role}`));
    expect(await dumpSchema(database.query, 'eventcore', role)).toBe(dump);
  });
});
