// Lets Node run the sources of the packages as they stand, with nothing built, for tests that need a process of its own:
//
//   node --import ./tools/run-sources.mjs packages/postgres/src/cli/main.ts --help

import { registerHooks } from 'node:module';

const packages = new URL('../packages/', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    const [, name, entry = 'index'] = /^@eventcore\/([^/]+)(?:\/([^/]+))?$/.exec(specifier) ?? [];
    if (name !== undefined) return next(`${packages}${name}/src/${entry}.ts`, context);
    const ours = context.parentURL?.startsWith(packages) && !context.parentURL.includes('/node_modules/');
    return next(ours ? specifier.replace(/^(\..*)\.js$/, '$1.ts') : specifier, context);
  },
});
