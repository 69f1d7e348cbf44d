// Before the first test in a browser, and only if there is one: the page as a browser loads it, compiled, and a PostgreSQL for
// those tests that want one. Where no browser is found the tests are skipped, and nothing is prepared.

import { execFileSync } from 'node:child_process';
import * as path from 'node:path';
import { chromium } from '../apps/banking/browser/chromium.fixture.ts';
import startPostgres from './test-postgres-setup.mjs';

const root = path.resolve(import.meta.dirname, '..');

export default async function setup() {
  if (chromium === undefined) {
    console.warn('No Chromium was found: tests in a browser are skipped. Install it, or say where it is by CHROMIUM.');
    return;
  }
  execFileSync(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), '-b', 'apps/banking/web'], {
    cwd: root,
    stdio: 'inherit',
  });
  await startPostgres();
}
