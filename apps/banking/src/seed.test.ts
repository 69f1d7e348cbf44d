import { describe, expect, it } from '@jest/globals';
import { START, streams } from '@eventcore/core';
import { createMemoryStore } from '@eventcore/memory';
import { memoryBank } from './api/memory-bank.fixture.js';
import { Bank } from './bank.js';
import { Account } from './domain/account.js';
import { Metadata } from './metadata.js';
import { personOf } from './people.js';
import { accountsOf } from './read-models/account-views.js';
import type { MovementRow } from './read-models/movements.js';
import { movementsOf } from './read-models/statements.js';
import { seed } from './seed.js';

const NOW = new Date('2026-11-20T15:00:00.000Z');

describe('a fresh bank', () => {
  it('has customers with some weeks behind them, in the order in which they went by', async () => {
    await using open = await memoryBank();
    await seed(open.bank, { now: NOW });
    const accounts = await accountsOf(open.bank.store, personOf('tess')!);
    expect(accounts).toHaveLength(6);
    for (const { account, balance } of accounts) {
      const rows: MovementRow[] = [];
      for await (const { row } of movementsOf(open.bank.store, account, {})) {
        rows.push(row);
      }
      const times = rows.map(({ time }) => time);
      expect(times.length).toBeGreaterThan(0);
      expect(times).toEqual([...times].sort().reverse());
      expect(times[0]! < NOW.toISOString()).toBe(true);
      expect(rows[0]!.balance).toBe(balance.cents);
      // Each balance follows from the one before.
      rows.forEach((row, index) => expect(row.balance - row.change).toBe(rows[index + 1]?.balance ?? 0));
    }
  });

  it('is made once, also when it was interrupted, and when two begin at once', async () => {
    await using store = createMemoryStore({ metadata: Metadata });
    const [one, other] = [new Bank(store), new Bank(store)];
    let calls = 0;
    const interrupted = new Bank({
      ...store,
      append: async (appends) => {
        if (++calls > 20) throw new Error('the power is out');
        return store.append(appends);
      },
    });
    await expect(seed(interrupted, { now: NOW })).rejects.toThrow('the power is out');
    await interrupted.close();
    await Promise.all([seed(one, { now: NOW }), seed(other, { now: NOW })]);
    const versions = async () => {
      const found = [];
      for await (const { stream, version } of streams(store, Account)) {
        found.push([stream, version]);
      }
      return found;
    };
    const seeded = await versions();
    await seed(one, { now: NOW });
    expect(await versions()).toEqual(seeded);
    await using untouched = await memoryBank();
    await seed(untouched.bank, { now: NOW });
    const { events } = await untouched.bank.store.readAll({ after: START, limit: 1000 });
    const all = await store.readAll({ after: START, limit: 1000 });
    expect(all.events).toHaveLength(events.length);
    await one.close();
    await other.close();
  });
});
