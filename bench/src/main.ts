/** Runs the cases that are named on the command line, or all of them: `npm run bench -- two-streams`. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { batchedCalls } from './cases/batched-calls.js';
import { judging } from './cases/judge.js';
import { longStreams } from './cases/long-streams.js';
import { shortStreams } from './cases/short-streams.js';
import { compare, ROUNDS, roundsOf, TURNS, type Case, type Contestant } from './harness.js';
import { tableOf } from './table.js';

/** How this program calls itself for the rounds of one contestant. */
const APART = '--apart';

const cases = [...shortStreams, ...longStreams, batchedCalls, ...judging];
const given = process.argv.slice(2);

if (process.env['NODE_ENV'] !== 'production') {
  refuse('Start this with `npm run bench`, which sets what figures depend on: NODE_ENV=production.');
} else if (given[0] === APART) {
  const { contestants, operations } = cases.find(({ name }) => name === given[1])!;
  const contestant = contestants.find(({ name }) => name === given[2])!;
  console.log(JSON.stringify(await roundsOf(contestant, operations)));
} else {
  const unknown = given.find((name) => !cases.some((known) => known.name === name));
  if (unknown !== undefined)
    refuse(`There is no case "${unknown}". There are ${cases.map(({ name }) => name).join(', ')}.`);
  else run(cases.filter(({ name }) => given.length === 0 || given.includes(name)));
}

function run(chosen: readonly Case[]): void {
  console.log(`Node.js ${process.version}, processor time, medians of ${ROUNDS} rounds in each of ${TURNS} turns\n`);
  for (const one of chosen) {
    const results = compare(one, (contestant) => apart(one, contestant));
    console.log(tableOf(one, results));
  }
}

function apart({ name }: Case, contestant: Contestant): readonly number[] {
  const program = [...process.execArgv, fileURLToPath(import.meta.url), APART, name, contestant.name];
  const { status, stdout } = spawnSync(process.execPath, program, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${name} failed, ${contestant.name}.`);
  return JSON.parse(stdout) as readonly number[];
}

function refuse(why: string): void {
  console.error(why);
  process.exitCode = 1;
}
