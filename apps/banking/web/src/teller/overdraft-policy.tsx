import type { Currency, OverdraftPolicy as Policy } from '../../../src/api/messages.js';
import type { OverdraftRequest } from '../api/requests.js';
import { useState } from 'preact/hooks';
import { AmountField } from '../components/amount-field.js';
import { Button } from '../components/button.js';
import { Card } from '../components/card.js';
import { ProblemNotice } from '../components/problem-notice.js';
import { Skeleton } from '../components/skeleton.js';
import { announce } from '../state/announce.js';
import { formatAmount, formatMoney } from '../money/format-money.js';
import { parseAmount } from '../money/parse-amount.js';
import { useCommand } from '../api/use-command.js';
import { useResource } from '../api/use-resource.js';

/** How far below nothing accounts of a currency may go: one policy that every payment reads. */
export function OverdraftPolicy() {
  const policy = useResource<Policy>('/api/policy/overdraft');
  return (
    <Card title="Overdraft policy" aside={<p class="quiet">Read by every payment, in the same step.</p>}>
      {policy.error !== null && <ProblemNotice error={policy.error} />}
      {!policy.data && policy.error === null && <Skeleton height={72} />}
      {policy.data && (
        <div class="policy">
          {policy.data.limits.map(({ currency, limit }) => (
            <Limit key={`${currency}-${limit}`} currency={currency} limit={limit} onSaved={policy.reload} />
          ))}
        </div>
      )}
    </Card>
  );
}

interface LimitProps {
  readonly currency: Currency;
  readonly limit: number;
  readonly onSaved: () => void;
}

function Limit({ currency, limit, onSaved }: LimitProps) {
  const command = useCommand();
  const [text, setText] = useState(formatAmount(limit));
  const amount = readLimit(text);
  const save = async () => {
    if (amount === undefined) return;
    const request: OverdraftRequest = { currency, limit: amount };
    if (!(await command.run('PUT', '/api/policy/overdraft', request))) return;
    announce(`Accounts in ${currency} may go ${formatMoney(amount, currency)} below zero.`);
    onSaved();
  };
  return (
    <form
      class="limit"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!command.busy) void save();
      }}
    >
      <AmountField
        label={`Limit in ${currency}`}
        value={text}
        currency={currency}
        onInput={setText}
        error={amount === undefined ? 'Enter an amount such as 500.' : undefined}
      />
      <Button type="submit" busy={command.busy} disabled={amount === undefined || amount === limit}>
        {`Save ${currency}`}
      </Button>
      {command.error !== null && <ProblemNotice error={command.error} />}
    </form>
  );
}

/** Here nothing is an amount too: no overdraft. */
function readLimit(text: string): number | undefined {
  if (/^0*([.,]0{1,2})?$/.test(text.trim())) return text.trim() === '' ? undefined : 0;
  const amount = parseAmount(text);
  return 'cents' in amount ? amount.cents : undefined;
}
