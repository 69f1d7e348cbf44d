/** Any interleaving that a seed can think of: fast-check decides in which order the calls of racing commands go on. */
import { describe, expect, it } from '@jest/globals';
import {
  execute,
  exponentialBackoff,
  isEventCoreError,
  systemRuntime,
  type EventStore,
  type Runtime,
} from '@eventcore/core';
import { createMemoryStore } from '@eventcore/memory';
import fc from 'fast-check';
import { atLength } from '../../../../../tools/at-length.mjs';
import { wholeFeed } from '../section/observe.js';
import { balanceOf, Collect, Deposit, Join, openAll, PayWages, Transfer } from './bank.js';

const accounts = ['ann', 'bob', 'cid'];
const account = fc.constantFrom(...accounts);
const amount = fc.integer({ min: 1, max: 30 });

/** Commands that move money between accounts; two of them change how much there is. */
const command = fc.oneof(
  fc
    .tuple(fc.shuffledSubarray(accounts, { minLength: 2, maxLength: 2 }), amount)
    .map(([[from, to], money]) => new Transfer({ from: from!, to: to!, amount: money })),
  fc
    .tuple(fc.shuffledSubarray(accounts, { minLength: 2 }), amount)
    .map(([[employer, ...employees], wage]) => new PayWages({ employer: employer!, employees, wage })),
  fc.tuple(account, amount).map(([to, money]) => new Deposit({ account: to, amount: money })),
  fc.tuple(account).map(([member]) => new Join({ household: 'h', member })),
  amount.map((each) => new Collect({ household: 'h', each })),
);

/** The store, with a pause before every call and after it, as long as the scheduler likes. */
function paused(store: EventStore, scheduler: fc.Scheduler): EventStore {
  const pausing =
    <Call extends unknown[], Result>(label: string, call: (...given: Call) => Promise<Result>) =>
    async (...given: Call): Promise<Result> => {
      await scheduler.schedule(Promise.resolve(), `${label} is sent`);
      const result = await call(...given);
      await scheduler.schedule(Promise.resolve(), `${label} is answered`);
      return result;
    };
  return {
    ...store,
    read: pausing('read', (...call: Parameters<EventStore['read']>) => store.read(...call)),
    append: pausing('append', (...call: Parameters<EventStore['append']>) => store.append(...call)),
    hold: pausing('hold', (...call: Parameters<NonNullable<EventStore['hold']>>) => store.hold!(...call)),
  };
}

const retry = exponentialBackoff({ attempts: 100, base: 1, cap: 1 });

describe('whatever the interleaving', () => {
  it.each([
    ['with holds', true],
    ['without holds', false],
  ])(
    'money is conserved, versions are contiguous, and every decision was right when it was made, %s',
    async (_, holds) => {
      await fc.assert(
        fc.asyncProperty(
          fc.scheduler(),
          fc.array(command, { minLength: 2, maxLength: 8 }),
          async (scheduler, commands) => {
            const store = createMemoryStore();
            await openAll(store, { ann: 40, bob: 20, cid: 10 });
            await execute(new Join({ household: 'h', member: 'ann' }), store);
            const { hold, ...rest } = paused(store, scheduler);
            const runtime: Runtime = {
              ...systemRuntime,
              sleep: () => scheduler.schedule(Promise.resolve(), 'a pause ends'),
            };
            const running = commands.map((one) =>
              execute(one, holds ? { ...rest, hold: hold! } : rest, { retry, runtime }).catch((error: unknown) => {
                if (!isEventCoreError(error, 'BUSINESS_RULE_VIOLATION')) throw error;
              }),
            );
            await scheduler.waitFor(Promise.all(running));

            await expectToAddUp(store);
          },
        ),
        { numRuns: atLength ? 2000 : 150 },
      );
    },
  );
});

/** Replays the feed, command by command, and checks each as if it had run alone. */
async function expectToAddUp(store: EventStore): Promise<void> {
  const versions = new Map<string, number>();
  const balances = new Map<string, number>();
  const members = new Set<string>();
  let collected: string[] = [];
  const feed = await wholeFeed(store);
  feed.forEach(({ stream, version, type, data, commandId, metadata }, index) => {
    expect(version).toBe((versions.get(stream) ?? 0) + 1);
    versions.set(stream, version);
    const { amount: money = 0, member } = data as { readonly amount?: number; readonly member?: string };
    if (type === 'Joined') members.add(`account-${member}`);
    const balance = (balances.get(stream) ?? 0) + (type === 'Withdrawn' ? -money : money);
    balances.set(stream, balance);
    // No rule let anybody go below nothing.
    expect(balance).toBeGreaterThanOrEqual(0);
    expect(metadata).toEqual({});

    const own = feed.filter((other) => other.commandId === commandId);
    if (own.every((event) => event.type === 'Withdrawn')) collected.push(stream);
    if (feed[index + 1]?.commandId === commandId) return;
    // A collection takes from exactly those who had joined by then.
    if (collected.length > 0) expect(new Set(collected)).toEqual(members);
    collected = [];
    // Whatever else moves money takes it from somewhere, but for deposits.
    const moved = own.reduce((sum, event) => {
      const part = (event.data as { readonly amount?: number }).amount ?? 0;
      return event.type === 'Withdrawn' ? sum - part : event.type === 'Deposited' ? sum + part : sum;
    }, 0);
    if (own.some((event) => event.type === 'Withdrawn') && own.some((event) => event.type === 'Deposited'))
      expect(moved).toBe(0);
  });
  for (const name of accounts) expect(await balanceOf(store, name)).toBe(balances.get(`account-${name}`));
}
