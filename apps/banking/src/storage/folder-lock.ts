/**
 * One process for a folder at a time, whatever has become of the one before: a lock of one that was killed is no lock.
 *
 * Each process that wants the folder puts down a file that is named after it, and then looks for those of others. Of two that
 * do so at once, at least one sees the other and gives way; so it is never taken twice. (Perhaps both give way.) A process is
 * known by its number and by when it began, since numbers come again.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import * as path from 'node:path';

/** Gives back what lets go of the lock. @throws when another process has it. */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const locks = `${folder}.lock`;
  await mkdir(locks, { recursive: true });
  const own: Holder = { host: hostname(), pid: process.pid, began: (await beginningOf(process.pid)) ?? 'now' };
  const file = path.join(locks, nameOf(own));
  await writeFile(file, '');
  try {
    for (const name of await readdir(locks)) {
      if (name === nameOf(own)) continue;
      const other = holderOf(name);
      const held = other !== undefined && (other.host !== own.host || (await beginningOf(other.pid)) === other.began);
      if (held) throw takenBy(other, folder, path.join(locks, name));
      await rm(path.join(locks, name), { force: true });
    }
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
  return () => rm(file, { force: true });
}

interface Holder {
  readonly host: string;
  readonly pid: number;
  /** Some text that no two processes of one number share. */
  readonly began: string;
}

function nameOf({ host, pid, began }: Holder): string {
  return `${pid}@${encodeURIComponent(host)}@${began}`;
}

function holderOf(name: string): Holder | undefined {
  const [pid, host, began] = name.split('@');
  if (host === undefined || began === undefined) return undefined;
  return { pid: Number(pid), host: decodeURIComponent(host), began };
}

/** When a process began, as its system says; undefined when there is none of that number. */
export async function beginningOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    try {
      // After the name, which is in brackets and may hold anything: its state, and as the 20th of what follows its start.
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
      const [state, ...numbers] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      // One that is dead, and that nobody has buried yet, holds nothing.
      return state === 'Z' || state === 'X' ? undefined : numbers[18];
    } catch {
      return undefined;
    }
  }
  try {
    const told = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' });
    return told.trim().replaceAll(/\W+/g, '-');
  } catch {
    // `ps` fails for a process that there is not; on a system without it, a number has to do.
    return isThere(pid) ? 'unknown' : undefined;
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function takenBy({ pid, host }: Holder, folder: string, file: string): Error {
  const where = host === hostname() ? '' : ` on ${host}; if that is gone, remove ${file}`;
  return new Error(
    `Process ${pid} has the folder ${folder}${where}. Stop it, name another folder by BANK_DATA, or use PostgreSQL by DATABASE_URL: there several processes work side by side.`,
  );
}
