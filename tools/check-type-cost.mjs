// What our types cost the compiler that an application is built with: instantiations for each event, and for each command of
// either door, in an application that is generated here. That count is the same on every machine, so a limit can be close;
// the schemas by themselves are taken off, since they are the business of whoever wrote their library.
//
//   node tools/check-type-cost.mjs       `npm run check:types-cost` builds first
//
// A limit that is passed for a good reason is raised here, with that reason in the commit. One that is missed by far is
// lowered, or the next loss would go unseen.

import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const folder = join(root, '.type-cost');
const compiler = join(createRequire(import.meta.url).resolve('typescript/package.json'), '..', 'bin', 'tsc');

/** In instantiations; what was measured when they were set was some 5 % less. */
const limits = { 'an event': 500, 'a command class': 1600, 'a command without decorators': 1095 };

const streams = 30;
const eventsOfEach = 10;
const commands = 90;

const schemas = instantiations({ streamFile: schemasOnly });
const types = instantiations({ streamFile: streamType });
const costs = {
  'an event': (types - schemas) / (streams * eventsOfEach),
  'a command class': (instantiations({ streamFile: streamType, commandFile: commandClass }) - types) / commands,
  'a command without decorators':
    (instantiations({ streamFile: streamType, commandFile: definedCommand }) - types) / commands,
};
rmSync(folder, { recursive: true, force: true });

for (const [what, limit] of Object.entries(limits)) {
  const cost = Math.round(costs[/** @type {keyof typeof costs} */ (what)]);
  const verdict = cost > limit ? 'FAIL' : cost < limit * 0.85 ? 'FAIL, lower the limit' : 'pass';
  console.log(`${verdict}  ${what} costs ${cost} instantiations, of ${limit}`);
  if (verdict !== 'pass') process.exitCode = 1;
}

/**
 * @param {{ streamFile: (stream: number) => string, commandFile?: (command: number, one: number, other: number) => string }} files
 * @returns {number} what the compiler counts for an application of these files
 */
function instantiations({ streamFile, commandFile }) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (let stream = 0; stream < streams; stream++)
    writeFileSync(join(folder, `stream${stream}.ts`), streamFile(stream));
  for (let command = 0; commandFile !== undefined && command < commands; command++) {
    const other = (command * 7 + 1) % streams;
    const one = command % streams === other ? (other + 1) % streams : command % streams;
    writeFileSync(join(folder, `command${command}.ts`), commandFile(command, one, other));
  }
  const options = {
    target: 'es2022',
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
  };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...options, skipLibCheck: true, types: ['node'] } }),
  );
  // One checker, since several would each count what they do for themselves.
  const { stdout } = spawnSync(
    process.execPath,
    [compiler, '-p', folder, '--extendedDiagnostics', '--checkers', '1', '--pretty', 'false'],
    { encoding: 'utf8' },
  );
  const counted = /^Instantiations:\s+(\d+)$/m.exec(stdout);
  if (counted === null || stdout.includes('error TS'))
    throw new Error(`The generated application does not compile:\n${stdout}`);
  return Number(counted[1]);
}

/** @param {number} stream */
function schemaFile(stream) {
  return `import * as v from 'valibot';
import { defineStream } from '@eventcore/core';

export const Amount${stream} = v.pipe(v.number(), v.minValue(1), v.brand('Amount${stream}'));
export type Amount${stream} = v.InferOutput<typeof Amount${stream}>;
export const events${stream} = {
${lines((event) => `Event${event}: v.object({ text${stream}: v.string(), amount${event}: Amount${stream}, note: v.optional(v.string()), lines: v.array(v.object({ count${event}: v.number() })) }),`)}
};
`;
}

/** @param {number} stream */
function schemasOnly(stream) {
  return `${schemaFile(stream)}export { defineStream };\n`;
}

/** @param {number} stream */
function streamType(stream) {
  return `${schemaFile(stream)}
export const Stream${stream} = defineStream('stream${stream}', {
  events: events${stream},
  state: () => ({ open${stream}: false, balance: 0 }),
  fold: {
${lines((event) => `Event${event}: (state, { amount${event} }) => ({ ...state, balance: state.balance + amount${event} }),`)}
  },
});
`;
}

/** @param {number} command @param {number} one @param {number} other */
function commandClass(command, one, other) {
  return `import * as v from 'valibot';
import { Command, CommandLogic, ensure, execute, Input, Stream, type Context, type EventStore, type StreamOf } from '@eventcore/core';
import { Amount${one}, Stream${one} } from './stream${one}.js';
import { Amount${other}, Stream${other} } from './stream${other}.js';

@Command()
export class Command${command} extends CommandLogic<Command${command}> {
  @Stream(Stream${one}) readonly from!: StreamOf<typeof Stream${one}>;
  @Stream(Stream${other}) readonly to!: StreamOf<typeof Stream${other}>;
  @Input(Amount${one}) readonly amount!: Amount${one};
  @Input(Amount${other}) readonly other!: Amount${other};
  @Input(v.string()) readonly text!: string;

  handle({ state, emit }: Context<Command${command}>) {
${decision(one, other, 'this')}
  }
}
${call(command, other)}`;
}

/** @param {number} command @param {number} one @param {number} other */
function definedCommand(command, one, other) {
  return `import * as v from 'valibot';
import { defineCommand, ensure, execute, type EventStore } from '@eventcore/core';
import { Amount${one}, Stream${one} } from './stream${one}.js';
import { Amount${other}, Stream${other} } from './stream${other}.js';

export const Command${command} = defineCommand('Command${command}', {
  streams: { from: Stream${one}, to: Stream${other} },
  input: { amount: Amount${one}, other: Amount${other}, text: v.string() },
  handle: ({ state, input, emit }) => {
${decision(one, other, 'input')}
  },
});
${call(command, other)}`;
}

/** @param {number} one @param {number} other @param {string} input */
function decision(one, other, input) {
  return `    ensure(state.from.open${one} && state.to.balance > ${input}.amount, 'no');
    emit('from', 'Event1', { text${one}: ${input}.text, amount1: ${input}.amount, lines: [] });
    emit('to', 'Event2', { text${other}: ${input}.text, amount2: ${input}.other, lines: [{ count2: 1 }] });`;
}

/** @param {number} command @param {number} other */
function call(command, other) {
  return `
declare const store: EventStore;
const to = Stream${other}.at('bob');
export const run = () => execute(new Command${command}({ from: 'alice', to, amount: 1, other: 2, text: '' }), store);
`;
}

/** @param {(event: number) => string} line */
function lines(line) {
  return Array.from({ length: eventsOfEach }, (_, event) => `    ${line(event)}`).join('\n');
}
