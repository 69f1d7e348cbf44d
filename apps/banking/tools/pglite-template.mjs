// An empty database, to be copied. Making one takes PGlite some four seconds, and copying it a tenth of one. So it is made
// once for a machine, by `npm ci`, or else when it is first needed. Plain JavaScript, since then nothing may be compiled yet.

import { PGlite } from '@electric-sql/pglite';
import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import * as path from 'node:path';

/** The folder of the template for the version of PGlite that is installed. */
export async function preparedTemplate() {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const { version } = JSON.parse(await readFile(path.join(path.dirname(entry), '../package.json'), 'utf8'));
  const template = path.resolve(path.dirname(entry), `../../../.cache/banking/one-database-${version}`);
  try {
    await access(template);
    return template;
  } catch {
    return make(template);
  }
}

/** Of several processes that make it at once, the first one's is taken. */
async function make(template) {
  await mkdir(path.dirname(template), { recursive: true });
  const half = await mkdtemp(`${template}-`);
  const pglite = await PGlite.create(half);
  await leaveOne(pglite);
  await pglite.close();
  try {
    await rename(half, template);
  } catch {
    await rm(half, { recursive: true, force: true });
    await access(template);
  }
  return template;
}

/** The bank uses one database. The two that others are made from would be 600 of 970 files to copy. */
async function leaveOne(pglite) {
  await pglite.query('UPDATE pg_database SET datistemplate = false');
  const { rows } = await pglite.query('SELECT datname FROM pg_database WHERE datname <> current_database()');
  for (const { datname } of rows) await pglite.query(`DROP DATABASE ${datname}`);
}
