import { useState } from 'preact/hooks';
import { AccountStatus } from './account-status.js';
import { BalanceCard } from './balance-card.js';
import { Button } from '../components/button.js';
import { Card } from '../components/card.js';
import { CloseDialog } from './close-dialog.js';
import { Empty } from '../components/empty.js';
import { Money } from '../components/money.js';
import { NotFound } from '../pages/not-found.js';
import { Page } from '../components/page.js';
import { ProblemNotice } from '../components/problem-notice.js';
import { Skeleton } from '../components/skeleton.js';
import { StatementTable } from './statement-table.js';
import { TextField } from '../components/text-field.js';
import { accounts } from '../state/live.js';
import { formatMoney } from '../money/format-money.js';
import { useStatement } from './use-statement.js';

/** Every movement of an account with the balance after it; made to be printed too. */
export function Statement({ account: id }: { readonly account: string }) {
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [closing, setClosing] = useState(false);
  const statement = useStatement(id, from, to);
  const account = accounts.value?.find(({ account: candidate }) => candidate === id);
  if (accounts.value && !account) return <NotFound />;
  const balance = account?.balance;
  const period = from || to ? `${from ? `from ${from} ` : ''}${to ? `to ${to}` : ''}` : 'all movements';

  return (
    <Page
      title={account?.name ?? ' '}
      name="Statement"
      lead={account ? `${account.ownerName} · ${account.account}` : ' '}
      actions={
        <>
          {account && account.status !== 'closed' && (
            <Button kind="quiet" onClick={() => setClosing(true)}>
              Close account
            </Button>
          )}
          <Button icon="print" onClick={() => window.print()}>
            Print
          </Button>
        </>
      }
    >
      <dl class="totals">
        <div class="total">
          <dt>Balance {account && <AccountStatus of={account} />}</dt>
          <dd>{balance ? <Money of={balance} live /> : <Skeleton height={40} />}</dd>
        </div>
        <div class="total lesser">
          <dt>Available</dt>
          <dd>
            {account && balance ? (
              formatMoney(balance.cents + account.overdraft, balance.currency)
            ) : (
              <Skeleton height={28} />
            )}
          </dd>
        </div>
        <div class="total lesser">
          <dt>Overdraft</dt>
          <dd>{account && balance ? formatMoney(account.overdraft, balance.currency) : <Skeleton height={28} />}</dd>
        </div>
      </dl>
      <BalanceCard accounts={account ? [account] : null} />
      <Card title="Statement" flush class="statement" aside={<span class="print-only">{period}</span>}>
        <form
          class="filter"
          role="search"
          aria-label="Period of the statement"
          onSubmit={(event) => event.preventDefault()}
        >
          <TextField label="From" type="date" value={from} max={to} onInput={setFrom} />
          <TextField label="To" type="date" value={to} onInput={setTo} />
          <Button
            kind="quiet"
            disabled={from === '' && to === ''}
            onClick={() => {
              setFrom('');
              setTo('');
            }}
          >
            Show all
          </Button>
        </form>
        {statement.error !== null && <ProblemNotice error={statement.error} />}
        {!statement.entries && statement.error === null && <Skeleton lines={8} height={48} />}
        {statement.entries?.length === 0 && (
          <Empty icon="clock" title={from || to ? 'Nothing moved in this period' : 'Nothing has moved yet'}>
            {from || to ? 'Choose another one, or show all.' : 'Deposits and transfers appear here as they happen.'}
          </Empty>
        )}
        {statement.entries && statement.entries.length > 0 && (
          <StatementTable entries={statement.entries} name={account?.name ?? ''} />
        )}
        {statement.more && (
          <div class="more">
            <Button busy={statement.reading} onClick={statement.loadMore}>
              Load more
            </Button>
          </div>
        )}
      </Card>
      {closing && account && <CloseDialog account={account} onClose={() => setClosing(false)} />}
    </Page>
  );
}
