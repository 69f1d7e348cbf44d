// Compiles every example that a reader could copy: the ```ts blocks of README.md, docs/**/*.md and packages/*/README.md,
// and those under @example in the TSDoc comments of packages/*/src. Each block is a module of its own, checked against
// the built packages in both decorator dialects. What follows the word `ts` on the opening fence:
//
//   ```ts             a module that compiles
//   ```ts continues   goes on from the block before it in the same file
//   ```ts run         is executed as well, in both dialects, and must exit with 0
//   ```text           is not TypeScript; there is no other way to be passed over
//
// TSDoc examples stay short: one that imports nothing stands in a block below tools/example-prelude.ts.

import { spawn } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const folder = join(root, '.examples');
const preludePath = 'tools/example-prelude.ts';
const dialects = {
  standard: {},
  legacy: { experimentalDecorators: true, useDefineForClassFields: true },
};

/**
 * @typedef {{ file: string, line: number }} Place where a line was written, 1-based
 * @typedef {{ text: string, from: Place | undefined }} Line
 * @typedef {{ at: Place, run: boolean, lines: Line[], name: string }} Example
 */

/** @type {string[]} */
const problems = [];
const examples = [...proseFiles().flatMap(examplesInProse), ...sourceFiles().flatMap(examplesInSource)];

if (examples.length > 0 && problems.length === 0) {
  writeProjects(examples);
  if (await compile(examples)) await runAll(examples.filter((example) => example.run));
}
for (const problem of problems) console.error(problem);
const run = examples.filter((example) => example.run).length;
console.log(
  problems.length === 0
    ? `${examples.length} examples compiled, ${run} run`
    : `${problems.length} problems in ${examples.length} examples`,
);
process.exitCode = problems.length > 0 ? 1 : 0;

function proseFiles() {
  return find(['README.md', 'docs/**/*.md', 'packages/*/README.md']);
}

function sourceFiles() {
  return find(['packages/*/src/**/*.ts']).filter((file) => !/\.(test|test-d)\.ts$/.test(file));
}

/** @param {string[]} patterns */
function find(patterns) {
  return patterns.flatMap((pattern) => globSync(pattern, { cwd: root })).sort();
}

/** @param {string} file */
function examplesInProse(file) {
  return blocksIn(file, linesOf(file));
}

/** @param {string} file */
function examplesInSource(file) {
  const prelude = linesOf(preludePath);
  return commentsIn(linesOf(file)).flatMap((comment) =>
    blocksIn(file, underExample(comment)).map((example) =>
      example.lines.some(({ text }) => /^\s*import\b/.test(text)) ? example : withPrelude(prelude, example),
    ),
  );
}

/** @param {string} file @returns {Line[]} */
function linesOf(file) {
  const texts = readFileSync(join(root, file), 'utf8').split(/\r?\n/);
  return texts.map((text, index) => ({ text, from: { file, line: index + 1 } }));
}

/** The TSDoc comments of a file, without their stars. @param {Line[]} lines @returns {Line[][]} */
function commentsIn(lines) {
  /** @type {Line[][]} */
  const comments = [];
  let inside = false;
  for (const line of lines) {
    if (!inside && /^\s*\/\*\*/.test(line.text)) {
      inside = true;
      comments.push([]);
    }
    if (!inside) continue;
    const text = line.text
      .replace(/^\s*\/\*\*/, '')
      .replace(/\*\/\s*$/, '')
      .replace(/^\s*\* ?/, '');
    comments.at(-1)?.push({ ...line, text });
    if (line.text.includes('*/')) inside = false;
  }
  return comments;
}

/** What stands under @example, up to the next tag: a decorator inside a fence is none. @param {Line[]} comment */
function underExample(comment) {
  let fenced = false;
  let example = false;
  return comment.filter(({ text }) => {
    if (/^\s*```/.test(text)) fenced = !fenced;
    else if (!fenced && /^\s*@[a-zA-Z]/.test(text)) example = /^\s*@example\b/.test(text);
    return example;
  });
}

/**
 * The ```ts blocks among some lines.
 *
 * @param {string} file
 * @param {Line[]} lines
 * @returns {Example[]}
 */
function blocksIn(file, lines) {
  /** @type {Example[]} */
  const found = [];
  /** @type {{ indent: string, fence: string, example: Example | undefined, at: Place } | undefined} */
  let open;
  for (const { text, from } of lines) {
    if (from === undefined) continue;
    const fence = /^(\s*)(`{3,}|~{3,})(.*)$/.exec(text);
    if (open !== undefined) {
      if (fence?.[2]?.startsWith(open.fence) && fence[3]?.trim() === '') open = undefined;
      else
        open.example?.lines.push({ text: text.startsWith(open.indent) ? text.slice(open.indent.length) : text, from });
    } else if (fence) {
      const [language = '', ...flags] = (fence[3] ?? '').trim().split(/\s+/);
      const example = ['ts', 'typescript'].includes(language) ? exampleAt(from, flags, found.at(-1)) : undefined;
      if (example) found.push(example);
      open = { indent: fence[1] ?? '', fence: fence[2] ?? '', example, at: from };
    }
  }
  if (open?.example) problems.push(`${file}:${open.at.line}: the block is never closed`);
  return found;
}

/** @param {Place} at @param {string[]} flags @param {Example | undefined} before @returns {Example} */
function exampleAt(at, flags, before) {
  for (const flag of flags.filter((flag) => !['continues', 'run'].includes(flag))) {
    problems.push(
      `${at.file}:${at.line}: \`ts ${flag}\` is not known; say \`ts\`, \`ts continues\` or \`ts run\`, or \`text\``,
    );
  }
  const continues = flags.includes('continues');
  if (continues && before === undefined)
    problems.push(`${at.file}:${at.line}: there is no block before this one to go on from`);
  const name = `${at.file.replaceAll(/[^\w.-]/g, '__')}.${at.line}`;
  return { at, run: flags.includes('run'), lines: continues && before ? [...before.lines] : [], name };
}

/**
 * The example in a scope of its own, so that it may use a name that the prelude uses too.
 *
 * @param {Line[]} prelude
 * @param {Example} example
 * @returns {Example}
 */
function withPrelude(prelude, example) {
  const lines = example.lines.map(({ text, from }) => ({ text: text.replace(/^export (?!default)/, '       '), from }));
  const line = (/** @type {string} */ text) => ({ text, from: undefined });
  return { ...example, lines: [...prelude, line('{'), ...lines, line('}')] };
}

/** @param {Example[]} examples */
function writeProjects(examples) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'src'), { recursive: true });
  for (const example of examples) {
    const text = [...example.lines.map((line) => line.text), 'export {};', ''].join('\n');
    writeFileSync(join(folder, 'src', `${example.name}.ts`), text);
  }
  for (const [dialect, options] of Object.entries(dialects)) {
    mkdirSync(join(folder, dialect));
    const compilerOptions = { rootDir: '../src', outDir: 'out', incremental: false, ...options };
    const project = { extends: '../../tsconfig.base.json', compilerOptions, include: ['../src'] };
    writeFileSync(join(folder, dialect, 'tsconfig.json'), JSON.stringify(project, null, 2));
  }
  const references = Object.keys(dialects).map((dialect) => ({ path: dialect }));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ files: [], references }, null, 2));
}

/** One run of the compiler over both dialects. @param {Example[]} examples */
async function compile(examples) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { code, output } = await execute([tsc, '-b', folder, '--pretty', 'false']);
  if (code === 0) return true;
  const byName = new Map(examples.map((example) => [example.name, example]));
  /** @type {Set<string>} */
  const said = new Set();
  for (const line of output.split('\n')) {
    const match = /^(.*?)\((\d+),(\d+)\): (.*)$/.exec(line.trimEnd());
    const example = match && byName.get(relative(join(folder, 'src'), join(root, match[1] ?? '')).replace(/\.ts$/, ''));
    const place = example ? (example.lines[Number(match?.[2]) - 1]?.from ?? example.at) : undefined;
    const text = place ? `${place.file}:${place.line}: ${match?.[4]}` : line;
    // Both dialects, and a block that goes on from another one, say the same of the same line.
    if (line.trim() !== '' && (!said.has(text) || line.startsWith(' '))) problems.push(text);
    said.add(text);
  }
  if (problems.length === 0) problems.push(`tsc failed without a word (exit code ${code})`);
  return false;
}

/** @param {Example[]} examples */
async function runAll(examples) {
  for (const example of examples) {
    for (const dialect of Object.keys(dialects)) {
      const script = join(folder, dialect, 'out', `${example.name}.js`);
      const { code, output } = await execute([script], 60_000);
      if (code !== 0) {
        const end = code === null ? 'did not end within a minute' : `exited with ${code}`;
        problems.push(
          `${example.at.file}:${example.at.line}: ${end} (${dialect} decorators)\n${output.split('\n').slice(-60).join('\n')}`,
        );
      }
    }
  }
}

/**
 * @param {string[]} args for Node itself
 * @param {number} [timeout] in milliseconds
 * @returns {Promise<{ code: number | null, output: string }>}
 */
function execute(args, timeout) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], timeout });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
