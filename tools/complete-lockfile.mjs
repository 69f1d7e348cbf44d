// Keeps package-lock.json usable by everybody, whatever registry it was written against:
//
//   node tools/complete-lockfile.mjs           adds what is missing
//   node tools/complete-lockfile.mjs --check   only tells, and fails
//
// Native tools (swc, oxlint, turbo, TypeScript) ship one optional package for each platform. A registry mirror that
// holds only the platforms of its own machines makes `npm install` leave the others out of the lock file, and `npm ci`
// then refuses that very file: 'Missing: @swc/core-darwin-arm64@ from lock file'. The entries added here carry the
// version that their parent pins and the platform that their name tells; npm adds the checksum when it first sees one.

import { readFileSync, writeFileSync } from 'node:fs';

const path = new URL('../package-lock.json', import.meta.url);
const check = process.argv.includes('--check');
const lock = JSON.parse(readFileSync(path, 'utf8'));
const problems = [];
let added = 0;

for (const [at, parent] of Object.entries(lock.packages)) {
  if (typeof parent.resolved === 'string' && /^https?:/.test(parent.resolved)) {
    problems.push(`${at} names a registry: ${parent.resolved}. See .npmrc.`);
  }
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    if (placesFor(at, name).some((place) => place in lock.packages)) continue;
    if (!/^\d/.test(version)) {
      problems.push(`${at} wants ${name}@${version}, which is no exact version: add it by hand.`);
      continue;
    }
    if (check) {
      problems.push(`${name}@${version} is missing. Run: npm run lockfile`);
      continue;
    }
    lock.packages[`node_modules/${name}`] = {
      version,
      ...platformOf(name),
      ...(parent.dev ? { dev: true } : {}),
      optional: true,
    };
    added++;
  }
}

if (added > 0) {
  const byPath = ([a], [b]) => a.localeCompare(b, 'en');
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(byPath));
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
}
for (const problem of problems) console.error(problem);
console.log(
  `package-lock.json: ${Object.keys(lock.packages).length} entries, ${added} added, ${problems.length} problems`,
);
process.exitCode = problems.length > 0 ? 1 : 0;

/** Where Node would look for `name` from `at`: beside it, then in each folder above. */
function placesFor(at, name) {
  const above = at.split('node_modules/');
  return above
    .map((_, depth) => `${above.slice(0, above.length - depth).join('node_modules/')}/node_modules/${name}`)
    .concat(`node_modules/${name}`)
    .map((place) => place.replaceAll('//', '/').replace(/^\//, ''));
}

/** `@swc/core-linux-arm-gnueabihf` → Linux on 32-bit ARM. A word in the name that says nothing is passed over. */
function platformOf(name) {
  const systems = { windows: 'win32', win32: 'win32', darwin: 'darwin', linux: 'linux', freebsd: 'freebsd' };
  const more = {
    android: 'android',
    openharmony: 'openharmony',
    openbsd: 'openbsd',
    netbsd: 'netbsd',
    sunos: 'sunos',
    aix: 'aix',
  };
  const processors = {
    64: 'x64',
    x64: 'x64',
    arm64: 'arm64',
    arm: 'arm',
    ia32: 'ia32',
    ppc64: 'ppc64',
    s390x: 's390x',
  };
  const rarer = { riscv64: 'riscv64', loong64: 'loong64', mips64el: 'mips64el', wasm32: 'wasm32' };
  const words = name.split(/[/-]/);
  const find = (table) => words.map((word) => table[word]).find((found) => found !== undefined);
  const os = find({ ...systems, ...more });
  const cpu = find({ ...processors, ...rarer });
  const libc = words.some((word) => word.startsWith('musl'))
    ? 'musl'
    : words.some((word) => word.startsWith('gnu'))
      ? 'glibc'
      : undefined;
  return {
    ...(cpu ? { cpu: [cpu] } : {}),
    ...(os === 'linux' && libc ? { libc: [libc] } : {}),
    ...(os ? { os: [os] } : {}),
  };
}
