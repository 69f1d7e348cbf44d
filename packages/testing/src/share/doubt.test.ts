/** Calls that were shared and whose answers were lost: sent again whole, and each told what became of it. */
import { describe, expect, it } from '@jest/globals';
import {
  BusinessRuleViolation,
  Indeterminate,
  StoreClosed,
  StoreUnavailable,
  version,
  type Receipt,
} from '@eventcore/core';
import type { Append, Outcome } from '@eventcore/core/store';
import { balanceOf, deposit, gate, sharedStore, unknown, withdraw, type Does } from './shared-bank.fixture.js';

const lost = (): Outcome => ({ kind: 'unknown', error: new StoreUnavailable('The answer was lost.') });
const failed = (): Outcome => ({ kind: 'failed', error: new StoreUnavailable('Nobody is there.') });
const refused = (): Outcome => ({ kind: 'failed', error: new StoreClosed('The store was closed.') });
/** It rests on one that was not applied. */
function refusedWith({ expected }: Append): Outcome {
  const stale = [...expected].map(([stream, rest]) => {
    return { stream, expected: rest, actual: version(0), reason: 'chain' as const };
  });
  return { kind: 'conflict', stale };
}

/** Answers so, and sends nothing on. */
const answering =
  (...outcomes: (() => Outcome)[]): Does =>
  async () =>
    outcomes.map((outcome) => outcome());
const applied: Does = (_, sendOn) => sendOn();

/** Two deposits on one account in one call: the second rests on the first. */
async function two(...does: Does[]) {
  const bank = sharedStore();
  bank.next(...does);
  const both = await Promise.allSettled([deposit(bank.store, 'alice', 1), deposit(bank.store, 'alice', 2)]);
  return { ...bank, both, told: both.map((one) => ('value' in one ? one.value : one.reason) as Receipt | Error) };
}

describe('a shared call whose answer was lost', () => {
  it('is given up at once where the store refuses to tell, for a reason that does not pass', async () => {
    const { store, calls, next } = sharedStore();
    next(unknown, async () => {
      throw new StoreClosed('The store was closed.');
    });
    await expect(deposit(store, 'alice', 1)).rejects.toThrow(Indeterminate);
    expect(calls).toHaveLength(2);
  });

  it('goes again unchanged, while what needs its streams waits and the rest does not', async () => {
    const { store, calls, next } = sharedStore();
    await deposit(store, 'alice', 10);
    const again = gate();
    next(unknown, again.does);
    const both = [withdraw(store, 'alice', 4), withdraw(store, 'alice', 3)];
    await again.reached;
    const third = withdraw(store, 'alice', 2);
    const elsewhere = await deposit(store, 'bob', 1);
    expect(elsewhere.duplicate).toBe(false);
    again.open();
    await Promise.all([...both, third]);
    expect(calls[2]).toBe(calls[1]);
    expect(await balanceOf(store, 'alice')).toBe(1);
  });

  it('tells an append that failed at first what became of it with the others, sent again', async () => {
    const { told, store } = await two(answering(lost, refused), applied);
    expect(told).toMatchObject([{ duplicate: false }, { duplicate: false }]);
    expect(await balanceOf(store, 'alice')).toBe(3);
  });

  it('tells a doubt that came up when it was sent again', async () => {
    const { told, calls } = await two(
      answering(lost, refused),
      async (_, sendOn) => [(await sendOn())[0]!, lost()],
      async () => [refused(), refused()],
    );
    expect(calls).toHaveLength(3);
    expect(told).toMatchObject([{ duplicate: false }, { code: 'INDETERMINATE' }]);
  });

  it('leaves open what rests on an append that is open itself, though it was refused with it this time', async () => {
    const chained: Does = async ([, second]) => {
      return [failed(), refusedWith(second!)];
    };
    const { told, calls, store } = await two(answering(lost, lost), chained, applied);
    expect(calls).toHaveLength(3);
    expect(new Set(calls).size).toBe(1);
    expect(told).toMatchObject([{ attempts: 1 }, { attempts: 1 }]);
    expect(await balanceOf(store, 'alice')).toBe(3);
  });

  it('is told to those as well that rest on one of which the store refuses to tell', async () => {
    const chained: Does = async ([, second]) => [refused(), refusedWith(second!)];
    const { told } = await two(answering(lost, lost), chained);
    expect(told).toMatchObject([{ code: 'INDETERMINATE' }, { code: 'INDETERMINATE' }]);
  });

  it('is open for those as well that the store says rest on what is open', async () => {
    const chained: Does = async ([, second]) => {
      return [lost(), refusedWith(second!)];
    };
    const { told, calls } = await two(chained, answering(refused, refused));
    expect(calls).toHaveLength(2);
    expect(told).toMatchObject([{ code: 'INDETERMINATE' }, { code: 'INDETERMINATE' }]);
  });

  it('decides again what rested on an append that turns out to be refused', async () => {
    const { store, direct, next } = sharedStore();
    await deposit(store, 'alice', 10);
    next(unknown, async (_, sendOn) => {
      await withdraw(direct, 'alice', 1);
      return sendOn();
    });
    const [one, other] = await Promise.allSettled([withdraw(store, 'alice', 10), withdraw(store, 'alice', 5)]);
    expect([one, other]).toMatchObject([
      { reason: expect.any(BusinessRuleViolation) },
      { value: { duplicate: false } },
    ]);
    expect(await balanceOf(direct, 'alice')).toBe(4);
  });
});
