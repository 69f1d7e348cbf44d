/** A process that folds large streams: `fold-large-streams.fixture.ts <url>`. It prints what it came to, as JSON. */
import { defineCommand, defineStream, execute, load, START, version } from '@eventcore/core';
import { createPostgresStore } from './index.js';

interface Totals {
  readonly events: number;
  readonly sum: number;
}

const added = (totals: Totals, data: { readonly n: number; readonly text: string }): Totals => {
  return { events: totals.events + 1, sum: totals.sum + data.n };
};

/** Takes what it is given: what is folded was not emitted here. */
const anything = <Value>() => ({
  '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value: value as Value }) } as const,
});

const Ledger = defineStream('ledger', {
  events: { Added: anything<{ n: number; text: string }>() },
  state: (): Totals => ({ events: 0, sum: 0 }),
  fold: { Added: added },
});

const Sum = defineCommand('Sum', {
  streams: { ledger: Ledger },
  handle: ({ state, emit }) => emit('ledger', 'Added', { n: state.ledger.sum, text: '' }),
});

await using store = createPostgresStore({ connectionString: process.argv[2]! });

const receipt = await execute(new Sum({ ledger: 'long' }), store);
const [written] = receipt.events;
const end = await store.read({ streams: [{ stream: written!.stream, after: version(written!.version - 1) }] });
const long = { version: written!.version, data: end.pages[0]!.events[0]!.data };
const heavy = await load(store, Ledger.at('heavy'));

let pages = 0;
let found = 0;
for (let after = START; ; pages++) {
  const page = await store.readAll({ after, limit: 10_000, filter: { streams: [Ledger.at('heavy').id] } });
  if (page.upTo === after) break;
  after = page.upTo;
  found += page.events.length;
}

process.stdout.write(JSON.stringify({ long, heavy, feed: { found, pages } }));
