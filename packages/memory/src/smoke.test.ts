import { expect, it } from '@jest/globals';
import * as v from 'valibot';
import { Command, CommandLogic, Input, Stream, defineStream, ensure, execute, load, definitionOf, type Context, type StreamOf } from '@eventcore/core';
import { createMemoryStore } from './index.js';
export const Money = v.pipe(v.number(), v.integer(), v.minValue(1), v.brand('Money'));
export type Money = v.InferOutput<typeof Money>;
export const Account = defineStream('account', {
  events: { AccountOpened: v.object({ owner: v.string() }), MoneyDeposited: v.object({ amount: Money }), MoneyWithdrawn: v.object({ amount: Money }) },
  state: () => ({ open: false, balance: 0 }),
  fold: {
    AccountOpened: (s) => ({ ...s, open: true }),
    MoneyDeposited: (s, { amount }) => ({ ...s, balance: s.balance + amount }),
    MoneyWithdrawn: (s, { amount }) => ({ ...s, balance: s.balance - amount }),
  },
});
@Command()
class Open extends CommandLogic<Open> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Input(v.string()) readonly owner!: string;
  handle({ emit, state }: Context<Open>) { ensure(!state.account.open, 'x'); emit('account', 'AccountOpened', { owner: this.owner }); emit('account', 'MoneyDeposited', { amount: 100 as Money }) }
}
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
}
it('works', async () => {
  const store = createMemoryStore();
  await execute(new Open({ account: 'alice', owner: 'Alice' }), store);
  await execute(new Open({ account: 'bob', owner: 'Bob' }), store);
  const t = new TransferMoney({ from: 'alice', to: Account.at('bob'), amount: 60 });
  console.log(t, String(definitionOf(TransferMoney)), Object.isFrozen(t));
  const r = await execute(t, store);
  console.log(r);
  const t2 = new TransferMoney({ from: 'alice', to: Account.at('bob'), amount: 60 });
  expect(Object.isFrozen(t2)).toBe(true);
  await expect(execute(t2, store)).rejects.toThrow('insufficient');
  expect(await load(store, Account.at('bob'))).toEqual({ open: true, balance: 160 });
  const all = await Promise.all(Array.from({ length: 50 }, (_, i) => execute(new TransferMoney(i % 2 ? { from: 'alice', to: 'bob', amount: 1 } : { from: 'bob', to: 'alice', amount: 1 }), store)));
  console.log(Math.max(...all.map((x) => x.attempts)));
  expect((await load(store, Account.at('bob'))).balance + (await load(store, Account.at('alice'))).balance).toBe(200);
});
