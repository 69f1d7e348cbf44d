import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { sessionSecret } from './session-secret.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'banking-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('the secret that cookies are signed with', () => {
  it('is drawn once for a folder, and for its owner alone', async () => {
    const bank = path.join(folder, 'bank');
    const drawn = await sessionSecret(bank);
    expect(drawn).toMatch(/^[0-9a-f]{64}$/);
    expect(await sessionSecret(bank)).toBe(drawn);
    expect((await stat(`${bank}.secret`)).mode & 0o777).toBe(0o600);
  });

  it.each(['', 'a part of it'])('is drawn anew where only "%s" was written', async (part) => {
    const bank = path.join(folder, `bank with ${part.length}`);
    await writeFile(`${bank}.secret`, part);
    const drawn = await sessionSecret(bank);
    expect(drawn).toMatch(/^[0-9a-f]{64}$/);
    expect(await readFile(`${bank}.secret`, 'utf8')).toBe(drawn);
  });

  it('is another one for each process without a folder', async () => {
    expect(await sessionSecret(undefined)).not.toBe(await sessionSecret(undefined));
  });
});
