/**
 * What cookies are signed with. Kept where events last, so that whoever is signed in still is after a restart. Several processes
 * need one `SESSION_SECRET`.
 */
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';

/** For the process that has the folder, which is one at a time; without a folder, a new one. */
export async function sessionSecret(folder: string | undefined): Promise<string> {
  const drawn = randomBytes(32).toString('hex');
  if (folder === undefined) return drawn;
  const file = `${folder}.secret`;
  const kept = await contentOf(file);
  // A process that was killed as it wrote may have left a part of it, and what is signed with nothing is signed by anybody.
  if (kept.length === drawn.length) return kept;
  await writeFile(file, drawn, { mode: 0o600 });
  return drawn;
}

async function contentOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
