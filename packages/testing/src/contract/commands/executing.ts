/** Commands on the store: that what it promises to the executor adds up to what the executor promises to users. */
import {
  commandIdFrom,
  execute,
  isEventCoreError,
  load,
  noRetry,
  readStream,
  type ErrorCode,
  type ErrorsByCode,
  type EventStore,
} from '@eventcore/core';
import { commit, on } from '../section/arrange.js';
import { holds, same } from '../section/expectations.js';
import { versionOf, wholeFeed, wholeStream } from '../section/observe.js';
import type { Section } from '../section/section.js';
import {
  Account,
  balanceOf,
  Collect,
  Customer,
  CustomerOfOld,
  Deposit,
  GuardedDeposit,
  Join,
  Look,
  Note,
  openAll,
  PayWages,
  RegisterBetween,
  RegisterOfOld,
  Transfer,
  written,
} from './bank.js';

/** Fails unless the execution ends with this error, which it gives. */
async function endsWith<Code extends ErrorCode>(code: Code, execution: Promise<unknown>): Promise<ErrorsByCode[Code]> {
  try {
    await execution;
  } catch (error) {
    holds(isEventCoreError(error, code), `Expected ${code}, and it ended with ${String(error)}`);
    return error as ErrorsByCode[Code];
  }
  holds(false, `Expected ${code}, and it succeeded.`);
}

/** The store, with something that happens just before its first append, or its first read. */
function overtaken(
  store: EventStore,
  overtake: () => Promise<unknown>,
  call: 'append' | 'read' = 'append',
): EventStore {
  let first = true;
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (name !== call || typeof member !== 'function')
        return typeof member === 'function' ? member.bind(target) : member;
      return async (...given: unknown[]) => {
        if (first) {
          first = false;
          await overtake();
        }
        return member.apply(target, given) as unknown;
      };
    },
  });
}

export const executing: Section = {
  title: 'executing commands',
  clauses: [
    {
      says: 'A command writes to all of its streams or to none.',
      behaviours: {
        'moves money between two streams in one step': async ({ store }) => {
          await openAll(store, { alice: 100, bob: 10 });
          const receipt = await execute(new Transfer({ from: 'alice', to: 'bob', amount: 60 }), store);
          same(written(receipt), ['account-alice@3 Withdrawn', 'account-bob@3 Deposited'], 'Both events are recorded.');
          same([await balanceOf(store, 'alice'), await balanceOf(store, 'bob')], [40, 70], 'The money has moved.');
          same(receipt.position, (await wholeFeed(store)).at(-1)?.position, 'The receipt names the last position.');
        },
        'writes nothing when a rule says no': async ({ store }) => {
          await openAll(store, { alice: 10, bob: 10 });
          const error = await endsWith(
            'BUSINESS_RULE_VIOLATION',
            execute(new Transfer({ from: 'alice', to: 'bob', amount: 11 }), store),
          );
          same([error.rule, error.data], ['insufficient-funds', { balance: 10 }], 'The rejection says why.');
          same((await wholeFeed(store)).length, 4, 'Nothing but the openings is recorded.');
        },
        'pays any number of accounts from one': async ({ store }) => {
          const employees = Array.from({ length: 20 }, (_, n) => `employee-${n}`);
          await openAll(store, { employer: 100 });
          const receipt = await execute(new PayWages({ employer: 'employer', employees, wage: 5 }), store);
          same(receipt.versions.size, 21, 'Every account was written.');
          same(await balanceOf(store, 'employer'), 0, 'The employer has paid.');
          for (const employee of employees) same(await balanceOf(store, employee), 5, 'Everybody got paid.');
        },
        'leaves neither record nor position behind when it has nothing to write': async ({ store }) => {
          const receipt = await execute(new Look({ account: 'alice' }), store);
          same([receipt.events, receipt.position], [[], ''], 'The receipt is empty.');
          same(await wholeFeed(store), [], 'The feed is empty.');
        },
      },
    },
    {
      says: 'Every stream that was read takes part in the version check: written or not, existing or not, declared or discovered.',
      behaviours: {
        'names every stale stream when there are no retries, and writes nothing': async ({ store, peer }) => {
          await openAll(store, { alice: 100, bob: 10 });
          const busy = overtaken(store, async () => {
            await execute(new Deposit({ account: 'alice', amount: 1 }), peer);
            await execute(new Deposit({ account: 'bob', amount: 1 }), peer);
          });
          const { stale } = await endsWith(
            'VERSION_CONFLICT',
            execute(new Transfer({ from: 'alice', to: 'bob', amount: 60 }), busy, { retry: noRetry }),
          );
          same(
            [...stale].sort((a, b) => (a.stream < b.stream ? -1 : 1)),
            [
              { stream: 'account-alice', reason: 'stale', expected: 2, actual: 3 },
              { stream: 'account-bob', reason: 'stale', expected: 2, actual: 3 },
            ],
            'Both had moved.',
          );
          same([await balanceOf(store, 'alice'), await balanceOf(store, 'bob')], [101, 11], 'No money has moved.');
        },
        'decides again when a stream has moved that it writes': async ({ store, peer }) => {
          await openAll(store, { alice: 100, bob: 10 });
          const busy = overtaken(store, () => execute(new Transfer({ from: 'alice', to: 'bob', amount: 90 }), peer));
          const error = await endsWith(
            'BUSINESS_RULE_VIOLATION',
            execute(new Transfer({ from: 'alice', to: 'bob', amount: 60 }), busy),
          );
          same([error.data, error.context.attempts], [{ balance: 10 }, 2], 'It was rejected on the newer state.');
        },
        'decides again when a stream has moved that it only reads': async ({ store, peer }) => {
          const busy = overtaken(store, () =>
            commit(peer, { expected: { 'policy-p': 0 }, events: [on('policy-p', 'Closed')] }),
          );
          const error = await endsWith(
            'BUSINESS_RULE_VIOLATION',
            execute(new GuardedDeposit({ account: 'alice', policy: 'p', amount: 1 }), busy),
          );
          same(
            [error.rule, await versionOf(store, 'account-alice')],
            ['closed', 0],
            'It saw the policy that came meanwhile.',
          );
        },
        'is not held up by a stream that is only read and has not moved': async ({ store }) => {
          await commit(store, { expected: { 'policy-p': 0 }, events: [on('policy-p', 'Reopened')] });
          const receipt = await execute(new GuardedDeposit({ account: 'alice', policy: 'p', amount: 1 }), store);
          same(
            [receipt.attempts, await versionOf(store, 'policy-p')],
            [1, 1],
            'It went through, and the policy stayed.',
          );
        },
        'decides again when a stream has moved that it discovered, and when it would discover another one': async ({
          store,
          peer,
        }) => {
          await openAll(store, { alice: 10, bob: 10, carol: 10 });
          for (const member of ['alice', 'bob']) await execute(new Join({ household: 'h', member }), store);
          const poorer = overtaken(store, () => execute(new Transfer({ from: 'bob', to: 'carol', amount: 6 }), peer));
          await endsWith('BUSINESS_RULE_VIOLATION', execute(new Collect({ household: 'h', each: 5 }), poorer));

          const larger = overtaken(store, () => execute(new Join({ household: 'h', member: 'carol' }), peer));
          const receipt = await execute(new Collect({ household: 'h', each: 4 }), larger);
          same(
            written(receipt).map((event) => event.split('@')[0]),
            ['account-alice', 'account-bob', 'account-carol'],
            'It collects from whoever belongs to the household by then.',
          );
        },
        'commits a blind command whatever moves': async ({ store, peer }) => {
          const busy = overtaken(store, () => execute(new Note({ audit: 'log', text: 'first' }), peer));
          const receipt = await execute(new Note({ audit: 'log', text: 'second' }), busy);
          same([receipt.attempts, written(receipt)], [1, ['audit-log@2 Noted']], 'It comes after the other one.');
        },
      },
    },
    {
      says: 'A command id that was applied gives the recorded receipt, and nothing is decided.',
      behaviours: {
        'gives the same receipt again, on every client': async ({ store, peer }) => {
          await openAll(store, { alice: 100, bob: 10 });
          const commandId = commandIdFrom('contract', 'rent');
          const first = await execute(new Transfer({ from: 'alice', to: 'bob', amount: 60 }), store, { commandId });
          const again = await execute(new Transfer({ from: 'alice', to: 'bob', amount: 60 }), peer, { commandId });
          same(again, { ...first, duplicate: true }, 'The receipt is the recorded one.');
          same(await balanceOf(store, 'alice'), 40, 'It was applied once.');
        },
        'refuses the id for other inputs': async ({ store }) => {
          const commandId = commandIdFrom('contract', 'deposit');
          await execute(new Deposit({ account: 'alice', amount: 1 }), store, { commandId });
          await endsWith(
            'COMMAND_ID_REUSED',
            execute(new Deposit({ account: 'alice', amount: 2 }), store, { commandId }),
          );
        },
        'applies a command once that is executed many times at once': async ({ store, peer, racers }) => {
          const commandId = commandIdFrom('contract', 'impatience');
          const receipts = await Promise.all(
            Array.from({ length: Math.ceil(racers / 10) }, (_, n) =>
              execute(new Deposit({ account: 'alice', amount: 7 }), n % 2 === 0 ? store : peer, { commandId }),
            ),
          );
          same(await balanceOf(store, 'alice'), 7, 'One deposit is there.');
          same(receipts.filter(({ duplicate }) => !duplicate).length, 1, 'One of them has written it.');
          same(new Set(receipts.map(({ position }) => position)).size, 1, 'All tell of the same one.');
        },
      },
    },
    {
      says: 'The executor raises `Aborted`, `DeadlineExceeded` and `Indeterminate`, whatever the store makes of a signal and a deadline.',
      behaviours: {
        'is aborted before its append was sent, and writes nothing': async ({ store }) => {
          const end = new AbortController();
          const busy = overtaken(store, async () => end.abort(), 'read');
          await endsWith(
            'ABORTED',
            execute(new Deposit({ account: 'alice', amount: 1 }), busy, { signal: end.signal }),
          );
          same(await wholeFeed(store), [], 'Nothing was sent.');
        },
        'comes to its deadline before its append was sent, and writes nothing': async ({ store }) => {
          const deadline = Date.now() - 1;
          await endsWith(
            'DEADLINE_EXCEEDED',
            execute(new Deposit({ account: 'alice', amount: 1 }), store, { deadline }),
          );
          same(await wholeFeed(store), [], 'Nothing was sent.');
        },
        'is in doubt when it is aborted once its append was sent, and applied once when it is executed again': async ({
          store,
        }) => {
          const commandId = commandIdFrom('contract', 'impatience');
          const deposit = new Deposit({ account: 'alice', amount: 1 });
          const end = new AbortController();
          const busy = overtaken(store, async () => end.abort());
          await endsWith('INDETERMINATE', execute(deposit, busy, { commandId, signal: end.signal }));
          await execute(deposit, store, { commandId });
          same(await balanceOf(store, 'alice'), 1, 'The command id keeps it from being applied twice.');
        },
      },
    },
    {
      says: 'Events carry what is known of how they came to be, and come back as they were written.',
      behaviours: {
        'keeps metadata, correlation and causation with every event': async ({ store }) => {
          const receipt = await execute(new Transfer({ from: 'alice', to: 'bob', amount: 1 }), await rich(store), {
            metadata: { user: 'ann', tags: ['a', 'b'] },
            correlationId: 'request-7',
            causationId: 'click-3',
          });
          const events = (await wholeFeed(store)).slice(-2);
          for (const { commandId, correlationId, causationId, metadata } of events) {
            same(
              { commandId, correlationId, causationId, metadata },
              {
                commandId: receipt.commandId,
                correlationId: 'request-7',
                causationId: 'click-3',
                metadata: { user: 'ann', tags: ['a', 'b'] },
              },
              'Both events of the command carry them.',
            );
          }
        },
        'reads typed events of any schema version as the newest one': async ({ store }) => {
          await execute(new RegisterOfOld({ customer: 'c', name: 'Ada Lovelace' }), store);
          const events = [];
          for await (const event of readStream(store, Customer.at('c'))) events.push(event.data);
          same(events, [{ first: 'Ada', last: 'Lovelace' }], 'The event was upcast.');
          same(await load(store, Customer.at('c')), { last: 'Lovelace' }, 'The fold sees the newest form.');
          same(
            (await wholeStream(store, 'customer-c'))[0]?.data,
            { name: 'Ada Lovelace' },
            'What is stored stays as it was.',
          );
        },
        'writes an older schema version for those that know no other, and reads it as the newest one': async ({
          store,
        }) => {
          await execute(new RegisterBetween({ customer: 'c', first: 'Ada', last: 'Lovelace' }), store);
          const [stored] = await wholeStream(store, 'customer-c');
          same([stored?.schemaVersion, stored?.data], [1, { name: 'Ada Lovelace' }], 'Version 1 is stored.');
          same(await load(store, CustomerOfOld.at('c')), { name: 'Ada Lovelace' }, 'The older release reads it.');
          const again = new RegisterBetween({ customer: 'c', first: 'Augusta', last: 'Lovelace' });
          await endsWith('BUSINESS_RULE_VIOLATION', execute(again, store));
        },
        'tells of an event that a stream type does not know': async ({ store }) => {
          await commit(store, { expected: { 'account-alice': 0 }, events: [on('account-alice', 'Renamed')] });
          const error = await endsWith(
            'UNKNOWN_EVENT_TYPE',
            execute(new Deposit({ account: 'alice', amount: 1 }), store),
          );
          same([error.context.stream, error.context.event], ['account-alice', 'Renamed'], 'It names the event.');
          await endsWith('UNKNOWN_EVENT_TYPE', load(store, Account.at('alice')));
        },
      },
    },
  ],
};

async function rich(store: EventStore): Promise<EventStore> {
  await openAll(store, { alice: 100 });
  return store;
}
