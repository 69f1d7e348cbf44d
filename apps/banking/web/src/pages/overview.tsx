import { useState } from 'preact/hooks';
import { AccountCard } from '../accounts/account-card.js';
import { BalanceCard } from '../accounts/balance-card.js';
import { Button } from '../components/button.js';
import { Card } from '../components/card.js';
import { Empty } from '../components/empty.js';
import { Money } from '../components/money.js';
import { OpenAccountDialog } from '../accounts/open-account-dialog.js';
import { Page } from '../components/page.js';
import { RecentMovements } from '../accounts/recent-movements.js';
import { Skeleton } from '../components/skeleton.js';
import { TransferForm } from '../payments/transfer-form.js';
import { openAccounts } from '../state/live.js';
import { totalsOf } from '../accounts/totals.js';
import { user } from '../state/session.js';

export function Overview() {
  const [opening, setOpening] = useState(false);
  const accounts = openAccounts.value;
  return (
    <Page
      title={`${greeting(new Date().getHours())}, ${(user.value?.name ?? '').split(' ')[0]}`}
      name="Overview"
      actions={
        <Button icon="plus" onClick={() => setOpening(true)}>
          Open account
        </Button>
      }
    >
      <dl class="totals" aria-busy={!accounts}>
        {!accounts && <Skeleton height={62} />}
        {accounts &&
          totalsOf(accounts).map((total) => (
            <div key={total.currency} class="total">
              <dt>Total in {total.currency}</dt>
              <dd>
                <Money of={total} live />
              </dd>
            </div>
          ))}
      </dl>
      <h2 class="unseen">Accounts</h2>
      {accounts?.length === 0 ? (
        <Card>
          <Empty icon="home" title="You have no account yet">
            Open one: it takes a name and a currency.
          </Empty>
        </Card>
      ) : (
        <ul class="account-cards">
          {accounts?.map((account) => <AccountCard key={account.account} account={account} />) ?? (
            <li class="account-card waiting" aria-hidden="true">
              <Skeleton lines={3} height={24} />
            </li>
          )}
        </ul>
      )}
      <div class="columns">
        <div class="column">
          <BalanceCard accounts={accounts} />
          <RecentMovements accounts={accounts} />
        </div>
        <div class="column narrow">
          <Card title="Send money">
            <TransferForm compact />
          </Card>
        </div>
      </div>
      {opening && <OpenAccountDialog onClose={() => setOpening(false)} />}
    </Page>
  );
}

function greeting(hour: number): string {
  if (hour < 5) return 'Good night';
  if (hour < 12) return 'Good morning';
  return hour < 18 ? 'Good afternoon' : 'Good evening';
}
