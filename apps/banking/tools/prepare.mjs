// Run by `npm ci`, so that the bank's first start is as quick as its others: it finds itself compiled, and an empty database to
// copy. Whatever is missing then is made by that start, so nothing here makes an installation fail.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

await Promise.all([attempt('compiled', compile), attempt('given a database', prepareDatabase)]);

async function attempt(what, work) {
  try {
    await work();
  } catch (error) {
    console.warn(`The bank was not ${what} yet; its first start does so. What went wrong:`, error);
  }
}

async function compile() {
  const { tsc, projects } = await import('./compiler.mjs');
  await promisify(execFile)(process.execPath, [tsc, '-b', ...projects]);
}

async function prepareDatabase() {
  const { preparedTemplate } = await import('./pglite-template.mjs');
  await preparedTemplate();
}
