/** Leases: one active worker for each name, across processes. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStore } from '@eventcore/core';
import type { LeaseStore } from '@eventcore/core/store';
import { race } from '../section/arrange.js';
import { holds, same } from '../section/expectations.js';
import type { Given, Section } from '../section/section.js';

/** Longer than any test. */
const long = 600_000;
/** How often it is looked whether a lease has run out. */
const LOOK = 5;

function leasesOf(store: EventStore): LeaseStore {
  const { leases } = store.capabilities;
  holds(leases !== undefined, 'The store offers leases.');
  return leases;
}

async function fenceOf(store: EventStore, consumer: string, holder: string, ttlMs = long): Promise<number> {
  const lease = await leasesOf(store).acquire(consumer, holder, ttlMs);
  holds(lease !== undefined, `"${holder}" gets the lease, since nobody else has it.`);
  return lease.fence;
}

/**
 * Waits until every lease has run out that was granted before for so long. It tells by one that is granted after them: whatever
 * the clock is by which the store goes, and however coarse, that one ends last.
 */
async function runOut({ store }: Pick<Given, 'store'>, ttlMs: number): Promise<void> {
  await fenceOf(store, 'hourglass', 'the one who waits', ttlMs);
  for (let n = 0; ; n++) {
    const taken = await leasesOf(store).acquire('hourglass', `look ${n}`, ttlMs);
    if (taken !== undefined) return leasesOf(store).release('hourglass', taken.fence);
    await sleep(LOOK);
  }
}

export const leases: Section = {
  title: 'leases',
  clauses: [
    {
      says: "`acquire` gives the lease, or undefined while another holder's is running.",
      behaviours: {
        'gives a lease to one holder, and to no other while it runs': async ({ store, peer }) => {
          await fenceOf(store, 'balances', 'worker 1');
          for (const client of [store, peer]) {
            same(await leasesOf(client).acquire('balances', 'worker 2', long), undefined, 'The lease is taken.');
          }
        },
        'gives a lease to one of many that race for it': async ({ store, peer, racers }) => {
          const granted = await race(Math.ceil(racers / 4), (n) =>
            leasesOf(n % 2 === 0 ? store : peer).acquire('balances', `worker ${n}`, long),
          );
          same(granted.filter((lease) => lease !== undefined).length, 1, 'One active worker for each name.');
        },
        'keeps consumers apart': async ({ store }) => {
          await fenceOf(store, 'balances', 'worker 1');
          await fenceOf(store, 'orders', 'worker 2');
          await fenceOf(store, 'Balances', 'worker 3');
        },
        'gives a lease again to its own holder, who may have started anew': async ({ store }) => {
          const first = await fenceOf(store, 'balances', 'worker 1');
          holds(
            (await fenceOf(store, 'balances', 'worker 1')) > first,
            'His old self, if it is still around, is fenced off.',
          );
          same(await leasesOf(store).acquire('balances', 'worker 2', long), undefined, 'The lease is still taken.');
        },
      },
    },
    {
      says: 'Each new grant has a higher fence.',
      behaviours: {
        'passes a lease on when it has run out, with a higher fence': async (given) => {
          const { store, peer, shortLease } = given;
          const first = await fenceOf(store, 'balances', 'worker 1', shortLease);
          await runOut(given, shortLease);
          const second = await fenceOf(peer, 'balances', 'worker 2');
          holds(second > first, `A later grant has a higher fence: ${second} after ${first}.`);
        },
        'passes a lease on when it was released, with a higher fence': async ({ store, peer }) => {
          const first = await fenceOf(store, 'balances', 'worker 1');
          await leasesOf(store).release('balances', first);
          holds((await fenceOf(peer, 'balances', 'worker 2')) > first, 'A released lease is free at once.');
        },
      },
    },
    {
      says: '`takeOver` gives the lease, whoever has it, with a higher fence.',
      behaviours: {
        'takes a lease from a holder whose lease is running, who learns of it': async ({ store, peer }) => {
          const first = await fenceOf(store, 'balances', 'worker');
          const { fence } = await leasesOf(peer).takeOver('balances', 'rebuild', long);
          holds(fence > first, `A later grant has a higher fence: ${fence} after ${first}.`);
          same(await leasesOf(store).renew('balances', first, long), false, 'It is ours no more.');
          same(await leasesOf(store).acquire('balances', 'worker', long), undefined, 'The lease is taken.');
          same(await leasesOf(peer).renew('balances', fence, long), true, 'It is that of the new holder.');
        },
        'gives a lease that nobody has, which then runs out or is given back as others are': async ({ store }) => {
          const { fence } = await leasesOf(store).takeOver('balances', 'rebuild', long);
          same(await leasesOf(store).acquire('balances', 'worker', long), undefined, 'The lease is taken.');
          await leasesOf(store).release('balances', fence);
          holds((await fenceOf(store, 'balances', 'worker')) > fence, 'A released lease is free at once.');
        },
      },
    },
    {
      says: '`renew` tells whether the lease still was ours, and then it runs on. One that has run out is ours no more, also if nobody has taken it.',
      behaviours: {
        'keeps a lease running that is renewed in time': async (given) => {
          const { store, peer, shortLease } = given;
          // Where this machine was too slow to be in time, it gets more of it.
          for (let ttlMs = shortLease; ; ttlMs *= 2) {
            const fence = await fenceOf(store, 'balances', 'worker 1', ttlMs);
            const renewed = await leasesOf(store).renew('balances', fence, long);
            if (!renewed) holds(ttlMs < long, 'A lease that is renewed in time still was ours.');
            else {
              await runOut(given, ttlMs);
              break;
            }
          }
          same(await leasesOf(peer).acquire('balances', 'worker 2', long), undefined, 'It runs on from the renewal.');
        },
        'renews no lease that has run out, although nobody has taken it': async (given) => {
          const { store, peer, shortLease } = given;
          const fence = await fenceOf(store, 'balances', 'worker 1', shortLease);
          await runOut(given, shortLease);
          same(await leasesOf(store).renew('balances', fence, long), false, 'Its time was over.');
          holds((await fenceOf(peer, 'balances', 'worker 2')) > fence, 'Anybody may have it.');
        },
        'tells a paused worker that its lease has passed on': async (given) => {
          const { store, peer, shortLease } = given;
          const first = await fenceOf(store, 'balances', 'worker 1', shortLease);
          await runOut(given, shortLease);
          const second = await fenceOf(peer, 'balances', 'worker 2');
          same(await leasesOf(store).renew('balances', first, long), false, 'It is ours no more.');
          same(await leasesOf(peer).renew('balances', second, long), true, 'It is still that of the other.');
        },
        'renews no lease that was released, or never given': async ({ store }) => {
          const fence = await fenceOf(store, 'balances', 'worker 1');
          await leasesOf(store).release('balances', fence);
          same(await leasesOf(store).renew('balances', fence, long), false, 'It was given back.');
          same(await leasesOf(store).renew('nobody', 1, long), false, 'Nobody ever had it.');
        },
      },
    },
    {
      says: '`holder` names who has the lease, as long as it runs. (It is optional.)',
      behaviours: {
        'names the holder of a lease while it runs, and nobody else': async (given) => {
          const { store, peer, shortLease } = given;
          const leases = leasesOf(peer);
          if (leases.holder === undefined) return;
          same(await leases.holder('balances'), undefined, 'Nobody ever had it.');
          const fence = await fenceOf(store, 'balances', 'worker 1');
          same(await leases.holder('balances'), 'worker 1', 'It is running.');
          same(await leases.holder('orders'), undefined, 'That is another one.');
          await leasesOf(store).release('balances', fence);
          same(await leases.holder('balances'), undefined, 'It was given back.');
          await fenceOf(store, 'balances', 'worker 2', shortLease);
          await runOut(given, shortLease);
          same(await leases.holder('balances'), undefined, 'It has run out.');
        },
      },
    },
    {
      says: '`release` gives back the lease of that fence, and no other.',
      behaviours: {
        'does not take the lease from its new holder when an old one lets go': async (given) => {
          const { store, peer, shortLease } = given;
          const first = await fenceOf(store, 'balances', 'worker 1', shortLease);
          await runOut(given, shortLease);
          const second = await fenceOf(peer, 'balances', 'worker 2');
          await leasesOf(store).release('balances', first);
          same(await leasesOf(store).acquire('balances', 'worker 3', long), undefined, 'The new holder keeps it.');
          same(await leasesOf(peer).renew('balances', second, long), true, 'And can renew it.');
        },
        'is harmless where there is nothing to release': async ({ store }) => {
          await leasesOf(store).release('nobody', 1);
          const fence = await fenceOf(store, 'balances', 'worker 1');
          await leasesOf(store).release('balances', fence);
          await leasesOf(store).release('balances', fence);
        },
      },
    },
  ],
};
