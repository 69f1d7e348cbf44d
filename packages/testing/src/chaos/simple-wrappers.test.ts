import { describe, expect, it } from '@jest/globals';
import { execute, START } from '@eventcore/core';
import { createMemoryStore } from '@eventcore/memory';
import { balanceOf, Deposit, openAll } from '../contract/commands/bank.js';
import { countCalls } from './count-calls.js';
import { failOnce } from './fail-once.js';
import { seededRandom } from './seeded-random.js';

describe('a store that fails once', () => {
  it.each(['read', 'append'] as const)('%s: the command is tried again, and applied once', async (call) => {
    const store = createMemoryStore();
    await openAll(store, { ann: 10 });
    const receipt = await execute(new Deposit({ account: 'ann', amount: 5 }), failOnce(store, call));
    expect([receipt.attempts, await balanceOf(store, 'ann')]).toEqual([2, 15]);
  });

  it('throws what it is given, once, and only from the call that is named', async () => {
    const store = failOnce(createMemoryStore(), 'readAll', new Error('not today'));
    await store.read({ streams: [] });
    await expect(store.readAll({ after: START, limit: 1 })).rejects.toThrow('not today');
    expect(await store.readAll({ after: START, limit: 1 })).toEqual({ events: [], upTo: '' });
  });

  it('refuses a call that stores do not have', () => {
    expect(() => failOnce(createMemoryStore(), 'apend' as never)).toThrow(
      'A store has no call "apend". There are read, append, readAll, hold.',
    );
  });

  it('fails a hold before it is made', async () => {
    let decided = 0;
    const store = failOnce(createMemoryStore(), 'hold');
    const decide = (): [] => {
      decided += 1;
      return [];
    };
    await expect(store.hold!([], decide)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await store.hold!([], decide);
    expect(decided).toBe(1);
  });
});

describe('a store that counts its calls', () => {
  it('counts each kind by itself', async () => {
    const store = countCalls(createMemoryStore());
    await openAll(store, { ann: 10 });
    await store.readAll({ after: START, limit: 1 });
    await store.hold!([], () => []);
    expect(store.calls).toEqual({ read: 1, append: 1, readAll: 1, hold: 1 });
  });
});

describe('chance from a seed', () => {
  const drawn = (seed: number): number[] => Array.from({ length: 5 }, seededRandom(seed).next);

  it('is the same for the same seed, and others for its neighbours', () => {
    expect(drawn(1)).toEqual(drawn(1));
    expect(new Set([1, 2, 3, 2 ** 32 + 1].map((seed) => drawn(seed).join())).size).toBe(4);
  });

  it('spreads evenly over what it chooses from', () => {
    const random = seededRandom(5);
    const counts = [0, 0, 0, 0];
    for (let n = 0; n < 8_000; n++) counts[random.integer(1, 4) - 1]! += 1;
    for (const count of counts) expect(Math.abs(count - 2_000)).toBeLessThan(200);
    let chances = 0;
    for (let n = 0; n < 8_000; n++) if (random.chance(0.25)) chances += 1;
    expect(Math.abs(chances - 2_000)).toBeLessThan(200);
  });

  it('samples without repeating', () => {
    const random = seededRandom(6);
    const letters = ['a', 'b', 'c', 'd'];
    for (let n = 0; n < 50; n++) {
      expect(new Set(random.sample(letters, 3)).size).toBe(3);
      expect(random.sample(letters).toSorted()).toEqual(letters);
    }
    expect(() => random.sample(letters, 9)).toThrow("9 can't be chosen of 4.");
    expect(letters).toContain(random.pick(letters));
    expect(() => random.pick([])).toThrow('There is nothing to pick from');
  });

  it('can be forked, and each goes its own way', () => {
    const one = seededRandom(7);
    const fork = one.fork();
    expect(fork.next()).not.toBe(one.next());
    expect(seededRandom(7).fork().next()).toBe(seededRandom(7).fork().next());
  });
});
