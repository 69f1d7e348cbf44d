// Installs what would be published into projects like our users' own, and lets each build and run itself: both decorator
// dialects and the door without decorators, under every compiler that we promise, and older TypeScripts. The packages
// are packed first, so that a file that was left out of the tarball is missed here and not by a user.
//
//   node tools/check-consumers.mjs                  all of them
//   node tools/check-consumers.mjs swc-legacy       only these
//   node tools/check-consumers.mjs --keep           leaves the folder for you to look into

import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const keep = process.argv.includes('--keep');
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const folder = mkdtempSync(join(tmpdir(), 'eventcore-consumers-'));

try {
  const consumers = await prepare();
  const failed = await checkAll(consumers);
  console.log(`${consumers.length - failed} of ${consumers.length} consumers pass`);
  process.exitCode = failed > 0 ? 1 : 0;
} finally {
  if (keep) console.log(`Left in ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}

/** One folder with everything installed once; each consumer is a subfolder that finds it by looking upward, and gets the shared source. */
async function prepare() {
  cpSync(join(root, 'consumers'), folder, { recursive: true });
  const consumers = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'package.json')));
  for (const name of wanted.filter((name) => !consumers.includes(name)))
    throw new Error(`There is no consumer ${name}`);

  const packed = await pack();
  const manifest = read(join(folder, 'package.json'));
  for (const [name, tarball] of Object.entries(packed)) manifest.dependencies[name] = `file:${tarball}`;
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
  const install = await npm(['install', '--no-audit', '--no-fund', '--no-package-lock'], folder);
  if (install.code !== 0) throw new Error(`npm install failed:\n${install.output}`);

  writeFileSync(join(folder, 'third-party-store', 'journal.ts'), documentedStore());
  writeFileSync(join(folder, 'vitest-standard', 'vitest.config.mjs'), documentedVitestConfig());
  for (const name of consumers) cpSync(join(folder, 'shared'), join(folder, name, 'src'), { recursive: true });
  return wanted.length > 0 ? wanted : consumers;
}

/** The adapter that our documentation shows, word for word. */
function documentedStore() {
  const page = readFileSync(join(root, 'docs', 'writing-a-store.md'), 'utf8');
  const block = [...page.matchAll(/^```ts.*\n([^]*?)^```$/gm)].find(([, code]) =>
    code?.includes('function createJournal'),
  );
  if (block === undefined) throw new Error('docs/writing-a-store.md shows no createJournal any more');
  return /** @type {string} */ (block[1]);
}

/** The configuration that our documentation shows for vitest and standard decorators, word for word. */
function documentedVitestConfig() {
  const page = readFileSync(join(root, 'docs', 'decorators-and-compilers.md'), 'utf8');
  const block = /^```text\n(\/\/ vitest\.config\.mjs\n[^]*?)^```$/m.exec(page);
  if (block === null) throw new Error('docs/decorators-and-compilers.md shows no vitest.config.mjs any more');
  return /** @type {string} */ (block[1]);
}

/** @returns {Promise<Record<string, string>>} the tarball of each package that is published, by name */
async function pack() {
  const folders = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name));
  const published = folders.filter(
    (path) => existsSync(join(path, 'package.json')) && !read(join(path, 'package.json')).private,
  );
  const { code, output } = await npm(['pack', '--json', '--silent', '--pack-destination', folder, ...published], root);
  if (code !== 0) throw new Error(`npm pack failed:\n${output}`);
  const tarballs = Object.values(JSON.parse(output));
  for (const { name, files } of tarballs)
    expectOnlyWhatIsNeeded(
      name,
      files.map((/** @type {{ path: string }} */ file) => file.path),
    );
  return Object.fromEntries(tarballs.map(({ name, filename }) => [name, join(folder, filename)]));
}

/** @param {string} name @param {string[]} files */
function expectOnlyWhatIsNeeded(name, files) {
  const superfluous = files.filter((file) => /\.(test|test-d)\.|\.tsbuildinfo$/.test(file));
  if (superfluous.length > 0) throw new Error(`${name} would publish ${superfluous.join(', ')}`);
  // A declaration map leads an editor to the source, which has to be there too.
  const sources = files
    .filter((file) => file.endsWith('.d.ts'))
    .map((file) => file.replace(/^dist/, 'src').replace(/\.d\.ts$/, '.ts'));
  const missing = [...sources, 'dist/index.js', 'LICENSE'].filter((file) => !files.includes(file));
  if (missing.length > 0)
    throw new Error(`${name} would be published without ${missing.join(', ')}. After a rename: npm run clean`);
}

/** @param {string[]} consumers @returns {Promise<number>} how many failed */
async function checkAll(consumers) {
  const waiting = [...consumers];
  let failed = 0;
  const worker = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const start = performance.now();
      const { code, output } = await npm(['run', '--silent', 'check'], join(folder, name));
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      console.log(`${code === 0 ? 'pass' : 'FAIL'}  ${name} (${seconds} s)`);
      if (code !== 0) {
        failed++;
        console.log(output.trimEnd().replaceAll(/^/gm, '      '));
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, worker));
  return failed;
}

/** @param {string} path */
function read(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/**
 * @param {string[]} args
 * @param {string} cwd
 * @returns {Promise<{ code: number | null, output: string }>} what it printed: only stdout where it went well
 */
function npm(args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' });
    let stdout = '';
    let all = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      all += chunk;
    });
    child.stderr.on('data', (chunk) => (all += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output: code === 0 ? stdout : all }));
  });
}
