import type { AccountView } from '../../../src/api/messages.js';
import { useState } from 'preact/hooks';
import { AccountRow, type Task } from './account-row.js';
import { Button } from '../components/button.js';
import { Card } from '../components/card.js';
import { CashDialog } from './cash-dialog.js';
import { Empty } from '../components/empty.js';
import { FreezeDialog } from './freeze-dialog.js';
import { Money } from '../components/money.js';
import { OpenAccountDialog } from '../accounts/open-account-dialog.js';
import { OverdraftPolicy } from './overdraft-policy.js';
import { Page } from '../components/page.js';
import { Skeleton } from '../components/skeleton.js';
import { TextField } from '../components/text-field.js';
import { accounts } from '../state/live.js';
import { totalsOf } from '../accounts/totals.js';

/** All customers' accounts, and what is done to them over the counter. */
export function TellerDesk() {
  const [wanted, setWanted] = useState('');
  const [opening, setOpening] = useState(false);
  const [task, setTask] = useState<{ readonly kind: Task; readonly account: AccountView } | null>(null);
  const all = accounts.value;
  const shown = all?.filter((account) => matches(account, wanted));
  const close = () => setTask(null);
  return (
    <Page
      title="Accounts"
      lead="Every account of every customer, live."
      actions={
        <Button kind="primary" icon="plus" onClick={() => setOpening(true)}>
          Open account
        </Button>
      }
    >
      <dl class="totals">
        {!all && <Skeleton height={62} />}
        {all &&
          totalsOf(all).map((total) => (
            <div key={total.currency} class="total">
              <dt>Deposits in {total.currency}</dt>
              <dd>
                <Money of={total} live />
              </dd>
            </div>
          ))}
      </dl>
      <Card
        title="Customers"
        flush
        aside={
          <div class="card-search">
            <TextField
              label="Find an account"
              hideLabel
              type="search"
              placeholder="Find an account"
              value={wanted}
              onInput={setWanted}
            />
          </div>
        }
      >
        {!shown && <Skeleton lines={6} height={52} />}
        {shown?.length === 0 && (
          <Empty icon="search" title={wanted ? `Nothing is called “${wanted}”` : 'No accounts yet'}>
            {wanted ? 'Search for a name, an owner or a number.' : 'Open the first one.'}
          </Empty>
        )}
        {shown && shown.length > 0 && (
          <ul class="account-rows">
            {shown.map((account) => (
              <AccountRow key={account.account} account={account} onTask={(kind) => setTask({ kind, account })} />
            ))}
          </ul>
        )}
      </Card>
      <OverdraftPolicy />
      {opening && <OpenAccountDialog onClose={() => setOpening(false)} />}
      {task && (task.kind === 'deposit' || task.kind === 'withdraw') && (
        <CashDialog kind={task.kind} account={task.account} onClose={close} />
      )}
      {task && (task.kind === 'freeze' || task.kind === 'unfreeze') && (
        <FreezeDialog kind={task.kind} account={task.account} onClose={close} />
      )}
    </Page>
  );
}

function matches({ account, name, ownerName }: AccountView, wanted: string): boolean {
  return `${account} ${name} ${ownerName}`.toLowerCase().includes(wanted.trim().toLowerCase());
}
