import { keyOf, type EventOf } from '@eventcore/core';
import { On, Reaction } from '@eventcore/core/consumers';
import { Account } from '../domain/account.js';
import { FreezeAccount } from '../domain/freeze-account.js';
import { inWords, type Amount } from '../domain/money.js';

/** In cents of whatever currency: what leaves an account at once, and makes somebody look. */
export const SUSPICIOUS = 10_000_00;

/** Freezes an account that a large amount has left, unless wages were paid, until a teller has looked at it. */
@Reaction('fraud-hold')
export class FraudHold {
  @On(Account, 'MoneySent')
  sent({ stream, data }: EventOf<typeof Account, 'MoneySent'>) {
    return data.purpose === 'wages' ? undefined : holdFor(keyOf(stream), data.amount);
  }

  @On(Account, 'MoneyWithdrawn')
  withdrawn({ stream, data }: EventOf<typeof Account, 'MoneyWithdrawn'>) {
    return holdFor(keyOf(stream), data.amount);
  }
}

function holdFor(account: string, { cents, currency }: Amount): FreezeAccount | undefined {
  if (cents < SUSPICIOUS) return undefined;
  return FreezeAccount.of(account, `${inWords(cents, currency)} left the account at once`);
}
