import { keyOf, type EventOf } from '@eventcore/core';
import { On, Reaction } from '@eventcore/core/consumers';
import { Account } from '../domain/account.js';
import { PayWelcomeBonus } from '../domain/pay-welcome-bonus.js';
import { DEMONSTRATION } from '../people.js';

/** In cents of whatever currency. */
export const WELCOME_BONUS = 25_00;

/** Offers the bonus for each account that is opened. That only the first one of a customer gets it is the command's rule. */
@Reaction('welcome-bonus')
export class WelcomeBonus {
  @On(Account, 'AccountOpened')
  opened({ stream, data }: EventOf<typeof Account, 'AccountOpened'>) {
    if (data.owner === DEMONSTRATION) return undefined;
    const amount = { cents: WELCOME_BONUS, currency: data.currency };
    return new PayWelcomeBonus({ customer: data.owner, account: keyOf(stream), amount });
  }
}
