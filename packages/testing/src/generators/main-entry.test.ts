/** fast-check is an optional peer: who uses the package without the generators doesn't need it. */
import { readFileSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const sources = join(import.meta.dirname, '..');

describe('the main entry', () => {
  it('imports neither the generators nor fast-check, and nothing else but they does', () => {
    const files = globSync('**/*.ts', { cwd: sources }).filter((file) => !/\.(test|test-d|fixture)\.ts$/.test(file));
    const importing = files.filter((file) =>
      /from '(fast-check|(\.\.?\/)+generators\/.*)'/.test(readFileSync(join(sources, file), 'utf8')),
    );
    expect(importing.length).toBeGreaterThan(5);
    expect(importing.filter((file) => !file.startsWith('generators/'))).toEqual([]);
  });
});
