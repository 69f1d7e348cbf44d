import type { AccountView } from '../../../src/api/messages.js';
import { AccountStatus } from '../accounts/account-status.js';
import { Avatar } from '../components/avatar.js';
import { Button } from '../components/button.js';
import { Link } from '../routing/link.js';
import { Money } from '../components/money.js';
import { formatMoney } from '../money/format-money.js';

/** What a teller does to an account. */
export type Task = 'deposit' | 'withdraw' | 'freeze' | 'unfreeze';

export interface AccountRowProps {
  readonly account: AccountView;
  readonly onTask: (task: Task) => void;
}

export function AccountRow({ account: view, onTask }: AccountRowProps) {
  const { account, name, ownerName, balance, overdraft, status } = view;
  const id = encodeURIComponent(account);
  return (
    <li class="account-row">
      <Avatar name={ownerName} />
      <div class="account-row-who">
        <p class="movement-title">
          {ownerName} <AccountStatus of={view} />
        </p>
        <p class="movement-detail">
          <Link to={`/accounts/${id}`} class="quiet-link">
            {name}
          </Link>
          {' · '}
          <Link to={`/explorer/streams/account-${id}`} class="quiet-link mono" label={`Events of ${account}`}>
            {account}
          </Link>
        </p>
      </div>
      <div class="account-row-balance">
        <Money of={balance} live />
        <p class="movement-detail">
          {overdraft > 0 ? `${formatMoney(overdraft, balance.currency)} overdraft` : 'No overdraft'}
        </p>
      </div>
      <div class="account-row-tasks" role="group" aria-label={`${name} of ${ownerName}`}>
        <Button small kind="quiet" icon="plus" disabled={status !== 'open'} onClick={() => onTask('deposit')}>
          Deposit
        </Button>
        <Button small kind="quiet" icon="minus" disabled={status !== 'open'} onClick={() => onTask('withdraw')}>
          Withdraw
        </Button>
        {status === 'frozen' ? (
          <Button small kind="quiet" icon="sun" onClick={() => onTask('unfreeze')}>
            Unfreeze
          </Button>
        ) : (
          <Button small kind="quiet" icon="snow" disabled={status === 'closed'} onClick={() => onTask('freeze')}>
            Freeze
          </Button>
        )}
      </div>
    </li>
  );
}
