/**
 * A small bank, told on the terminal: a transfer, a rejection, a policy, wages, and a crowd that transfers at once.
 * Everything is in memory, and gone when this ends.
 */
import { commandIdFrom, execute } from '@eventcore/core';
import { createMemoryStore } from '@eventcore/memory';
import { Deposit } from './deposit.js';
import { OpenAccount } from './open-account.js';
import { PayWages } from './pay-wages.js';
import { SetOverdraftLimit } from './set-overdraft-limit.js';
import { showAttempts, showBalances, showEvents, showReceipt, showRejection } from './show.js';
import { heading } from './terminal.js';
import { TransferMoney } from './transfer-money.js';
import { Withdraw } from './withdraw.js';

await using store = createMemoryStore();

heading('Four accounts are opened, and money is paid in');
for (const [account, owner, amount] of [
  ['alice', 'Alice', 1_000_00],
  ['bob', 'Bob', 500_00],
  ['carol', 'Carol', 250_00],
  ['acme', 'Acme Ltd', 10_000_00],
] as const) {
  await execute(new OpenAccount({ account, owner }), store);
  await execute(new Deposit({ account, amount }), store);
}
await showBalances(store);

heading('Alice transfers 250.00 to Bob: two streams, one command');
const transfer = new TransferMoney({ from: 'alice', to: 'bob', amount: 250_00 });
const commandId = commandIdFrom('alice', 'rent for November');
showReceipt(await execute(transfer, store, { commandId }));

heading('Her phone loses the answer and sends it again, under the same command id');
showReceipt(await execute(transfer, store, { commandId }));

heading('Carol transfers 300.00 to Bob: rejected by a rule');
await showRejection(execute(new TransferMoney({ from: 'carol', to: 'bob', amount: 300_00 }), store));

heading('The bank allows overdrafts of 100.00. Carol withdraws 300.00: her account is written, the policy only read');
await execute(new SetOverdraftLimit({ policy: 'bank', limit: 100_00 }), store);
showReceipt(await execute(new Withdraw({ account: 'carol', policy: 'bank', amount: 300_00 }), store));

heading('Acme pays 1,200.00 to each of its employees: to all of them or to none');
const employees = ['alice', 'bob', 'carol'];
const wages = await execute(new PayWages({ employer: 'acme', employees, wage: 1_200_00 }), store);
showReceipt(wages);
await showBalances(store);

heading('A hundred transfers at once, round and round: those that meet a conflict decide again');
const crowd = Array.from({ length: 100 }, (_, turn) => {
  const [from, to] = [employees[turn % 3]!, employees[(turn + 1) % 3]!];
  return execute(new TransferMoney({ from, to, amount: 1_00 + turn }), store);
});
showAttempts(await Promise.all(crowd));
await showBalances(store);

heading('All events up to the wages, in the order of the store: one position for each command');
await showEvents(store, wages.position);
