import { expect, it } from '@jest/globals';
import { load, readStream } from '@eventcore/core';
import { createMemoryStore } from '@eventcore/memory';
import { commandsOf, commandSequences, createTally, runCommands } from '@eventcore/testing/generators';
import fc from 'fast-check';
import { atLength } from '../../../../tools/at-length.mjs';
import { Account } from './account.js';
import { CarryOutStandingOrders } from './carry-out-standing-orders.js';
import { CloseAccount } from './close-account.js';
import { Deposit } from './deposit.js';
import { FreezeAccount } from './freeze-account.js';
import { OpenAccount } from './open-account.js';
import { PayMany } from './pay-many.js';
import { PayWelcomeBonus } from './pay-welcome-bonus.js';
import { SetOverdraftLimit } from './set-overdraft-limit.js';
import { SetStandingOrders } from './set-standing-orders.js';
import { TransferMoney } from './transfer-money.js';
import { UnfreezeAccount } from './unfreeze-account.js';
import { Withdraw } from './withdraw.js';

const EUROS = ['alice', 'bob', 'carol', 'dora'];
const POUNDS = ['pat', 'quinn'];
const currencyOf = (account: string) => (POUNDS.includes(account) ? 'GBP' : 'EUR');

const accounts = fc.constantFrom(...EUROS, ...POUNDS);
const cents = fc.integer({ min: 1, max: 120 });
/** Mostly in the currency of an account, as a page would send it. */
const amountFor = (account: string) =>
  fc.record({
    cents,
    currency: fc.oneof({ weight: 9, arbitrary: fc.constant(currencyOf(account)) }, fc.constantFrom('EUR', 'USD')),
  });
/** One account, and others that hold the same currency. */
const payers = accounts.chain((from) => {
  const others = (currencyOf(from) === 'EUR' ? EUROS : POUNDS).filter((account) => account !== from);
  const to = fc.uniqueArray(fc.constantFrom(...others), { minLength: 1 });
  return fc.record({ from: fc.constant(from), to, amount: amountFor(from) });
});
const onAccount = accounts.chain((account) => fc.record({ account: fc.constant(account), amount: amountFor(account) }));

const commands = commandSequences(
  [
    onAccount.map((cash) => new Deposit(cash)),
    onAccount.map(({ account, amount }) => Withdraw.from(account, amount)),
    payers.map(({ from, to, amount }) => TransferMoney.between(from, to[0]!, amount)),
    payers.map(({ from, to, amount: { cents: each, currency } }) =>
      PayMany.from(
        from,
        to.map((payee, index) => ({ to: payee, cents: each + index })),
        { currency },
      ),
    ),
    payers.map(
      ({ from, to, amount }) =>
        new SetStandingOrders({ account: from, orders: to.map((payee) => ({ to: payee, amount })) }),
    ),
    accounts.map((account) => CarryOutStandingOrders.of(account, currencyOf(account))),
    onAccount.map(({ account, amount }) => new PayWelcomeBonus({ customer: account, account, amount })),
    accounts.map((account) => CloseAccount.of(account)),
    commandsOf(FreezeAccount, { keys: { account: EUROS, compliance: EUROS } }),
    commandsOf(UnfreezeAccount, { keys: EUROS }),
    commandsOf(SetOverdraftLimit, { keys: ['EUR', 'GBP'], fields: { limit: fc.integer({ min: 0, max: 100 }) } }),
  ],
  { maxLength: 40 },
);

const before = [...EUROS, ...POUNDS].flatMap((account) => [
  new OpenAccount({ account, owner: account, name: 'Everyday', currency: currencyOf(account) }),
  new Deposit({ account, amount: { cents: 100, currency: currencyOf(account) } }),
]);

it('whatever is done, money comes by deposits and bonuses, goes by withdrawals, and is as much in between', async () => {
  const tally = createTally();
  await fc.assert(
    fc.asyncProperty(commands, async (sequence) => {
      await using store = createMemoryStore();
      const expected = { EUR: EUROS.length * 100, GBP: POUNDS.length * 100, USD: 0 };
      for (const { command, receipt } of await runCommands(sequence, store, { before, tally })) {
        if (receipt === undefined) continue;
        const { amount } = command as Partial<Deposit>;
        if (command instanceof Deposit || command instanceof PayWelcomeBonus)
          expected[amount!.currency] += amount!.cents;
        if (command instanceof Withdraw) expected[amount!.currency] -= amount!.cents;
      }
      const found = { EUR: 0, GBP: 0, USD: 0 };
      for (const account of [...EUROS, ...POUNDS]) {
        const { balance, currency } = await load(store, Account.at(account));
        found[currency!] += balance;
        // What each movement says of the balance is what the account's own fold makes of it.
        let said = 0;
        for await (const { data } of readStream(store, Account.at(account))) if ('balance' in data) said = data.balance;
        expect(said).toBe(balance);
      }
      expect(found).toEqual(expected);
    }),
    { numRuns: atLength ? 300 : 60, seed: 7 },
  );
  // Each of them has moved something, and each was refused; or the property would say nothing of it.
  for (const command of [Deposit, Withdraw, TransferMoney, PayMany, CarryOutStandingOrders, PayWelcomeBonus]) {
    expect([command.name, tally.of(command)]).toEqual([
      command.name,
      { applied: expect.any(Number), rejected: expect.any(Number), rules: expect.any(Map) },
    ]);
    expect(Math.min(tally.of(command).applied, tally.of(command).rejected)).toBeGreaterThan(0);
  }
});
