// What consumes events, through both doors, compiled by each consumer in its own dialect.

import assert from 'node:assert/strict';
import { execute, START, type EventOf } from '@eventcore/core';
import {
  defineProjection,
  defineReadModel,
  foldRows,
  On,
  project,
  Projection,
  Reaction,
  reactionsTo,
  remove,
  type ReactionContext,
} from '@eventcore/core/consumers';
import { createMemoryStore } from '@eventcore/memory';
import { Account, OpenAccount, TransferMoney } from './transfer.js';

/** Rows by key. */
export const Balances = defineReadModel('balances', { row: () => ({ owner: '', balance: 0 }) }).from(Account, {
  AccountOpened: (row, { data }) => ({ ...row, owner: data.owner }),
  MoneyDeposited: (row, { data }) => ({ ...row, balance: row.balance + data.amount }),
  MoneyWithdrawn: (row, { data }) =>
    data.amount === row.balance ? remove : { ...row, balance: row.balance - data.amount },
});

/** Handlers with a context, through the front door ... */
@Projection('deposits')
export class Deposits {
  @On(Account, 'MoneyDeposited')
  async deposited(event: EventOf<typeof Account, 'MoneyDeposited'>, { tx }: { readonly tx: string[] }) {
    tx.push(`${event.stream} ${event.data.amount}`);
    await Promise.resolve();
  }
}

/** ... and through the one without decorators. */
export const DefinedDeposits = defineProjection<{ readonly tx: string[] }>('deposits').on(Account, {
  MoneyDeposited: ({ stream, data }, { tx }) => void tx.push(`${stream} ${data.amount}`),
});

@Reaction('welcome-bonus')
export class WelcomeBonus {
  @On(Account, 'AccountOpened')
  opened({ data }: EventOf<typeof Account, 'AccountOpened'>, { now }: ReactionContext) {
    if (data.owner === '' || now === '') return undefined;
    return new TransferMoney({ from: 'bank', to: data.owner.toLowerCase(), amount: 5 });
  }
}

export async function demonstrateConsuming() {
  const store = createMemoryStore();
  await execute(new OpenAccount({ account: 'bank', owner: 'Bank', deposit: 100 }), store);
  await execute(new OpenAccount({ account: 'alice', owner: 'Alice', deposit: 1 }), store);
  const { events } = await store.readAll({ after: START, limit: 100 });

  assert.deepEqual(
    [...foldRows(Balances, new Map(), events)],
    [
      ['bank', { owner: 'Bank', balance: 100 }],
      ['alice', { owner: 'Alice', balance: 1 }],
    ],
  );
  for (const deposits of [Deposits, new Deposits(), DefinedDeposits]) {
    const tx: string[] = [];
    await project(deposits, events, { tx });
    assert.deepEqual(tx, ['account-bank 100', 'account-alice 1']);
  }

  // Twice, as after a crash: the second time the receipt is the first one's.
  const [bonus] = await reactionsTo(WelcomeBonus, events[2]!);
  for (const duplicate of [false, true]) {
    assert.equal((await execute(bonus!.command, store, bonus!.options)).duplicate, duplicate);
  }
}
