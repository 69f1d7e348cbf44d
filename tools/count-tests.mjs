// Prints how many tests passed and how many failed, from what jest wrote with --json. A file of tests that could not be
// loaded counts as one failed test, and a run without any test as one too.

import { readFileSync } from 'node:fs';

const results = JSON.parse(readFileSync(process.argv[2] ?? 'test-results.json', 'utf8'));
const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
console.log(results.numPassedTests, results.numTotalTests === 0 ? 1 : failed);
