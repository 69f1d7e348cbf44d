// A reporter for jest: where `TEST_COUNTS` names a file, it is told how many tests passed and how many failed. A file of tests that
// could not be loaded counts as one failed test, and a run without any test as one too.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export default class CountTests {
  /** @param {Set<unknown>} _ @param {import('@jest/reporters').AggregatedResult} results */
  onRunComplete(_, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numTotalTests }) {
    const file = process.env.TEST_COUNTS;
    if (!file) return;
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${numPassedTests} ${numTotalTests === 0 ? 1 : failed}\n`);
  }
}
