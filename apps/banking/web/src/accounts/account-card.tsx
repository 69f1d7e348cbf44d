import type { AccountView } from '../../../src/api/messages.js';
import { AccountStatus } from './account-status.js';
import { Link } from '../routing/link.js';
import { Money } from '../components/money.js';
import { formatMoney } from '../money/format-money.js';

/** An account as a card: the whole of it leads to the statement. */
export function AccountCard({ account: view }: { readonly account: AccountView }) {
  const { account, name, balance, overdraft } = view;
  return (
    <li class="account-card">
      <p class="account-name">
        <Link to={`/accounts/${encodeURIComponent(account)}`} class="stretched">
          {name}
        </Link>
        <AccountStatus of={view} />
      </p>
      <p class="account-balance">
        <Money of={balance} live />
      </p>
      <p class="account-detail">
        {overdraft > 0 ? `${formatMoney(overdraft, balance.currency)} overdraft` : balance.currency} · {account}
      </p>
    </li>
  );
}
