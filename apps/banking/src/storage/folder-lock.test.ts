import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import * as path from 'node:path';
import { beginningOf, lockFolder } from './folder-lock.js';

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'banking-lock-'));
  folder = path.join(parent, 'bank');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const locks = () => readdir(`${folder}.lock`);

async function leave(name: string): Promise<void> {
  await mkdir(`${folder}.lock`);
  await writeFile(path.join(`${folder}.lock`, name), '');
}

describe('the lock of a folder', () => {
  it('names its process, and is gone when it is let go of', async () => {
    const unlock = await lockFolder(folder);
    expect(await locks()).toEqual([expect.stringMatching(new RegExp(`^${process.pid}@`))]);
    await unlock();
    expect(await locks()).toEqual([]);
  });

  it('is refused while another process has it, which is named', async () => {
    const other = spawn('sleep', ['60']);
    try {
      const unlock = await lockFolder(folder);
      const [own] = await locks();
      await unlock();
      await rm(`${folder}.lock`, { recursive: true });
      const name = own!.replace(/^\d+/, String(other.pid)).replace(/[^@]+$/, (await beginningOf(other.pid!))!);
      await leave(name);
      await expect(lockFolder(folder)).rejects.toThrow(`Process ${other.pid} has the folder ${folder}.`);
      expect(await locks()).toEqual([name]);
    } finally {
      other.kill('SIGKILL');
      await once(other, 'exit');
    }
    const unlock = await lockFolder(folder);
    expect(await locks()).toHaveLength(1);
    await unlock();
  });

  // Only Linux lets a process look for one that is dead and not yet buried.
  (process.platform === 'linux' ? it : it.skip)(
    'of a process that was killed and is not buried yet is none',
    async () => {
      // The shell becomes another program, which knows nothing of the child that it has.
      const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [told] = (await once(parent.stdout, 'data')) as [Buffer];
      const pid = Number(String(told));
      const began = await beginningOf(pid);
      await leave(`${pid}@${encodeURIComponent(hostname())}@${began}`);
      process.kill(pid, 'SIGKILL');
      while ((await beginningOf(pid)) !== undefined) await new Promise((resolve) => setTimeout(resolve, 10));
      await (
        await lockFolder(folder)
      )();
      parent.kill('SIGKILL');
      await once(parent, 'exit');
    },
  );

  it('of a process whose number belongs to another one by now is none', async () => {
    await leave(`${process.ppid}@${encodeURIComponent(hostname())}@1`);
    const unlock = await lockFolder(folder);
    expect(await locks()).toHaveLength(1);
    await unlock();
  });

  it('of another machine is believed, with what to do if that one is gone', async () => {
    await leave('7@elsewhere@1');
    await expect(lockFolder(folder)).rejects.toThrow(
      `Process 7 has the folder ${folder} on elsewhere; if that is gone, remove ${path.join(`${folder}.lock`, '7@elsewhere@1')}.`,
    );
  });
});
