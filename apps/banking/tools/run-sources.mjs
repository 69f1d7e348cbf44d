// Lets Node run the sources of the bank as they stand, with nothing built, for tests that need processes of their own. Node
// strips types and knows no decorators, so swc compiles the files of the app; those of the packages need nothing.
//
//   node --import ../../tools/run-sources.mjs --import ./tools/run-sources.mjs src/main.ts

import { transformSync } from '@swc/core';
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const sources = new URL('../src/', import.meta.url).href;
const ours = (url) => url !== undefined && url.startsWith(sources);

registerHooks({
  resolve(specifier, context, next) {
    return next(ours(context.parentURL) ? specifier.replace(/^(\..*)\.js$/, '$1.ts') : specifier, context);
  },
  load(url, context, next) {
    if (!ours(url)) return next(url, context);
    const filename = fileURLToPath(url);
    const { code } = transformSync(readFileSync(filename, 'utf8'), {
      filename,
      swcrc: false,
      sourceMaps: 'inline',
      module: { type: 'es6' },
      jsc: {
        target: 'es2022',
        keepClassNames: true,
        parser: { syntax: 'typescript', decorators: true },
        transform: { decoratorVersion: '2023-11' },
      },
    });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
