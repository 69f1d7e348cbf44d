// No compiler at all, so that every mistake has to be caught at run time.

import assert from 'node:assert/strict';
import { defineCommand, defineStream, ensure, execute } from '@eventcore/core';
import { createMemoryStore } from '@eventcore/memory';
import * as v from 'valibot';

const Money = v.pipe(v.number(), v.integer(), v.minValue(1));

const Account = defineStream('account', {
  events: {
    MoneyDeposited: v.object({ amount: Money }),
    MoneyWithdrawn: v.object({ amount: Money }),
  },
  state: () => ({ balance: 0 }),
  fold: {
    MoneyDeposited: (s, { amount }) => ({ balance: s.balance + amount }),
    MoneyWithdrawn: (s, { amount }) => ({ balance: s.balance - amount }),
  },
});

const Deposit = defineCommand('Deposit', {
  streams: { account: Account },
  input: { amount: Money },
  handle: ({ input, emit }) => emit('account', 'MoneyDeposited', { amount: input.amount }),
});

const Transfer = defineCommand('Transfer', {
  streams: { from: Account, to: Account },
  input: { amount: Money },
  handle: ({ state, input, emit }) => {
    ensure(state.from.balance >= input.amount, 'insufficient funds');
    emit('from', 'MoneyWithdrawn', { amount: input.amount });
    emit('to', 'MoneyDeposited', { amount: input.amount });
  },
});

const Careless = defineCommand('Careless', {
  streams: { account: Account },
  input: {},
  handle: ({ emit }) => emit('audit', 'Logged', {}),
});

const store = createMemoryStore();
await execute(new Deposit({ account: 'alice', amount: 100 }), store);
const receipt = await execute(new Transfer({ from: 'alice', to: 'bob', amount: 60 }), store);
assert.deepEqual(
  receipt.events.map((event) => event.stream),
  ['account-alice', 'account-bob'],
);
await assert.rejects(execute(new Transfer({ from: 'alice', to: 'bob', amount: 60 }), store), {
  name: 'BusinessRuleViolation',
});
await assert.rejects(execute(new Careless({ account: 'alice' }), store), { name: 'UndeclaredStream' });
assert.throws(() => new Deposit({ account: 'alice', amount: 'much' }), { name: 'ValidationError' });
