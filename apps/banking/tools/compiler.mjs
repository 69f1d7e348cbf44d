// What compiles the bank: its server with the packages that it uses, and its page.

import { createRequire } from 'node:module';
import * as path from 'node:path';

const app = path.resolve(import.meta.dirname, '..');

/** To be run by Node. */
export const tsc = path.join(
  path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
  'bin/tsc',
);

export const projects = [path.join(app, 'tsconfig.build.json'), path.join(app, 'web')];
