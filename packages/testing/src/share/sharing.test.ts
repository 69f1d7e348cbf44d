/** Executions of one process that share calls: what goes together, on what it rests, and what each is told. */
import { describe, expect, it } from '@jest/globals';
import { Aborted, BusinessRuleViolation, execute, StoreUnavailable, ValidationError } from '@eventcore/core';
import { balanceOf, deposit, gate, sharedStore, Slow, withdraw } from './shared-bank.fixture.js';

describe('commands that are under way at once', () => {
  it('read in one call and commit in one call', async () => {
    const { store, calls, counts } = sharedStore();
    const receipts = await Promise.all(
      Array.from({ length: 50 }, (_, index) => deposit(store, `a${index}`, index + 1)),
    );
    expect(counts.read).toBe(1);
    expect(calls.map(({ length }) => length)).toEqual([50]);
    expect(new Set(receipts.map(({ position }) => position)).size).toBe(50);
  });

  it('rest on what those before them write, by naming that very append', async () => {
    const { store, calls } = sharedStore();
    const receipts = await Promise.all(Array.from({ length: 5 }, () => deposit(store, 'alice', 1)));
    expect(calls).toHaveLength(1);
    expect(calls[0]!.map(({ expected }) => [...expected.values()])).toEqual([
      [0],
      [{ after: 0 }],
      [{ after: 1 }],
      [{ after: 2 }],
      [{ after: 3 }],
    ]);
    expect(receipts.map(({ events }) => events[0]!.version)).toEqual([1, 2, 3, 4, 5]);
    expect(await balanceOf(store, 'alice')).toBe(5);
  });

  it('gather while a call is under way, and go out together when it is answered', async () => {
    const { store, calls, next } = sharedStore();
    const first = gate();
    next(first.does);
    const one = deposit(store, 'alice', 1);
    await first.reached;
    const others = Array.from({ length: 10 }, (_, index) => deposit(store, index % 2 === 0 ? 'alice' : 'bob', 1));
    first.open();
    await Promise.all([one, ...others]);
    expect(calls.map(({ length }) => length)).toEqual([1, 10]);
    expect([await balanceOf(store, 'alice'), await balanceOf(store, 'bob')]).toEqual([6, 5]);
  });

  it('are answered when their own append is, and not before', async () => {
    const { store, next } = sharedStore();
    const first = gate();
    const second = gate();
    next(first.does, second.does);
    const ended: string[] = [];
    const one = deposit(store, 'alice', 1).then(() => ended.push('one'));
    await first.reached;
    const two = deposit(store, 'alice', 1).then(() => ended.push('two'));
    first.open();
    await Promise.all([one, second.reached]);
    expect(ended).toEqual(['one']);
    second.open();
    await two;
    expect(ended).toEqual(['one', 'two']);
  });

  it('under one id at once are one command, which one of them applies', async () => {
    const { store } = sharedStore();
    const commandId = '0192f0c1-8f2e-7cc3-98c4-dc0c0c07398f';
    const receipts = await Promise.all([1, 2, 3].map(() => deposit(store, 'alice', 7, { commandId })));
    expect(receipts.map(({ duplicate }) => duplicate).sort()).toEqual([false, true, true]);
    expect(await balanceOf(store, 'alice')).toBe(7);
  });
});

describe('a stream that is warm', () => {
  it('is not read again', async () => {
    const { store, calls, counts } = sharedStore();
    for (const amount of [1, 2, 3]) await deposit(store, 'alice', amount);
    expect([counts.read, calls.length]).toEqual([1, 3]);
  });

  it('is brought up to date by what somebody else has written, and decided on again', async () => {
    const { store, direct, counts } = sharedStore();
    await deposit(store, 'alice', 10);
    await withdraw(direct, 'alice', 10);
    await expect(withdraw(store, 'alice', 10)).rejects.toThrow(BusinessRuleViolation);
    expect(counts).toEqual({ read: 1, hold: 1 });
  });

  it('never lets a rejection be told that is not so any more', async () => {
    const { store, direct } = sharedStore();
    await deposit(store, 'alice', 1);
    await deposit(direct, 'alice', 100);
    const receipt = await withdraw(store, 'alice', 50);
    expect(receipt.attempts).toBe(2);
    expect(await balanceOf(direct, 'alice')).toBe(51);
  });

  it('is read afresh by a command that doesn’t share', async () => {
    const { store, direct, counts } = sharedStore();
    await deposit(store, 'alice', 1);
    await deposit(direct, 'alice', 100);
    const receipt = await withdraw(store, 'alice', 50, { share: false });
    expect([receipt.attempts, counts.read]).toEqual([1, 2]);
  });
});

describe('a command that rests on one before it', () => {
  it('is decided again when that one is refused', async () => {
    const { store, direct, next } = sharedStore();
    await deposit(store, 'alice', 10);
    const first = gate();
    next(first.does);
    const taking = withdraw(store, 'alice', 10);
    await first.reached;
    // By what is queued there is nothing left, so this is a rejection until the other one's end is known.
    const alsoTaking = withdraw(store, 'alice', 5);
    await withdraw(direct, 'alice', 1);
    first.open();
    const [one, other] = await Promise.allSettled([taking, alsoTaking]);
    expect([one.status, other.status]).toEqual(['rejected', 'fulfilled']);
    expect(await balanceOf(direct, 'alice')).toBe(4);
  });

  it('is told its rejection once that one is applied', async () => {
    const { store, next } = sharedStore();
    await deposit(store, 'alice', 10);
    const first = gate();
    next(first.does);
    const taking = withdraw(store, 'alice', 10);
    await first.reached;
    let rejected = false;
    const alsoTaking = withdraw(store, 'alice', 5).catch((error: unknown) => {
      rejected = true;
      throw error;
    });
    alsoTaking.catch(() => undefined);
    expect(rejected).toBe(false);
    first.open();
    await taking;
    await expect(alsoTaking).rejects.toThrow('insufficient funds');
  });

  it('is decided again when that one is taken back before it was sent', async () => {
    const { store, next } = sharedStore();
    await deposit(store, 'alice', 10);
    const first = gate();
    next(first.does);
    const holding = deposit(store, 'alice', 0);
    await first.reached;
    const leaving = new AbortController();
    const taking = withdraw(store, 'alice', 10, { signal: leaving.signal });
    const alsoTaking = withdraw(store, 'alice', 10);
    leaving.abort();
    await expect(taking).rejects.toThrow(Aborted);
    first.open();
    await Promise.all([holding, alsoTaking]);
    expect(await balanceOf(store, 'alice')).toBe(0);
  });
});

describe('what goes wrong with one', () => {
  it('does not reach its neighbours, where the store refuses the call', async () => {
    const { store, next } = sharedStore();
    next(async () => {
      throw new ValidationError('The append', [{ path: [], message: 'is too wide for this store' }]);
    });
    const receipts = await Promise.all([deposit(store, 'alice', 1), deposit(store, 'bob', 1)]);
    expect(receipts.map(({ attempts }) => attempts)).toEqual([1, 1]);
  });

  it('does not reach its neighbours, where the store refuses one of them', async () => {
    const { store, next } = sharedStore();
    next(async (appends, sendOn) => {
      const outcomes = await sendOn();
      expect(appends).toHaveLength(2);
      return outcomes;
    });
    const [poor, rich] = await Promise.allSettled([withdraw(store, 'alice', 1), deposit(store, 'bob', 1)]);
    expect([poor.status, rich.status]).toEqual(['rejected', 'fulfilled']);
  });

  it('is tried again by each, where nothing could be sent', async () => {
    const { store, next } = sharedStore();
    next(async () => {
      throw new StoreUnavailable('Nobody is there.');
    });
    const receipts = await Promise.all([deposit(store, 'alice', 1), deposit(store, 'alice', 1)]);
    expect(receipts.map(({ attempts }) => attempts)).toEqual([2, 2]);
    expect(await balanceOf(store, 'alice')).toBe(2);
  });

  it('holds up nobody who has to do with other streams, however long a call takes', async () => {
    const { store, next } = sharedStore();
    const stuck = gate();
    next(stuck.does);
    const held = deposit(store, 'alice', 1);
    await stuck.reached;
    await deposit(store, 'bob', 1);
    stuck.open();
    await held;
    expect([await balanceOf(store, 'alice'), await balanceOf(store, 'bob')]).toEqual([1, 1]);
  });
});

describe('a command that can’t be decided at once', () => {
  it('goes by itself, and is not waited for', async () => {
    const { store } = sharedStore();
    await Promise.all([execute(new Slow({ account: 'alice', amount: 1 }), store), deposit(store, 'alice', 2)]);
    await execute(new Slow({ account: 'alice', amount: 4 }), store);
    expect(await balanceOf(store, 'alice')).toBe(7);
  });
});
