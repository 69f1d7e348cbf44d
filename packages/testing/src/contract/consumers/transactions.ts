/** Handlers in a transaction of the store's own: what they do, and the step that they end with, happen together. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isEventCoreError, START, type EventStore } from '@eventcore/core';
import type { ConsumerStep, HandlerTransactions } from '@eventcore/core/store';
import { race } from '../section/arrange.js';
import { holds, same } from '../section/expectations.js';
import { refused, somePositions } from './rows.js';
import type { Section } from '../section/section.js';

/**
 * What a handler can do in a transaction of the store's: anything that can be seen afterwards.
 *
 * @example
 * ```ts
 * import type { MemoryContext } from '@eventcore/memory';
 * import type { Effects } from '@eventcore/testing';
 *
 * const effects: Effects<MemoryContext> = {
 *   write: async ({ tx }, key) => tx.set('effects', key, true),
 *   isThere: async (store, key) => (await store.capabilities.rows!.load('effects', [key])).has(key),
 * };
 * ```
 */
export interface Effects<Context = never> {
  /** Writes something under a key, by what the transaction gives. */
  readonly write: (context: Context, key: string) => Promise<unknown>;
  /** Whether something was written under this key. */
  readonly isThere: (store: EventStore, key: string) => Promise<boolean>;
}

function transactionsOf(store: EventStore): HandlerTransactions<never> {
  const { transactions } = store.capabilities;
  holds(transactions !== undefined, 'The store offers transactions.');
  return transactions as HandlerTransactions<never>;
}

export function transactions({ write, isThere }: Effects): Section {
  /** Writes under the key, and takes the step. */
  const run = (store: EventStore, key: string, step: ConsumerStep): Promise<void> =>
    transactionsOf(store).run(async (context) => {
      await write(context, key);
      return step;
    });

  async function left(store: EventStore, key: string, at: string): Promise<void> {
    same(await isThere(store, key), false, 'What the handler wrote is not there.');
    same(await store.capabilities.checkpoints!.load('balances'), at, 'The checkpoint has not moved.');
  }

  return {
    title: 'transactions of handlers',
    clauses: [
      {
        says: '`run` lets `work` act in a transaction, and commits what it did together with the step that it gives back.',
        behaviours: {
          'keeps what was done and moves the checkpoint, for every client': async ({ store, peer }) => {
            const [one, two] = await somePositions(store, 2);
            await run(store, 'first', { consumer: 'balances', from: START, to: one! });
            await run(peer, 'second', { consumer: 'balances', from: one!, to: two! });
            for (const client of [store, peer]) {
              same(await isThere(client, 'first'), true, 'What the first did is there.');
              same(await isThere(client, 'second'), true, 'What the second did is there.');
              same(await client.capabilities.checkpoints!.load('balances'), two, 'The checkpoint has moved.');
            }
          },
          'keeps what was done also when the checkpoint stays where it is': async ({ store, peer }) => {
            const [one] = await somePositions(store, 1);
            await run(store, 'first', { consumer: 'balances', from: START, to: one! });
            await run(peer, 'second', { consumer: 'balances', from: one!, to: one! });
            same(await isThere(store, 'second'), true, 'What the second did is there.');
            same(await store.capabilities.checkpoints!.load('balances'), one, 'The checkpoint is where it was.');
          },
          'writes the rows of the step as well, where the store keeps rows': async ({ store }) => {
            const { rows } = store.capabilities;
            if (rows === undefined) return;
            const [one] = await somePositions(store, 1);
            const letter = { table: 'balances/dead-letters', key: one!, row: { n: 1 } };
            await run(store, 'x', { consumer: 'balances', to: one!, rows: [letter] });
            same((await rows.load(letter.table, [letter.key])).get(letter.key), letter.row, 'The row is there.');
          },
          'shows nobody what is not committed': async ({ store, peer }) => {
            const [one] = await somePositions(store, 1);
            await transactionsOf(store).run(async (context) => {
              await write(context, 'early');
              // A store of one session has others wait: that is as good.
              const seen = await Promise.race([isThere(peer, 'early'), sleep(200, false)]);
              same(seen, false, 'Nobody sees it yet.');
              return { consumer: 'balances', to: one! };
            });
            same(await isThere(peer, 'early'), true, 'Now it is there.');
          },
        },
      },
      {
        says: 'If anything fails, nothing of it has happened. `run` throws what `work` throws.',
        behaviours: {
          'undoes what was done when the work fails, and throws the same': async ({ store }) => {
            const failure = new Error('poison');
            const thrown = await transactionsOf(store)
              .run(async (context) => {
                await write(context, 'undone');
                throw failure;
              })
              .catch((error: unknown) => error);
            holds(thrown === failure, `It throws what the work threw, not ${String(thrown)}`);
            await left(store, 'undone', START);
          },
          'undoes what was done when the checkpoint has moved': async ({ store, peer }) => {
            const [one, two] = await somePositions(store, 2);
            await peer.capabilities.checkpoints!.save('balances', two!);
            const late = run(store, 'late', { consumer: 'balances', from: START, to: one! });
            await refused(late, 'CHECKPOINT_MOVED', 'Somebody else moved the checkpoint.');
            await left(store, 'late', two!);
          },
          'undoes what was done when the lease has passed on': async ({ store, peer }) => {
            const { leases } = store.capabilities;
            if (leases === undefined) return;
            const [one] = await somePositions(store, 1);
            const { fence } = await leases.takeOver('balances', 'worker', 60_000);
            await peer.capabilities.leases!.takeOver('balances', 'another', 60_000);
            const late = run(store, 'late', { consumer: 'balances', from: START, to: one!, fence });
            await refused(late, 'LEASE_LOST', 'A paused worker finds its write refused.');
            await left(store, 'late', START);
          },
          'commits one of many that race from one place': async ({ store, peer, racers }) => {
            const [one] = await somePositions(store, 1);
            const count = Math.min(20, racers);
            const committed = await race(count, (n) =>
              run(n % 2 === 0 ? store : peer, `racer ${n}`, { consumer: 'balances', from: START, to: one! }).then(
                () => true,
                (error: unknown) => {
                  if (isEventCoreError(error, 'CHECKPOINT_MOVED')) return false;
                  throw error;
                },
              ),
            );
            same(committed.filter(Boolean).length, 1, 'One of them commits.');
            const there = await Promise.all(committed.map((_, n) => isThere(store, `racer ${n}`)));
            same(there, committed, 'What that one did is there, and nothing else.');
          },
        },
      },
    ],
  };
}
