/** Checkpoints: how far each consumer has come. */
import { isEventCoreError, START, type EventStore, type Position } from '@eventcore/core';
import type { CheckpointStore } from '@eventcore/core/store';
import { commit, fill, on, race } from '../section/arrange.js';
import { holds, same } from '../section/expectations.js';
import { hostileKeys } from '../values/hostile-corpus.js';
import { wholeStream } from '../section/observe.js';
import type { Section } from '../section/section.js';

const alice = 'account-alice';

function checkpointsOf(store: EventStore): CheckpointStore {
  const { checkpoints } = store.capabilities;
  holds(checkpoints !== undefined, 'The store offers checkpoints.');
  return checkpoints;
}

/** Positions of events, in their order. */
async function positions(store: EventStore, count: number): Promise<readonly Position[]> {
  await fill(store, { [alice]: count });
  return (await wholeStream(store, alice)).map(({ position }) => position);
}

export const checkpoints: Section = {
  title: 'checkpoints',
  clauses: [
    {
      says: "`load` gives a consumer's checkpoint, the start for one that has none; `save` moves it.",
      behaviours: {
        'starts a consumer that has no checkpoint at the start': async ({ store }) => {
          same(await checkpointsOf(store).load('balances'), START, 'A new consumer begins at the start.');
        },
        'remembers the last position that was saved, for every client': async ({ store, peer }) => {
          for (const position of await positions(store, 3)) {
            await checkpointsOf(store).save('balances', position);
            same(await checkpointsOf(peer).load('balances'), position, 'A checkpoint is where it was moved to.');
          }
        },
        'moves a checkpoint back, for a rebuild': async ({ store }) => {
          const [first, second] = await positions(store, 2);
          for (const position of [second!, first!, START]) {
            await checkpointsOf(store).save('balances', position);
            same(await checkpointsOf(store).load('balances'), position, 'A rebuild starts from any position.');
          }
        },
        'keeps consumers apart, also those whose names look alike': async ({ store }) => {
          const saved = await positions(store, hostileKeys.length);
          await race(hostileKeys.length, (n) => checkpointsOf(store).save(hostileKeys[n]!, saved[n]!));
          const loaded = await race(hostileKeys.length, (n) => checkpointsOf(store).load(hostileKeys[n]!));
          same(loaded, saved, 'Each consumer has a checkpoint of its own.');
        },
        'writes no event, and is moved by none': async ({ store }) => {
          const [first] = await positions(store, 1);
          await checkpointsOf(store).save('balances', first!);
          const { position } = await commit(store, { expected: { [alice]: 1 }, events: [on(alice)] });
          same((await wholeStream(store, alice)).at(-1)?.position, position, 'The feed holds events alone.');
          same(await checkpointsOf(store).load('balances'), first, 'Only its consumer moves a checkpoint.');
        },
      },
    },
  ],
};

/** Saving under a lease: for stores that offer both. */
export const fencing: Section = {
  title: 'checkpoints under a lease',
  clauses: [
    {
      says: 'With a `fence`, a checkpoint is refused as `LeaseLost` when the lease has passed on.',
      behaviours: {
        'saves under the fence of the lease that runs': async ({ store }) => {
          const [first] = await positions(store, 1);
          const lease = await store.capabilities.leases!.acquire('balances', 'worker 1', 60_000);
          await checkpointsOf(store).save('balances', first!, lease!.fence);
          same(await checkpointsOf(store).load('balances'), first, 'The holder of the lease moves the checkpoint.');
        },
        'refuses a worker whose lease has passed on, and leaves the checkpoint as it was': async ({ store, peer }) => {
          const [first, second] = await positions(store, 2);
          const leases = store.capabilities.leases!;
          const paused = await leases.acquire('balances', 'worker 1', 60_000);
          await leases.release('balances', paused!.fence);
          const active = await peer.capabilities.leases!.acquire('balances', 'worker 2', 60_000);
          await checkpointsOf(peer).save('balances', second!, active!.fence);
          const refused = await checkpointsOf(store)
            .save('balances', first!, paused!.fence)
            .catch((error: unknown) => error);
          holds(
            isEventCoreError(refused, 'LEASE_LOST'),
            `A paused worker finds its write refused, not ${String(refused)}`,
          );
          same(await checkpointsOf(store).load('balances'), second, 'The checkpoint is that of the active worker.');
        },
        "takes one consumer's fence for no other's": async ({ store }) => {
          const [first] = await positions(store, 1);
          const leases = store.capabilities.leases!;
          for (let turn = 0; turn < 3; turn++) {
            const lease = await leases.acquire('orders', `worker ${turn}`, 60_000);
            await leases.release('orders', lease!.fence);
          }
          const orders = await leases.acquire('orders', 'worker', 60_000);
          const balances = await leases.acquire('balances', 'worker', 60_000);
          await checkpointsOf(store).save('balances', first!, balances!.fence);
          await checkpointsOf(store).save('orders', first!, orders!.fence);
          same(await checkpointsOf(store).load('balances'), first, 'Leases of consumers do not touch each other.');
        },
      },
    },
  ],
};
