/** Replies that are lost: the engine has done what it was told, and the client never hears of it. For stores that can arrange it. */
import { execute, type EventStore } from '@eventcore/core';
import type { Append } from '@eventcore/core/store';
import { balanceOf, Deposit, openAll } from '../commands/bank.js';
import { anAppend, on, send, times } from '../section/arrange.js';
import { holds, same } from '../section/expectations.js';
import { partsOf, versionOf } from '../section/observe.js';
import { sentTwice, warmUp } from './sent-twice.js';
import type { Section } from '../section/section.js';

const alice = 'account-alice';

/**
 * Arranges that the next append which this store sends is carried out and committed, and that its reply is lost: the connection
 * ends instead, or nobody answers until the store gives up. It happens once. What comes after that is answered.
 *
 * @example
 * ```ts
 * import type { EventStore } from '@eventcore/core';
 * import type { LoseReply } from '@eventcore/testing';
 *
 * declare const proxyOf: (store: EventStore) => { cutAfterNext(call: string): void }; // between your store and its server
 *
 * const loseReply: LoseReply = async (store) => proxyOf(store).cutAfterNext('append');
 * ```
 */
export type LoseReply = (store: EventStore) => Promise<void>;

const blind = (...ids: readonly string[]): Append =>
  anAppend({ expected: Object.fromEntries(ids.map((id) => [id, 'any'])), events: ids.map((id) => on(id)) });

export function lostReplies(loseReply: LoseReply): Section {
  /** Sends a call whose first reply is lost, and sends it again. */
  async function sentInDoubt(store: EventStore, appends: readonly Append[]): Promise<void> {
    await loseReply(store);
    const { told } = await sentTwice(store, appends, () => store.append(appends));
    const [first] = told;
    holds(
      first !== 'failed' && first !== 'thrown',
      'What was applied is `unknown`, unless the store has found out itself.',
    );
  }

  return {
    title: 'lost replies',
    clauses: [
      {
        says: 'What may have been applied is `unknown`, and answered when it is sent again. It is never called a failure.',
        behaviours: {
          'is in doubt about an append whose reply was lost, and answers it when it is sent again': async ({
            store,
          }) => {
            await sentInDoubt(store, [blind(alice)]);
            same(await versionOf(store, alice), 1, 'It was applied once.');
          },
          'is in doubt again and again, when it is warm': async ({ store }) => {
            await warmUp(store);
            for (let n = 1; n <= 4; n++) {
              await sentInDoubt(store, [blind(alice)]);
              same(await versionOf(store, alice), n, 'Each was applied once.');
            }
          },
          'is in doubt about a call of several appends, as far as it was sent': async ({ store }) => {
            const ids = times(5, (n) => `account-${n}`);
            await sentInDoubt(
              store,
              ids.map((id) => blind(id)),
            );
            const pages = await partsOf(store, ...ids.map((of) => ({ of })));
            same(new Set(pages.map(({ version }) => version)), new Set([1]), 'Each was applied once.');
          },
          'is in doubt about a wide append': async ({ store, width }) => {
            const ids = times(width, (n) => `account-${n}`);
            await warmUp(store);
            await sentInDoubt(store, [blind(...ids)]);
            const pages = await partsOf(store, ...ids.map((of) => ({ of })));
            same(new Set(pages.map(({ version }) => version)), new Set([1]), 'It was applied once.');
          },
          'answers a chain in doubt by what is there when it is sent again': async ({ store }) => {
            const chain = times(3, (n) =>
              anAppend({ expected: { [alice]: n === 0 ? 0 : { after: n - 1 } }, events: [on(alice)] }),
            );
            await loseReply(store);
            const [first] = await store.append(chain);
            holds(first?.kind !== 'failed', 'The first link was applied.');
            const again = await send(store, ...chain);
            const applied = again.filter(({ kind }) => kind === 'duplicate' || kind === 'committed').length;
            same(again[0]?.kind, 'duplicate', 'The first link is known.');
            same(await versionOf(store, alice), applied, 'What is said to be applied is there once, and nothing else.');
          },
          'is asked again by whoever executes a command, which is applied once': async ({ store }) => {
            await openAll(store, { alice: 100 });
            await loseReply(store);
            const receipt = await execute(new Deposit({ account: 'alice', amount: 5 }), store);
            same(receipt.events.length, 1, 'There is a receipt.');
            same(await balanceOf(store, 'alice'), 105, 'It was applied once.');
            same(await versionOf(store, alice), receipt.events[0]?.version, 'As the receipt says.');
          },
        },
      },
    ],
  };
}
