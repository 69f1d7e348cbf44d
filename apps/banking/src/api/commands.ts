/** From a request to a command that is executed once, however often the request is sent. */
import { commandIdFrom, load, type AnyCommand, type CommandId, type Receipt } from '@eventcore/core';
import { createHash } from 'node:crypto';
import { Account } from '../domain/account.js';
import type { Bank } from '../bank.js';
import type { Done, User } from './messages.js';
import { isDemonstration } from '../people.js';
import { maySee } from '../read-models/account-views.js';
import { noSuchAccount } from './problems.js';

/** Executes what a user asks for under his key. */
export async function perform(bank: Bank, user: User, key: string, command: AnyCommand): Promise<Done> {
  return done(await bank.execute(command, user.id, { commandId: commandIdFrom(user.id, key) }));
}

export function done({ commandId, correlationId, duplicate, attempts, position }: Receipt): Done {
  return { commandId, correlationId, duplicate, attempts, position };
}

/** @throws a refusal, as for an account that there is not, unless the user may act for it. What has just been opened counts. */
export async function ensureMayUse(bank: Bank, user: User, account: string): Promise<void> {
  const state = await load(bank.store, Account.at(account));
  if (state.status === 'none' || !maySee(user, state)) throw noSuchAccount(account);
}

/** @throws a refusal for an account of the contention demo: it would have more money than it began with. All others are for rules. */
export function ensureMayBePaid(account: string): void {
  if (isDemonstration(account)) throw noSuchAccount(account);
}

/**
 * The number of the account that a command opens. It follows from the command's id, so that a request that is sent again
 * asks for the same account; two check digits tell a mistyped number from another one.
 */
export function accountNumber(commandId: CommandId): string {
  const digits = BigInt(`0x${createHash('sha256').update(commandId).digest('hex')}`) % 10n ** 12n;
  const check = 98n - ((digits * 100n) % 97n);
  return `EC${String(check).padStart(2, '0')}${String(digits).padStart(12, '0')}`;
}
