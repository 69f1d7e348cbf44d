/** Sharing calls wrongly is found out: the simulator runs on sources that are changed, each in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { atLength } from '../../../../tools/at-length.mjs';
import { sourceMutants } from './mutants.fixture.js';

const MOST_SEEDS = 300;
const runSources = path.join(import.meta.dirname, '../../../../tools/run-sources.mjs');
const script = path.join(import.meta.dirname, 'run-mutant.fixture.ts');

/** The seed that has found out, if one has; `mutant` is its number, or none. */
async function firstToFail(mutant: number | 'none', first: number, last: number): Promise<number | undefined> {
  const words = ['--disable-warning=ExperimentalWarning', '--import', runSources, script];
  const child = spawn(process.execPath, [...words, String(mutant), String(first), String(last)]);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  expect([code, stderr]).toEqual([0, '']);
  return stdout === '' ? undefined : Number(stdout);
}

describe('the simulator finds out within 300 seeds, if calls are shared such that', () => {
  it.each(sourceMutants.map(({ name, seed }, number) => [name, seed, number] as const))(
    '%s',
    async (_, seed, number) => {
      const found = await firstToFail(number, atLength ? 1 : seed, atLength ? MOST_SEEDS : seed);
      if (atLength) expect(found).toBeLessThanOrEqual(MOST_SEEDS);
      else expect(found).toBe(seed);
    },
  );

  it('nothing is wrong with them, and then it finds nothing', async () => {
    expect(await firstToFail('none', 1, atLength ? MOST_SEEDS : 30)).toBeUndefined();
  });
});
