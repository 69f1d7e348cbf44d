/** Commands that race each other: whatever the interleaving, the outcome is that of some order, one after the other. */
import { execute, exponentialBackoff, isEventCoreError, type EventStore } from '@eventcore/core';
import { race, whileWriting, breathe } from '../section/arrange.js';
import { holds, same } from '../section/expectations.js';
import { wholeFeed, wholeStreams } from '../section/observe.js';
import type { Given, Section } from '../section/section.js';
import { balanceOf, ClosePolicy, Collect, Deposit, GuardedDeposit, Join, Open, openAll, Transfer } from './bank.js';

const accounts = ['ann', 'bob', 'cid', 'dot', 'eve'];

/** Whoever races with hundreds is patient. */
const retry = exponentialBackoff({ attempts: 1000, base: 1, cap: 50 });

/** Executes; a rejection by a rule counts as an answer. Gives whether anything was written. */
async function answered(command: Parameters<typeof execute>[0], store: EventStore): Promise<boolean> {
  try {
    await execute(command, store, { retry });
    return true;
  } catch (error) {
    if (isEventCoreError(error, 'BUSINESS_RULE_VIOLATION')) return false;
    throw error;
  }
}

const clientOf = ({ store, peer }: Given, n: number): EventStore => (n % 2 === 0 ? store : peer);

async function balances(store: EventStore): Promise<readonly number[]> {
  const events = await wholeStreams(
    store,
    accounts.map((account) => `account-${account}`),
  );
  return events.map((stream) =>
    stream.reduce((balance, { type, data }) => {
      const { amount = 0 } = data as { readonly amount?: number };
      return type === 'Withdrawn' ? balance - amount : balance + amount;
    }, 0),
  );
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

export const racingCommands: Section = {
  title: 'racing commands',
  clauses: [
    {
      says: 'Commands are strictly serializable.',
      behaviours: {
        'counts every deposit of many that race on one account': async (given) => {
          const { store, racers } = given;
          const deposits = Math.ceil(racers / 2);
          await race(deposits, (n) =>
            execute(new Deposit({ account: 'ann', amount: 1 }), clientOf(given, n), { retry }),
          );
          same(await balanceOf(store, 'ann'), deposits, 'No deposit is lost, and none counts twice.');
        },
        'conserves money under transfers in all directions, and no reader sees any in between': async (given) => {
          const { store, racers } = given;
          await openAll(store, Object.fromEntries(accounts.map((account) => [account, 20])));
          const transfers = (): Promise<unknown> =>
            race(racers, (n) => {
              const [from, to] = [accounts[n % 5]!, accounts[(n + 1 + (n % 4)) % 5]!];
              return answered(
                new Transfer({ from, to: to === from ? accounts[(n + 1) % 5]! : to, amount: 1 + (n % 9) }),
                clientOf(given, n),
              );
            });
          const seen = await whileWriting(transfers, async (writing) => {
            const sums: number[] = [];
            while (writing()) {
              sums.push(sum(await balances(given.peer)));
              await breathe();
            }
            return sums;
          });
          const final = await balances(store);
          same([...new Set([...seen, sum(final)])], [100], 'The sum is always the same.');
          holds(
            final.every((balance) => balance >= 0),
            'No account was overdrawn.',
          );
        },
        'leaves versions contiguous, and the events of a command together': async (given) => {
          const { store, racers } = given;
          await openAll(store, Object.fromEntries(accounts.map((account) => [account, 1000])));
          await race(Math.ceil(racers / 2), (n) =>
            answered(
              new Transfer({ from: accounts[n % 5]!, to: accounts[(n + 1) % 5]!, amount: 1 }),
              clientOf(given, n),
            ),
          );
          const feed = await wholeFeed(store);
          const versions = new Map<string, number>();
          feed.forEach(({ stream, version, commandId, type }, index) => {
            same(version, (versions.get(stream) ?? 0) + 1, `Versions of ${stream} come one after the other.`);
            versions.set(stream, version);
            if (type === 'Withdrawn') same(feed[index + 1]?.commandId, commandId, 'A deposit follows its withdrawal.');
          });
        },
        'opens an account once': async (given) => {
          const opened = await race(Math.ceil(given.racers / 4), (n) =>
            answered(new Open({ account: 'new', owner: `owner ${n}` }), clientOf(given, n)),
          );
          same(opened.filter(Boolean).length, 1, 'Everybody else is told that it is open.');
        },
        'lets no two commands each rest on what the other one changes': async (given) => {
          const pairs = Math.ceil(given.racers / 10);
          const outcomes = await race(2 * pairs, (n) => {
            const [account, policy] = [`account${n >> 1}`, `policy${n >> 1}`];
            return n % 2 === 0
              ? answered(new ClosePolicy({ policy, account }), given.store)
              : answered(new GuardedDeposit({ account, policy, amount: 1 }), given.peer);
          });
          for (let n = 0; n < pairs; n++) {
            same(
              outcomes.slice(2 * n, 2 * n + 2).filter(Boolean).length,
              1,
              'One of each pair finds what the other one did.',
            );
          }
        },
        'collects from exactly those who belong to a household, while others join': async (given) => {
          const { store } = given;
          await openAll(store, Object.fromEntries(accounts.map((account) => [account, 1000])));
          const joining = accounts.map(
            (member) => () => execute(new Join({ household: 'h', member }), given.peer, { retry }),
          );
          const collecting = Array.from(
            { length: 5 },
            () => () => execute(new Collect({ household: 'h', each: 1 }), store, { retry }),
          );
          const tasks = [...joining, ...collecting];
          await race(tasks.length, (n) => tasks[n % 2 === 0 ? n / 2 : 5 + (n - 1) / 2]!());

          const members: string[] = [];
          let collected: string[] = [];
          const feed = await wholeFeed(store);
          feed.forEach(({ type, stream, data, commandId }, index) => {
            if (type === 'Joined') members.push(`account-${(data as { readonly member: string }).member}`);
            if (type !== 'Withdrawn') return;
            collected.push(stream);
            if (feed[index + 1]?.commandId === commandId) return;
            same(collected, members, 'Whoever had joined by then, and nobody else.');
            collected = [];
          });
        },
      },
    },
  ],
};
