import { expect, it } from '@jest/globals';
import { createMemoryStore } from '@eventcore/memory';
import { aroundStore } from '@eventcore/testing';
import { Bank, type BankStore } from './bank.js';
import { contend } from './contention.js';
import { Metadata } from './metadata.js';

it('a crowd whose end comes while its balances are read is told to be over all the same', async () => {
  const store = createMemoryStore({ metadata: Metadata });
  const asked = Promise.withResolvers<void>();
  // A transfer reads five streams, and goes on when balances, those of three, are being read, which then takes longer.
  const watched = aroundStore(store, {
    async read(request, call) {
      if (request.streams.length === 5) await asked.promise;
      if (request.streams.length === 3) {
        asked.resolve();
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      return store.read(request, call);
    },
  }) as BankStore;
  const bank = new Bank(watched);
  const told: boolean[] = [];
  const wanted = { accounts: 3, transfers: 1, concurrency: 1 };
  for await (const { finished, total, expected } of contend(bank, 'tess', wanted, new AbortController().signal)) {
    told.push(finished);
    expect(total).toBe(expected);
  }
  await bank.close();
  expect(told.at(-1)).toBe(true);
  expect(told.filter(Boolean)).toHaveLength(1);
});
