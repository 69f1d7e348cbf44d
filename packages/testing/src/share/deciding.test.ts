/** Code of the user's that executes, or calls off, while a shared command is decided or sent. */
import { describe, expect, it } from '@jest/globals';
import { execute, Indeterminate, noRetry, StoreClosed, systemRuntime, type Receipt } from '@eventcore/core';
import type { Outcome } from '@eventcore/core/store';
import { balanceOf, Count, deposit, gate, Look, sharedStore, withdraw, withdrawing } from './shared-bank.fixture.js';

const settled = (promise: Promise<Receipt>) =>
  promise.then(
    () => 'executed',
    (error: Error) => error.name,
  );

/** As of a store that hands over nothing of what was missed. */
function withoutMissed(outcome: Outcome): Outcome {
  if (outcome.kind !== 'conflict') return outcome;
  const stale = outcome.stale.map(({ stream, expected, actual, reason }) => ({ stream, expected, actual, reason }));
  return { ...outcome, stale };
}

/** After a conflict with somebody elsewhere, the next calls are decided under the store's locks. */
async function wary(bank: ReturnType<typeof sharedStore>, account = 'alice') {
  await deposit(bank.store, account, 10);
  await deposit(bank.direct, account, 0);
  await deposit(bank.store, account, 0);
  expect(bank.counts.hold).toBe(1);
}

describe('a command that is executed while another one is decided', () => {
  it('is decided after it, on what it leaves', async () => {
    const { store } = sharedStore();
    await deposit(store, 'alice', 10);
    let inner: Promise<string> | undefined;
    const Outer = withdrawing(() => {
      inner ??= settled(withdraw(store, 'alice', 10));
    });
    const outer = await settled(execute(new Outer({ account: 'alice', amount: 10 }), store));
    expect([outer, await inner]).toEqual(['executed', 'BusinessRuleViolation']);
    expect(await balanceOf(store, 'alice')).toBe(0);
  });
});

describe('a command that is called off', () => {
  it('while it is decided, by its own code, is not sent', async () => {
    const { store, calls } = sharedStore();
    await deposit(store, 'alice', 10);
    const leaving = new AbortController();
    const Leaving = withdrawing(() => leaving.abort());
    const taking = settled(execute(new Leaving({ account: 'alice', amount: 10 }), store, { signal: leaving.signal }));
    const alsoTaking = settled(withdraw(store, 'alice', 10));
    expect(await Promise.all([taking, alsoTaking])).toEqual(['Aborted', 'executed']);
    expect(calls.map(({ length }) => length)).toEqual([1, 1]);
  });

  it('while another one is decided that rests on it, is not sent, and that one is decided again', async () => {
    const { store } = sharedStore();
    await deposit(store, 'alice', 10);
    const leaving = new AbortController();
    const seen: number[] = [];
    const Watching = withdrawing((balance) => {
      seen.push(balance);
      leaving.abort();
    });
    const taking = settled(withdraw(store, 'alice', 10, { signal: leaving.signal }));
    const alsoTaking = settled(execute(new Watching({ account: 'alice', amount: 10 }), store));
    expect(await Promise.all([taking, alsoTaking])).toEqual(['Aborted', 'executed']);
    expect(seen).toEqual([0, 10]);
  });

  it('while it is decided under locks, is not sent, and nothing rests on it', async () => {
    const bank = sharedStore();
    const { store } = bank;
    await wary(bank);
    const first = gate();
    bank.nextHolds(first.does);
    const holding = deposit(store, 'alice', 0);
    await first.reached;
    const leaving = new AbortController();
    let decided = 0;
    const Leaving = withdrawing(() => {
      decided += 1;
      // Under the locks, not when it lined up.
      if (decided === 3) leaving.abort();
    });
    const taking = settled(execute(new Leaving({ account: 'alice', amount: 10 }), store, { signal: leaving.signal }));
    const alsoTaking = settled(withdraw(store, 'alice', 10));
    first.open();
    await holding;
    expect(await Promise.all([taking, alsoTaking])).toEqual(['Aborted', 'executed']);
    expect(decided).toBe(3);
    expect(await balanceOf(store, 'alice')).toBe(0);
  });

  it('by a hook that hears of a neighbour that is sent, is in doubt, since it is sent with it', async () => {
    const { store } = sharedStore();
    const leaving = new AbortController();
    const one = deposit(store, 'alice', 1, { hooks: { sending: () => leaving.abort() } });
    await expect(deposit(store, 'alice', 2, { signal: leaving.signal })).rejects.toThrow(Indeterminate);
    await one;
    expect(await balanceOf(store, 'alice')).toBe(3);
  });

  it('after it was refused with the one that it rests on, certainly wrote nothing', async () => {
    const { store, direct, next, beforeReads } = sharedStore();
    await deposit(store, 'alice', 1);
    next(async (_, sendOn) => {
      await deposit(direct, 'alice', 1);
      return (await sendOn()).map(withoutMissed);
    });
    const reading = gate();
    const read = async (): Promise<void> => void (await reading.does([], async () => []));
    beforeReads(read);
    const leaving = new AbortController();
    const one = deposit(store, 'alice', 1);
    const other = settled(deposit(store, 'alice', 1, { signal: leaving.signal }));
    await reading.reached;
    leaving.abort();
    expect(await other).toBe('Aborted');
    reading.open();
    await one;
    expect(await balanceOf(direct, 'alice')).toBe(3);
  });
});

describe('what goes wrong with one under locks', () => {
  it('does not reach its neighbours, though they are one transaction', async () => {
    const bank = sharedStore();
    await wary(bank);
    const { store, nextHolds, direct } = bank;
    await deposit(store, 'bob', 0);
    nextHolds(async (appends) =>
      appends.map(() => ({ kind: 'failed', error: new StoreClosed('One of them is refused.') })),
    );
    // What the fixture has let happen is undone by nobody: the ids make it harmless.
    const both = [deposit(store, 'alice', 1), deposit(store, 'bob', 1)];
    expect((await Promise.all(both)).map(({ attempts }) => attempts)).toEqual([1, 1]);
    expect([await balanceOf(direct, 'alice'), await balanceOf(direct, 'bob')]).toEqual([11, 1]);
  });
});

describe('two definitions of one type of streams', () => {
  it('are each decided on states of their own, and neither waits for the other', async () => {
    const { store, next, direct } = sharedStore();
    const first = gate();
    next(first.does);
    const one = deposit(store, 'alice', 5);
    await first.reached;
    await execute(new Count({ account: 'alice' }), store);
    first.open();
    await one;
    expect(await balanceOf(direct, 'alice')).toBe(6);
  });

  it('are each decided on states of their own, in one call under locks as well', async () => {
    const bank = sharedStore();
    await wary(bank);
    const { store, direct, nextHolds } = bank;
    await execute(new Look({ account: 'alice', log: 'l' }), store);
    const first = gate();
    nextHolds(first.does);
    const holding = deposit(store, 'bob', 1);
    await first.reached;
    const both = [
      execute(new Look({ account: 'alice', log: 'l' }), store),
      execute(new Count({ account: 'alice' }), store),
    ];
    // What is not warm is read meanwhile.
    await execute(new Look({ account: 'carol', log: 'm' }), direct);
    first.open();
    await Promise.all([holding, ...both]);
    expect(await balanceOf(direct, 'alice')).toBe(11);
  });
});

describe('a command whose effect cannot be foretold', () => {
  it('keeps nobody waiting, also when it is called off', async () => {
    const { store, next } = sharedStore();
    const first = gate();
    next(first.does);
    const held = deposit(store, 'bob', 1);
    await first.reached;
    const leaving = new AbortController();
    const poison = settled(deposit(store, 'alice', Number.MAX_SAFE_INTEGER, { signal: leaving.signal }));
    const after = deposit(store, 'alice', 1);
    leaving.abort();
    expect(await poison).toBe('Aborted');
    await after;
    first.open();
    await held;
  });
});

describe('what a store does late or wrong', () => {
  it('reads of other streams go on beside one that is stuck', async () => {
    const { store, beforeReads } = sharedStore();
    const stuck = gate();
    beforeReads(async () => void (await stuck.does([], async () => [])));
    const held = deposit(store, 'alice', 1);
    await stuck.reached;
    await deposit(store, 'bob', 1);
    stuck.open();
    await held;
  });

  it('a conflict without a stream is a conflict, and no reason to decide for ever', async () => {
    const { store, next } = sharedStore();
    next(async () => [{ kind: 'conflict', stale: [] }]);
    await expect(deposit(store, 'alice', 1, { retry: noRetry })).rejects.toMatchObject({ code: 'VERSION_CONFLICT' });
  });
});

describe('commands of different runtimes', () => {
  it('do not share calls, since each waits by its own clock', async () => {
    const { store, calls } = sharedStore();
    await Promise.all([deposit(store, 'alice', 1), deposit(store, 'bob', 1, { runtime: { ...systemRuntime } })]);
    expect(calls.map(({ length }) => length)).toEqual([1, 1]);
  });
});
