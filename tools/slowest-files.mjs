// A reporter for jest: at the end of a run of many files it prints where the time went.

const SHOWN = 10;

export default class SlowestFiles {
  /** @param {Set<unknown>} _ @param {import('@jest/reporters').AggregatedResult} results */
  onRunComplete(_, { testResults }) {
    if (testResults.length <= SHOWN) return;
    process.stderr.write(`\n${slowestFiles(testResults, process.cwd()).join('\n')}\n`);
  }
}

/**
 * @param {readonly import('@jest/reporters').TestResult[]} results of each file
 * @param {string} root against which files are named
 * @returns {readonly string[]} lines
 */
export function slowestFiles(results, root) {
  const timed = results.map(({ displayName, testFilePath, perfStats: { start, end } }) => ({
    name: `${displayName?.name ?? ''} ${testFilePath.replace(`${root}/`, '')}`.trimStart(),
    seconds: (end - start) / 1000,
  }));
  const slowest = timed.toSorted((one, other) => other.seconds - one.seconds).slice(0, SHOWN);
  const sum = (/** @type {typeof timed} */ files) => files.reduce((total, { seconds }) => total + seconds, 0);
  return [
    `The ${slowest.length} slowest of ${results.length} files took ${sum(slowest).toFixed(0)} s of ${sum(timed).toFixed(0)} s:`,
    ...slowest.map(({ name, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${name}`),
  ];
}
