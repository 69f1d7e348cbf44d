import type { IconName } from '../components/icon.js';
import type { StatementEntry } from '../../../src/api/messages.js';
import { accounts } from '../state/live.js';
import { isTeller } from '../state/session.js';

/** What a movement is called, from the side of the account that it stands on. */
export function describeMovement({ kind, counterparty, change }: StatementEntry): { title: string; icon: IconName } {
  const own = isTeller.value ? undefined : accounts.value?.find(({ account }) => account === counterparty?.account);
  const other = own?.name ?? counterparty?.ownerName ?? 'another account';
  const incoming = change.cents > 0;
  switch (kind) {
    case 'deposit':
      return { title: 'Cash deposit', icon: 'plus' };
    case 'withdrawal':
      return { title: 'Cash withdrawal', icon: 'minus' };
    case 'bonus':
      return { title: 'Welcome bonus', icon: 'gift' };
    case 'transfer-in':
      return { title: `From ${other}`, icon: 'in' };
    case 'transfer-out':
      return { title: `To ${other}`, icon: 'out' };
    case 'wages':
      return incoming
        ? { title: `Payment from ${other}`, icon: 'in' }
        : { title: `Payment to ${other}`, icon: 'split' };
    case 'standing-order':
      return { title: `Standing order ${incoming ? 'from' : 'to'} ${other}`, icon: 'repeat' };
  }
}
