/** Rows, and the steps of consumers that write them together with their checkpoints. */
import { isEventCoreError, START, type ErrorCode, type EventStore, type Json, type Position } from '@eventcore/core';
import { inByteOrder } from '@eventcore/core/store';
import { MAX_APPEND_EVENTS, type ConsumerStep, type RowStore } from '@eventcore/core/store';
import { fill, race } from '../section/arrange.js';
import { holds, same } from '../section/expectations.js';
import { hostileKeys, keysWhereOrdersPart } from '../values/hostile-corpus.js';
import { wholeStream } from '../section/observe.js';
import type { Section } from '../section/section.js';

const alice = 'account-alice';

function rowsOf(store: EventStore): RowStore {
  const { rows } = store.capabilities;
  holds(rows !== undefined, 'The store offers rows.');
  return rows;
}

/** Positions of events, in their order. */
export async function somePositions(store: EventStore, count: number): Promise<readonly Position[]> {
  await fill(store, { [alice]: count });
  return (await wholeStream(store, alice)).map(({ position }) => position);
}

/** A step of the consumer `balances` that writes rows of the table of that name. */
export function stepTo(
  to: Position,
  rows: Readonly<Record<string, Json | undefined>>,
  more: Partial<ConsumerStep> = {},
) {
  const changes = Object.entries(rows).map(([key, row]) => ({ table: 'balances', key, row }));
  return { consumer: 'balances', to, rows: changes, ...more };
}

/** Fails unless the call is refused with this error. */
export async function refused(call: Promise<unknown>, code: ErrorCode, claim: string): Promise<void> {
  const answer = await call.then(
    () => 'done',
    (error: unknown) => error,
  );
  holds(isEventCoreError(answer, code), `${claim} It is told by ${code}, not: ${String(answer)}`);
}

async function all(store: EventStore, table = 'balances'): Promise<unknown> {
  return Object.fromEntries((await rowsOf(store).list(table, { limit: 1000 })).map(({ key, row }) => [key, row]));
}

async function stands(store: EventStore, at: Position): Promise<void> {
  same(
    await store.capabilities.checkpoints!.load('balances'),
    at,
    'The checkpoint moves with the rows, or not at all.',
  );
}

export const rows: Section = {
  title: 'rows',
  clauses: [
    {
      says: '`step` writes rows and moves the checkpoint, both or neither; `load` gives the rows that there are.',
      behaviours: {
        'has no rows at first': async ({ store }) => {
          same((await rowsOf(store).load('balances', ['alice'])).size, 0, 'There is no row.');
          same(await rowsOf(store).list('balances', { limit: 10 }), [], 'There is no table.');
        },
        'writes rows also when it leaves the checkpoint where it is': async ({ store, peer }) => {
          const [one] = await somePositions(store, 1);
          await rowsOf(store).step(stepTo(one!, { a: { n: 1 }, b: { n: 2 } }, { from: START }));
          await rowsOf(peer).step(stepTo(one!, { a: undefined, b: { n: 3 } }, { from: one! }));
          same(await all(store), { b: { n: 3 } }, 'The rows are as they were written last.');
          await stands(store, one!);
        },
        'writes, changes and deletes rows, for every client, and moves the checkpoint': async ({ store, peer }) => {
          const [one, two] = await somePositions(store, 2);
          await rowsOf(store).step(stepTo(one!, { a: { n: 1 }, b: { n: 2 }, gone: undefined }, { from: START }));
          same(await all(peer), { a: { n: 1 }, b: { n: 2 } }, 'The rows are there.');
          await stands(peer, one!);
          await rowsOf(peer).step(stepTo(two!, { a: { n: 3 }, b: undefined, c: { n: 4 } }, { from: one! }));
          same(await all(store), { a: { n: 3 }, c: { n: 4 } }, 'The rows are as they were written last.');
          await stands(store, two!);
          const loaded = await rowsOf(store).load('balances', ['c', 'b', 'a', 'nobody']);
          same(Object.fromEntries(loaded), { a: { n: 3 }, c: { n: 4 } }, 'It gives those that there are.');
        },
        'keeps tables apart': async ({ store }) => {
          const [one] = await somePositions(store, 1);
          const tables = ['balances', 'Balances', 'balances/dead-letters', 'balances_', 'balance'];
          await rowsOf(store).step({
            consumer: 'balances',
            to: one!,
            rows: tables.map((table, n) => ({ table, key: 'a', row: { n } })),
          });
          for (const [n, table] of tables.entries())
            same(await all(store, table), { a: { n } }, 'Each has its own rows.');
        },
        'keeps keys apart, also those that look alike': async ({ store }) => {
          const [one] = await somePositions(store, 1);
          const written = hostileKeys.map((key, n) => ({ table: 'balances', key, row: { n } }));
          await rowsOf(store).step({ consumer: 'balances', to: one!, rows: written });
          const loaded = await rowsOf(store).load('balances', hostileKeys);
          for (const { key, row } of written) same(loaded.get(key), row, 'Each key has a row of its own.');
        },
        'gives back what was written, and what is done to it changes nothing': async ({ store }) => {
          const [one] = await somePositions(store, 1);
          const row = {
            text: 'a\u2028"\\ü🂡',
            big: Number.MAX_SAFE_INTEGER,
            fraction: 0.1,
            nothing: null,
            list: [1, [], {}],
            ...(JSON.parse('{"__proto__": {"constructor": 1}}') as object),
          };
          await rowsOf(store).step(stepTo(one!, { a: row as Json }));
          const loaded = (await rowsOf(store).load('balances', ['a'])).get('a') as { list: unknown[] };
          same(loaded, row, 'A row is JSON.');
          try {
            loaded.list.push('more');
          } catch {
            // Frozen: as good.
          }
          same((await rowsOf(store).load('balances', ['a'])).get('a'), row, 'What is kept is what was written.');
        },
        'takes and loads as many rows in one step as one command has events': async ({ store }) => {
          const [one] = await somePositions(store, 1);
          const keys = Array.from({ length: MAX_APPEND_EVENTS }, (_, n) => `k${n}`);
          await rowsOf(store).step(stepTo(one!, Object.fromEntries(keys.map((key, n) => [key, n]))));
          const loaded = await rowsOf(store).load('balances', keys);
          holds(
            keys.every((key, n) => loaded.get(key) === n),
            'All of them are there: a page of the feed holds whole commands, and a step what comes of a page.',
          );
        },
      },
    },
    {
      says: '`clear` empties tables before anything is written.',
      behaviours: {
        'empties the tables that are named, and no others': async ({ store }) => {
          const [one, two] = await somePositions(store, 2);
          const other = { table: 'other', key: 'o', row: { n: 0 } };
          const { rows: changes } = stepTo(one!, { a: { n: 1 }, b: { n: 2 } });
          await rowsOf(store).step({ consumer: 'balances', to: two!, rows: [...changes, other] });
          await rowsOf(store).step(stepTo(one!, { b: { n: 3 } }, { clear: ['balances', 'unheard-of'] }));
          same(await all(store), { b: { n: 3 } }, 'What was there is gone.');
          same(await all(store, 'other'), { o: { n: 0 } }, 'Other tables stay.');
          await stands(store, one!);
        },
      },
    },
    {
      says: '`from` is where the checkpoint was when the step was begun; elsewhere by now, it is `CheckpointMoved`, and nothing is written.',
      behaviours: {
        'refuses a step that was begun elsewhere, whole': async ({ store, peer }) => {
          const [one, two] = await somePositions(store, 2);
          await rowsOf(store).step(stepTo(one!, { a: { n: 1 } }, { from: START }));
          for (const from of [START, two!]) {
            const late = stepTo(two!, { a: { n: 9 }, b: { n: 9 } }, { from, clear: ['balances'] });
            await refused(rowsOf(peer).step(late), 'CHECKPOINT_MOVED', 'Somebody else moved the checkpoint.');
          }
          same(await all(store), { a: { n: 1 } }, 'Nothing was written.');
          await stands(store, one!);
        },
        'takes one of many steps that race from one place': async ({ store, peer, racers }) => {
          const [one] = await somePositions(store, 1);
          const taken = await race(Math.ceil(racers / 4), async (n) => {
            const step = stepTo(one!, { [`racer ${n}`]: { n } }, { from: START });
            return rowsOf(n % 2 === 0 ? store : peer)
              .step(step)
              .then(() => [n])
              .catch((error: unknown) => {
                if (isEventCoreError(error, 'CHECKPOINT_MOVED')) return [];
                throw error;
              });
          });
          const winners = taken.flat();
          same(winners.length, 1, 'One step is taken.');
          same(await all(store), { [`racer ${winners[0]}`]: { n: winners[0] } }, 'Its rows are there, and no others.');
        },
        'takes a step from anywhere that does not say where it was begun, also back': async ({ store }) => {
          const [one, two] = await somePositions(store, 2);
          for (const to of [two!, one!, START]) {
            await rowsOf(store).step({ consumer: 'balances', to });
            await stands(store, to);
          }
        },
        'knows where a checkpoint stands that was saved by itself': async ({ store }) => {
          const [one, two] = await somePositions(store, 2);
          await store.capabilities.checkpoints!.save('balances', one!);
          await rowsOf(store).step(stepTo(two!, { a: { n: 1 } }, { from: one! }));
          await stands(store, two!);
          await store.capabilities.checkpoints!.save('balances', START);
          await rowsOf(store).step(stepTo(one!, { a: { n: 2 } }, { from: START }));
          await stands(store, one!);
        },
      },
    },
    {
      says: "`list` gives the rows of a table page by page, in the order of their keys' UTF-8 bytes.",
      behaviours: {
        'is read to its end in pages of any size': async ({ store }) => {
          const [one] = await somePositions(store, 1);
          const keys = ['B', 'a1', 'a10', 'a2', 'Z', '_', '%', 'ä', ...keysWhereOrdersPart.toReversed()];
          await rowsOf(store).step(stepTo(one!, Object.fromEntries(keys.map((key, n) => [key, { n }]))));
          for (const limit of [1, 3, 100]) {
            const listed: string[] = [];
            for (;;) {
              const after = listed.at(-1);
              const page = await rowsOf(store).list('balances', { limit, ...(after !== undefined && { after }) });
              holds(page.length <= limit, `A page of ${limit} holds no more than that.`);
              if (page.length === 0) break;
              for (const { key, row } of page) {
                same(row, { n: keys.indexOf(key) }, 'Each row is with its key.');
                listed.push(key);
              }
            }
            same(listed, inByteOrder(keys), 'All keys are there, in their order.');
          }
        },
      },
    },
    {
      says: '`count` gives how many rows a table has: 0 for one that has none.',
      behaviours: {
        'counts the rows of a table as they come and go, for every client': async ({ store, peer }) => {
          const [one] = await somePositions(store, 1);
          const counts = async (table: string): Promise<readonly number[]> =>
            Promise.all([store, peer].map((client) => rowsOf(client).count(table)));
          same(await counts('balances'), [0, 0], 'There is no table.');
          const other = { table: 'balances/dead-letters', key: 'a', row: { n: 0 } };
          const many = Object.fromEntries(Array.from({ length: 1200 }, (_, n) => [`k${n}`, { n }]));
          await rowsOf(store).step({ ...stepTo(one!, many), rows: [...stepTo(one!, many).rows, other] });
          same(await counts('balances'), [1200, 1200], 'All of them are counted, and those of other tables are not.');
          await rowsOf(peer).step(stepTo(one!, { k0: undefined, k1: { n: -1 }, nobody: undefined, more: { n: 1 } }));
          same(await counts('balances'), [1200, 1200], 'One is gone, one has changed, and one is new.');
          await rowsOf(store).step(stepTo(one!, { k1: { n: 1 } }, { clear: ['balances'] }));
          same(await counts('balances'), [1, 1], 'The others were emptied.');
          same(await counts('balances/dead-letters'), [1, 1], 'Each table has a count of its own.');
        },
      },
    },
  ],
};

/** Steps under a lease: for stores that offer both. */
export const fencedRows: Section = {
  title: 'rows under a lease',
  clauses: [
    {
      says: 'With a `fence`, a step is refused as `LeaseLost` when the lease has passed on, and nothing is written.',
      behaviours: {
        'takes steps under the fence of the lease that runs': async ({ store }) => {
          const [one] = await somePositions(store, 1);
          const { fence } = (await store.capabilities.leases!.acquire('balances', 'worker', 60_000))!;
          await rowsOf(store).step(stepTo(one!, { a: { n: 1 } }, { fence, from: START }));
          same(await all(store), { a: { n: 1 } }, 'The holder of the lease writes.');
        },
        'refuses a worker whose lease has passed on, also where the checkpoint has not moved': async ({
          store,
          peer,
        }) => {
          const [one, two] = await somePositions(store, 2);
          const paused = (await store.capabilities.leases!.acquire('balances', 'worker', 60_000))!;
          await rowsOf(store).step(stepTo(one!, { a: { n: 1 } }, { fence: paused.fence, from: START }));
          await peer.capabilities.leases!.takeOver('balances', 'rebuild', 60_000);
          for (const from of [{ from: one! }, { from: START }, {}]) {
            const late = stepTo(two!, { a: { n: 9 } }, { ...from, fence: paused.fence, clear: ['balances'] });
            await refused(rowsOf(store).step(late), 'LEASE_LOST', 'A paused worker finds its write refused.');
          }
          same(await all(store), { a: { n: 1 } }, 'Nothing was written.');
          await stands(store, one!);
        },
      },
    },
  ],
};
