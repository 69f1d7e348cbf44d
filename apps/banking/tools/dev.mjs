// Compiles whatever changes, and starts the bank anew whenever what it runs has changed: `npm run dev`. The page is read from
// its files with each request, so a reload in the browser shows what was compiled.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as path from 'node:path';
import { projects, tsc } from './compiler.mjs';

const app = path.resolve(import.meta.dirname, '..');
const run = (...words) => spawn(process.execPath, words, { stdio: 'inherit' });

const [code] = await once(run(tsc, '-b', ...projects), 'exit');
if (code !== 0) process.exit(code);
const children = [
  run(tsc, '-b', '--watch', '--preserveWatchOutput', ...projects),
  run('--watch', '--watch-preserve-output', path.join(app, 'dist/main.js')),
];
// A terminal tells all of them; whoever tells only this process means all of them.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => children.forEach((child) => child.kill(signal)));
}
