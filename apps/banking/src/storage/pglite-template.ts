/**
 * An empty database, to be copied. Making one takes PGlite some four seconds, and copying it a tenth of one. So it is made
 * once for a machine, when dependencies are installed, or else when it is first needed.
 */
import { PGlite } from '@electric-sql/pglite';
import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the template for the version of PGlite that is installed. */
export async function preparedTemplate(): Promise<string> {
  const entry = fileURLToPath(import.meta.resolve('@electric-sql/pglite'));
  const { version } = JSON.parse(await readFile(path.join(path.dirname(entry), '../package.json'), 'utf8')) as {
    readonly version: string;
  };
  const cache = path.resolve(path.dirname(entry), '../../../.cache/banking');
  const template = path.join(cache, `pglite-${version}`);
  try {
    await access(template);
    return template;
  } catch {
    return make(template);
  }
}

/** Of several processes that make it at once, the first one's is taken. */
async function make(template: string): Promise<string> {
  await mkdir(path.dirname(template), { recursive: true });
  const half = await mkdtemp(`${template}-`);
  const pglite = await PGlite.create(half);
  await pglite.close();
  try {
    await rename(half, template);
  } catch {
    await rm(half, { recursive: true, force: true });
    await access(template);
  }
  return template;
}
