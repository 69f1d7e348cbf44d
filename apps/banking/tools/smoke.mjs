// Is `npm start` what it says it is? Starts it on a fresh folder, as somebody would who has just cloned this, sends Bob some of
// Alice's money, looks at the page, and closes the bank.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

const folder = await mkdtemp(path.join(tmpdir(), 'banking-'));
const { DATABASE_URL: _url, STORAGE: _storage, ...env } = process.env;
const began = performance.now();
const started = spawn('npm', ['start', '--silent'], {
  cwd: path.resolve(import.meta.dirname, '../../..'),
  env: { ...env, PORT: '0', BANK_DATA: path.join(folder, 'bank') },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(started, 'exit');
try {
  const url = await addressOf(started);
  console.log(`It is open after ${((performance.now() - began) / 1000).toFixed(1)} s, compiling included.`);
  while ((await fetch(`${url}/readyz`)).status === 503) await new Promise((resolve) => setTimeout(resolve, 50));
  console.log(`It is seeded after ${((performance.now() - began) / 1000).toFixed(1)} s.`);
  assert.match(await (await fetch(url)).text(), /<script type="importmap">/);
  assert.equal((await fetch(`${url}/app/main.js`)).status, 200);

  const headers = { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' };
  const signIn = await fetch(`${url}/api/session`, { method: 'POST', headers, body: '{"user":"alice"}' });
  headers.Cookie = signIn.headers.get('Set-Cookie').split(';')[0];
  const get = async (what) => (await fetch(`${url}/api/${what}`, { headers })).json();
  const [account] = await get('accounts');
  const payee = (await get('payees')).find(({ ownerName }) => ownerName === 'Bob Baker');
  const transfer = { from: account.account, to: payee.account, amount: { cents: 12_34, currency: 'EUR' } };
  const body = JSON.stringify(transfer);
  const ask = { method: 'POST', headers: { ...headers, 'Idempotency-Key': 'smoke-test' }, body };
  const { position } = await (await fetch(`${url}/api/transfers`, ask)).json();
  assert.equal((await (await fetch(`${url}/api/transfers`, ask)).json()).duplicate, true);
  const [after] = await get(`accounts?after=${position}`);
  assert.equal(after.balance.cents, account.balance.cents - 12_34);
  console.log('Alice has sent Bob 12.34, once.');
} finally {
  // npm and its shell pass on how the server ends, and not every signal. Whose the folder is says the lock.
  const locks = started.exitCode === null ? await readdir(path.join(folder, 'bank.lock')) : [];
  for (const lock of locks) process.kill(Number(lock.split('@')[0]), 'SIGTERM');
}
assert.deepEqual(await ended, [0, null]);
await rm(folder, { recursive: true });
console.log('It has closed cleanly.');

/** What it prints when it is open. */
function addressOf(child) {
  let said = '';
  return new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text) => {
      process.stdout.write(text);
      const [, url] = /The bank is open at (\S+?),/.exec((said += text)) ?? [];
      if (url !== undefined) resolve(url);
    });
    child.on('exit', (code, signal) =>
      reject(new Error(`npm start ended with ${code ?? signal} before the bank was open.`)),
    );
  });
}
