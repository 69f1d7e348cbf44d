/** Runs the cases that are named on the command line, or all of them: `npm run bench -- two-streams`. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { longStreams } from './cases/long-streams.js';
import { shortStreams } from './cases/short-streams.js';
import { measure, type Case } from './harness.js';
import { tableOf } from './table.js';

const cases = [...shortStreams, ...longStreams];
const names = process.argv.slice(2);
const unknown = names.find((name) => !cases.some((known) => known.name === name));

if (process.env['NODE_ENV'] !== 'production' || globalThis.gc === undefined) {
  refuse('Start this with `npm run bench`, which sets what figures depend on: NODE_ENV=production and --expose-gc.');
} else if (unknown !== undefined) {
  refuse(`There is no case "${unknown}". There are ${cases.map(({ name }) => name).join(', ')}.`);
} else if (names.length === 1) {
  const [chosen] = cases.filter(({ name }) => name === names[0]) as [Case];
  console.log(tableOf(chosen, await measure(chosen)));
} else {
  console.log(`Node.js ${process.version}, medians of rounds in turns\n`);
  for (const { name } of cases) if (names.length === 0 || names.includes(name)) runApart(name);
}

/** In a process of its own: a case then measures the same alone and among others, whatever those left behind. */
function runApart(name: string): void {
  const { status } = spawnSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), name], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}

function refuse(why: string): void {
  console.error(why);
  process.exitCode = 1;
}
