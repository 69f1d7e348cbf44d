import { expect, it } from '@jest/globals';
import { slowestFiles } from './slowest-files.mjs';

it('names the slowest files, the slowest first, by project and path, beside what all of them took', () => {
  const results = Array.from({ length: 12 }, (_, index) => ({
    displayName: { name: 'standard', color: 'cyan' },
    testFilePath: `/repository/packages/core/src/${index}.test.ts`,
    perfStats: { start: 500, end: 500 + index * 1000 },
  }));
  const lines = slowestFiles(results, '/repository');
  expect(lines[0]).toBe('The 10 slowest of 12 files took 65 s of 66 s:');
  expect(lines).toHaveLength(11);
  expect(lines[1]).toBe('   11.0 s  standard packages/core/src/11.test.ts');
  expect(lines.at(-1)).toBe('    2.0 s  standard packages/core/src/2.test.ts');
});
