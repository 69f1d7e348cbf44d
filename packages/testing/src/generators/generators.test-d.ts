/** What the compiler knows of what is generated, and what it refuses. */
import type { AnyCommand } from '@eventcore/core';
import fc from 'fast-check';
import { Account, Deposit, Money, TransferMoney } from './bank.fixture.js';
import { commandSequences, commandsOf, eventsOf, histories, valuesOf, type CommandSource } from './index.js';

// Events narrow by their type, and their data is the schema's output.
fc.property(eventsOf(Account), (event) => {
  if (event.type === 'MoneyDeposited') event.data.amount satisfies Money;
  // @ts-expect-error -- an account has no such event
  if (event.type === 'Closed') return;
});

// @ts-expect-error -- an account has no such event
eventsOf(Account, { Closed: fc.constant({}) });

fc.property(histories(Account, { first: 'AccountOpened' }), (history) => {
  for (const { stream } of history) stream.id satisfies ReturnType<typeof Account.at>['id'];
});

// @ts-expect-error -- no stream begins with an event that its type doesn't have
histories(Account, { first: 'Closed' });

valuesOf(Money) satisfies fc.Arbitrary<Money>;

commandsOf(TransferMoney, {
  keys: ['alice', 'bob'],
  fields: { amount: fc.nat() },
}) satisfies fc.Arbitrary<TransferMoney>;
commandsOf(Deposit).map(({ input }) => input.amount satisfies Money);

commandsOf(TransferMoney, { keys: { account: ['alice', 'bob'] } });
// @ts-expect-error -- it has no streams of such a type
commandsOf(TransferMoney, { keys: { acount: ['alice', 'bob'] } });
// @ts-expect-error -- an amount is a number
commandsOf(TransferMoney, { fields: { amount: fc.string() } });
// @ts-expect-error -- there is no such field
commandsOf(TransferMoney, { fields: { sum: fc.nat() } });

commandSequences([Deposit, TransferMoney, commandsOf(Deposit)]) satisfies fc.Arbitrary<readonly AnyCommand[]>;
declare const sources: readonly CommandSource[];
commandSequences(sources, { keys: { whatever: ['alice'] } });
commandSequences([Deposit, TransferMoney, commandsOf(Deposit)], { keys: { account: ['alice', 'bob'] } });
commandSequences([Deposit, TransferMoney], { keys: ['alice', 'bob'], maxLength: 40 });
// @ts-expect-error -- no class has streams of such a type
commandSequences([Deposit, TransferMoney], { keys: { acount: ['alice', 'bob'] } });
// @ts-expect-error -- a stream type is no command
commandSequences([Account]);
