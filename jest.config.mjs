// Whatever has decorators, or imports what has, is tested twice: under the standard ones and under TypeScript's older ones. The
// rest is the same code in both (tools/decorated.mjs decides which that is) and runs once, as do the tests that need PostgreSQL
// or a browser. swc strips the types and checks none; `npm run typecheck` does, in both dialects too.

import { globSync } from 'node:fs';
import { join } from 'node:path';
import { reachesDecorators } from './tools/decorated.mjs';

// `npm test` calls jest with the Node that devDependencies pin. An editor may call it with the machine's own.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  throw new Error(`This is Node ${process.version}, and the packages need 22.12: run npm test, which brings its own.`);
}

/** What the two dialects share. `.ts` files are ES modules, and packages resolve to their sources: no build is needed. */
const shared = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^@eventcore/([^/]+)$': '<rootDir>/packages/$1/src/index.ts',
    '^@eventcore/core/([^/]+)$': '<rootDir>/packages/core/src/$1.ts',
    '^@eventcore/([^/]+)/([^/]+)$': '<rootDir>/packages/$1/src/$2/index.ts',
  },
  modulePathIgnorePatterns: [
    '<rootDir>/consumers/',
    '<rootDir>/.examples/',
    '<rootDir>/.postgres/',
    '<rootDir>/(packages|apps)/[^/]+/dist/',
    '<rootDir>/apps/[^/]+/web/dist/',
  ],
  testMatch: ['<rootDir>/packages/*/src/**/*.test.ts', '<rootDir>/apps/**/*.test.ts', '<rootDir>/tools/*.test.mjs'],
};

/** @param {Record<string, unknown>} decorators how swc lowers decorators and the fields they stand on */
const swc = (decorators) => ({
  '^.+\\.ts$': [
    '@swc/jest',
    {
      swcrc: false,
      module: { type: 'es6' },
      jsc: {
        target: 'es2022',
        keepClassNames: true,
        parser: { syntax: 'typescript', decorators: true },
        transform: decorators,
      },
      sourceMaps: 'inline',
    },
  ],
});

const WITH_POSTGRES = '\\.pg\\.test\\.ts$';
const WITH_BROWSER = '\\.browser\\.test\\.ts$';

const decorated = globSync(['packages/*/src/**/*.test.ts', 'apps/**/*.test.ts'], {
  cwd: import.meta.dirname,
  exclude: (name) => name === 'node_modules' || name === 'dist',
})
  .map((file) => join(import.meta.dirname, file))
  .filter(reachesDecorators(import.meta.dirname));

// What tsc and esbuild emit; the older '2022-03' runs initialisers in another order than users would see.
const standard = swc({ decoratorVersion: '2023-11' });

/** @type {import('jest').Config} */
export default {
  // Nothing is asserted on time, and a test that hangs fails all the same. A machine may be busy.
  testTimeout: 60_000,
  // Each core has a worker of its own, also where there are but two, and one that has grown is replaced by a new one.
  maxWorkers: '100%',
  workerIdleMemoryLimit: '200MB',
  reporters: ['default', '<rootDir>/tools/slowest-files.mjs', '<rootDir>/tools/count-tests.mjs'],
  projects: [
    {
      ...shared,
      displayName: { name: 'standard', color: 'cyan' },
      testPathIgnorePatterns: ['/node_modules/', WITH_POSTGRES, WITH_BROWSER],
      transform: standard,
    },
    {
      ...shared,
      displayName: { name: 'legacy', color: 'magenta' },
      testMatch: decorated,
      testPathIgnorePatterns: ['/node_modules/', WITH_POSTGRES, WITH_BROWSER],
      transform: swc({ legacyDecorator: true, useDefineForClassFields: true }),
    },
    {
      ...shared,
      displayName: { name: 'postgres', color: 'blue' },
      testMatch: ['<rootDir>/packages/*/src/**/*.pg.test.ts', '<rootDir>/apps/**/*.pg.test.ts'],
      // On another major than that which `npm test` brings: not what brings a PostgreSQL of its own, nor what any of them would do for.
      testPathIgnorePatterns: [
        '/node_modules/',
        ...(process.env.PG_BIN ? ['pglite\\.contract', '<rootDir>/apps/'] : []),
      ],
      transform: standard,
      // One server for the run, started only if a test of this project is to run.
      globalSetup: '<rootDir>/tools/test-postgres-setup.mjs',
      globalTeardown: '<rootDir>/tools/test-postgres-teardown.mjs',
    },
    {
      ...shared,
      displayName: { name: 'browser', color: 'yellow' },
      testMatch: ['<rootDir>/apps/**/*.browser.test.ts'],
      transform: standard,
      // The page, compiled, and a server of PostgreSQL; only if a test of this project is to run, and there is a browser.
      globalSetup: '<rootDir>/tools/test-browser-setup.mjs',
      globalTeardown: '<rootDir>/tools/test-postgres-teardown.mjs',
    },
  ],
};
