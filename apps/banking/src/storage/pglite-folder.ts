/**
 * PostgreSQL in this process, with its files in a folder. What was acknowledged is there after the process was killed, and
 * perhaps not after a power cut, since nothing is flushed to the disk. The folder is one process's at a time.
 */
import { PGlite } from '@electric-sql/pglite';
import { cpSync } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { lockFolder } from './folder-lock.js';
import { preparedTemplate } from '../../tools/pglite-template.mjs';

export interface PGliteFolder {
  readonly pglite: PGlite;
  readonly close: () => Promise<void>;
}

/** @throws when another process has the folder, and says which. */
export async function openPGliteFolder(folder: string): Promise<PGliteFolder> {
  await mkdir(path.dirname(folder), { recursive: true });
  const unlock = await lockFolder(folder);
  try {
    if (!(await exists(folder))) await copyWhole(await preparedTemplate(), folder);
    const pglite = await PGlite.create(folder);
    return {
      pglite,
      close: async () => {
        await pglite.close();
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** All of it is there, or nothing is, whenever this process is killed. */
async function copyWhole(from: string, to: string): Promise<void> {
  const half = `${to}.new`;
  await rm(half, { recursive: true, force: true });
  // Nobody is waiting for this process yet; and of hundreds of small files, `cp` takes twice as long.
  cpSync(from, half, { recursive: true });
  await rename(half, to);
}

async function exists(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}
