/** Closing a store. */
import { isEventCoreError, START, type EventStore } from '@eventcore/core';
import { anAppend, at, commit, on, stream, uuid } from '../section/arrange.js';
import { holds } from '../section/expectations.js';
import type { Section } from '../section/section.js';

const alice = 'account-alice';

async function refusedAsClosed(call: () => Promise<unknown>, name: string): Promise<void> {
  const answer = await call().then(
    (value) => value,
    (error: unknown) => error,
  );
  holds(
    isEventCoreError(answer, 'STORE_CLOSED'),
    `After \`close\`, \`${name}\` throws StoreClosed, not ${String(answer)}`,
  );
}

async function closedForAll(store: EventStore): Promise<void> {
  await refusedAsClosed(() => store.read({ streams: [{ stream: stream(alice), after: at(0) }] }), 'read');
  await refusedAsClosed(
    () => store.append([anAppend({ expected: { [alice]: 'any' }, events: [on(alice)] })]),
    'append',
  );
  await refusedAsClosed(() => store.readAll({ after: START, limit: 10 }), 'readAll');
  if (store.hold !== undefined) {
    await refusedAsClosed(
      () => store.hold!([{ stream: stream(alice), after: at(0), mode: 'write' }], () => []),
      'hold',
    );
  }
}

export const closing: Section = {
  title: 'closing',
  clauses: [
    {
      says: '`close` lets go of what the store itself opened; who calls it afterwards is told that it is closed.',
      behaviours: {
        'refuses every call after it was closed': async ({ store }) => {
          await commit(store, { expected: { [alice]: 0 }, events: [on(alice)] });
          await store.close();
          await closedForAll(store);
        },
        'refuses every call to what else it offers after it was closed': async ({ store }) => {
          await store.close();
          const { checkpoints, leases, rows, transactions, lookup, listing, distance, head } = store.capabilities;
          const step = { consumer: 'balances', to: START };
          const id = uuid() as never;
          const calls: Readonly<Record<string, (() => Promise<unknown>) | undefined>> = {
            'checkpoints.load': checkpoints && (() => checkpoints.load('balances')),
            'checkpoints.save': checkpoints && (() => checkpoints.save('balances', START)),
            'leases.acquire': leases && (() => leases.acquire('balances', 'worker', 1000)),
            'leases.takeOver': leases && (() => leases.takeOver('balances', 'worker', 1000)),
            'leases.renew': leases && (() => leases.renew('balances', 1, 1000)),
            'leases.release': leases && (() => leases.release('balances', 1)),
            'rows.load': rows && (() => rows.load('balances', ['alice'])),
            'rows.list': rows && (() => rows.list('balances', { limit: 1 })),
            'rows.step': rows && (() => rows.step(step)),
            'transactions.run': transactions && (() => transactions.run(async () => step)),
            'lookup.byEvent': lookup && (() => lookup.byEvent(id)),
            'lookup.byCommand': lookup && (() => lookup.byCommand(id)),
            'lookup.byCorrelation': lookup && (() => lookup.byCorrelation(id)),
            'lookup.byCausation': lookup && (() => lookup.byCausation(id)),
            'listing.list': listing && (() => listing.list({ prefix: '', limit: 1 })),
            distance: distance && (() => distance(START, START)),
            head,
          };
          for (const [name, call] of Object.entries(calls)) if (call) await refusedAsClosed(call, name);
        },
        'can be closed twice': async ({ store }) => {
          await store.close();
          await store.close();
        },
        'is closed by the end of the block that uses it': async ({ store }) => {
          {
            await using used = store;
            await commit(used, { expected: { [alice]: 0 }, events: [on(alice)] });
          }
          await closedForAll(store);
        },
      },
    },
  ],
};
