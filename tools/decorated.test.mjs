import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { reachesDecorators } from './decorated.mjs';

let root;
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'eventcore-decorated-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const DECORATED = '@Command()\nexport class Transfer {}\n';
const PLAIN = 'export const plain = 1;\n';

/** Whether `x.test.ts` has to run in both dialects, in a repository of these files. */
function runsTwice(files) {
  const repository = mkdtempSync(path.join(root, 'repository-'));
  for (const [name, source] of Object.entries(files)) {
    const file = path.join(repository, 'packages/core/src', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, source);
  }
  return reachesDecorators(repository)(path.join(repository, 'packages/core/src/x.test.ts'));
}

describe('a test runs in both dialects', () => {
  it.each([
    ['on a class', '@Command()\nclass Transfer {}'],
    ['on a class that is exported', 'export @sealed class Transfer {}'],
    ['on a class in an expression', 'const Transfer = @sealed class {};'],
    ['on a field', 'class Transfer { @Stream(Account) from!: string }'],
    ['on a method', 'class Transfer {\n  @On(Account) handle() {}\n}'],
    ['of a name in a name', 'class Transfer {\n  @eventcore.Input() amount!: number;\n}'],
  ])('that has a decorator %s', (_, source) => {
    expect(runsTwice({ 'x.test.ts': source })).toBe(true);
  });

  it.each([
    ['by name', "import { Transfer } from './bank.js';"],
    ['as a type', "import type { Transfer } from './bank.js';"],
    ['for its effect', "import './bank.js';"],
    ['when it runs', "const { Transfer } = await import('./bank.js');"],
    ['with attributes', "const { Transfer } = await import('./bank.js', {});"],
    ['to hand it on', "export * from './bank.js';"],
    ['over several lines', "import {\n  Transfer,\n} from\n  './bank.js';"],
    ['by require', "const { Transfer } = require('./bank.js');"],
  ])('that imports a file with decorators %s', (_, source) => {
    expect(runsTwice({ 'x.test.ts': source, 'bank.ts': DECORATED })).toBe(true);
  });

  it('that imports one through others, in a circle or not', () => {
    expect(
      runsTwice({
        'x.test.ts': "import './one.js';",
        'one.ts': "import './two.js';",
        'two.ts': "import './one.js';\nimport './bank.js';",
        'bank.ts': DECORATED,
      }),
    ).toBe(true);
  });

  it.each(['@eventcore/core', '@eventcore/core/store'])('that imports one through %s', (name) => {
    const entry = name.endsWith('store') ? 'store/index.ts' : 'index.ts';
    expect(runsTwice({ 'x.test.ts': `import '${name}';`, [entry]: DECORATED })).toBe(true);
  });

  it.each([
    ['is computed', 'await import(name);'],
    ['is not found', "import './gone.js';"],
    ['is of a package that is not there', "import '@eventcore/gone';"],
  ])('with an import that %s, which may lead anywhere', (_, source) => {
    expect(runsTwice({ 'x.test.ts': source })).toBe(true);
  });

  it('that nobody can parse', () => {
    expect(runsTwice({ 'x.test.ts': 'const a = @;' })).toBe(true);
  });
});

describe('a test runs once', () => {
  it('where neither it nor what it imports has a decorator', () => {
    expect(
      runsTwice({ 'x.test.ts': "import { plain } from './plain.js';", 'plain.ts': PLAIN, 'bank.ts': DECORATED }),
    ).toBe(false);
  });

  it('where signs of one stand in comments, strings and names of packages', () => {
    const source = [
      '/**\n * @example\n * @Command()\n */',
      '// @ts-expect-error',
      "import { it } from '@jest/globals';",
      "const advice = 'Decorate the field with @Stream(Account).';",
      'const address = `ann@${advice}`;',
    ];
    expect(runsTwice({ 'x.test.ts': source.join('\n') })).toBe(false);
  });

  it('where it imports packages of others', () => {
    expect(runsTwice({ 'x.test.ts': "import * as v from 'valibot';\nimport { join } from 'node:path';" })).toBe(false);
  });
});

it('of this repository, tests of commands run twice, and those of histories once', () => {
  const repository = path.join(import.meta.dirname, '..');
  const runsInBoth = reachesDecorators(repository);
  const inBoth = (file) => runsInBoth(path.join(repository, file));
  expect(inBoth('packages/core/src/command/decorators/command.test.ts')).toBe(true);
  expect(inBoth('apps/banking/src/domain/transfer-money.test.ts')).toBe(true);
  expect(inBoth('packages/testing/src/judge/check-history.test.ts')).toBe(false);
});
