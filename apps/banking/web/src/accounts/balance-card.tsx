import type { AccountView, BalanceHistory } from '../../../src/api/messages.js';
import { useState } from 'preact/hooks';
import { BalanceChart } from '../chart/balance-chart.js';
import { Card } from '../components/card.js';
import { Empty } from '../components/empty.js';
import { ProblemNotice } from '../components/problem-notice.js';
import { SelectField } from '../components/select-field.js';
import { Skeleton } from '../components/skeleton.js';
import { changes } from '../state/live.js';
import { useResource } from '../api/use-resource.js';

/** The balance of one account over time; which one, is chosen where there are several. */
export function BalanceCard({ accounts }: { readonly accounts: readonly AccountView[] | null }) {
  const [chosen, setChosen] = useState('');
  const account = accounts?.find((candidate) => candidate.account === chosen) ?? accounts?.[0];
  const history = useResource<BalanceHistory>(
    account ? `/api/accounts/${encodeURIComponent(account.account)}/balance-history` : null,
    changes.value,
  );
  const aside = accounts && accounts.length > 1 && account && (
    <SelectField
      label="Account of the chart"
      hideLabel
      value={account.account}
      options={accounts.map(({ account: value, name }) => ({ value, text: name }))}
      onChange={setChosen}
    />
  );
  return (
    <Card title="Balance" aside={aside} class="balance-card">
      {history.error !== null && <ProblemNotice error={history.error} />}
      {!history.data && history.error === null && accounts?.length !== 0 && <Skeleton height={258} />}
      {(history.data?.points.length === 0 || accounts?.length === 0) && (
        <Empty icon="clock" title="No history yet">
          The balance is drawn here as soon as something moves.
        </Empty>
      )}
      {history.data && account && history.data.points.length > 0 && (
        <BalanceChart history={history.data} name={account.name} />
      )}
    </Card>
  );
}
