// The source that every consumer with decorators compiles, each with its own tool and dialect. It is copied into each
// consumer's src folder, and main.ts runs it.

import assert from 'node:assert/strict';
import {
  Command,
  CommandLogic,
  defineCommand,
  defineStream,
  ensure,
  execute,
  Input,
  Stream,
  type Context,
  type StreamOf,
} from '@eventcore/core';
import { createMemoryStore } from '@eventcore/memory';
import * as v from 'valibot';

const Money = v.pipe(v.number(), v.integer(), v.minValue(1), v.brand('Money'));
type Money = v.InferOutput<typeof Money>;

export const Account = defineStream('account', {
  events: {
    AccountOpened: v.object({ owner: v.string() }),
    MoneyDeposited: v.object({ amount: Money }),
    MoneyWithdrawn: v.object({ amount: Money }),
  },
  state: () => ({ open: false, balance: 0 }),
  fold: {
    AccountOpened: (s) => ({ ...s, open: true }),
    MoneyDeposited: (s, { amount }) => ({ ...s, balance: s.balance + amount }),
    MoneyWithdrawn: (s, { amount }) => ({ ...s, balance: s.balance - amount }),
  },
});

/** Through the door without decorators. */
export const OpenAccount = defineCommand('OpenAccount', {
  streams: { account: Account },
  input: { owner: v.string(), deposit: Money },
  handle: ({ state, input, emit }) => {
    ensure(!state.account.open, 'the account is open already');
    emit('account', 'AccountOpened', { owner: input.owner });
    emit('account', 'MoneyDeposited', { amount: input.deposit });
  },
});

/** Through the front door. */
@Command()
export class TransferMoney extends CommandLogic<TransferMoney> {
  @Stream(Account) readonly from!: StreamOf<typeof Account>;
  @Stream(Account) readonly to!: StreamOf<typeof Account>;
  @Input(Money) readonly amount!: Money;

  handle({ state, emit }: Context<TransferMoney>) {
    ensure(state.to.open, 'the receiving account is not open');
    ensure(state.from.balance >= this.amount, 'insufficient funds');
    emit('from', 'MoneyWithdrawn', { amount: this.amount });
    emit('to', 'MoneyDeposited', { amount: this.amount });
  }

  /** `new this`: with legacy decorators under swc, the class's name still means the class before `@Command` in here. */
  static sixty(from: string, to: string) {
    return new this({ from, to, amount: 60 });
  }
}

export async function demonstrate() {
  const store = createMemoryStore();
  await execute(new OpenAccount({ account: 'alice', owner: 'Alice', deposit: 100 }), store);
  await execute(new OpenAccount({ account: Account.at('bob'), owner: 'Bob', deposit: 1 }), store);

  // Class fields must not erase what the constructor parsed.
  const transfer = TransferMoney.sixty('alice', 'bob');
  assert.equal(transfer.amount, 60);
  assert.equal(transfer.from.id, 'account-alice');
  assert(transfer instanceof TransferMoney);

  const receipt = await execute(transfer, store);
  assert.deepEqual(
    receipt.events.map(({ stream, version, type }) => [stream, version, type]),
    [
      ['account-alice', 3, 'MoneyWithdrawn'],
      ['account-bob', 3, 'MoneyDeposited'],
    ],
  );

  await assert.rejects(execute(TransferMoney.sixty('alice', 'bob'), store), { name: 'BusinessRuleViolation' });
  assert.throws(() => new TransferMoney({ from: 'alice', to: 'bob', amount: -1 }), { name: 'ValidationError' });
}
