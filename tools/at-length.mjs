// Whether tests go on at length: so many seeds, so many events as it takes to find what is rare. `npm run test:long` says so, by
// `EVENTCORE_TESTS=long`; `npm test` runs the same tests in a shorter form.

const { EVENTCORE_TESTS: length = 'short' } = process.env;
if (length !== 'short' && length !== 'long')
  throw new Error(`EVENTCORE_TESTS is "${length}", and may be short or long.`);

export const atLength = length === 'long';
