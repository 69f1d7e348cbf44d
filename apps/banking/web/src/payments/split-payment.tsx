import type { PaymentsRequest } from '../api/requests.js';
import { useState } from 'preact/hooks';
import { Button } from '../components/button.js';
import { Card } from '../components/card.js';
import { Notice } from '../components/notice.js';
import { Page } from '../components/page.js';
import { PaymentRows } from './payment-rows.js';
import { Receipt } from './receipt.js';
import { SourceField } from './source-field.js';
import { TextField } from '../components/text-field.js';
import { adviceOn } from './advice.js';
import { announce } from '../state/announce.js';
import { formatAmount, formatMoney } from '../money/format-money.js';
import { newRow, paymentsOf, sumOf, type PaymentRow } from './payment-row.js';
import { openAccounts } from '../state/live.js';
import { splitEvenly } from './split-evenly.js';
import { useCommand } from '../api/use-command.js';
import { usePayees } from './use-payees.js';

/** A payroll, or a bill that is shared: one account pays many, all of them or none. */
export function SplitPayment() {
  const command = useCommand();
  const { payees } = usePayees();
  const [chosen, setChosen] = useState('');
  const [rows, setRows] = useState<readonly PaymentRow[]>(() => [newRow(), newRow()]);
  const [memo, setMemo] = useState('');
  const [tried, setTried] = useState(false);
  const [sent, setSent] = useState<string | null>(null);

  const accounts = openAccounts.value ?? [];
  const from = accounts.find(({ account }) => account === chosen) ?? accounts[0];
  const currency = from?.balance.currency ?? 'EUR';
  const total = sumOf(rows);
  const advice = command.error === null ? null : adviceOn(command.error);
  const candidates = payees.filter(
    (payee) => payee.currency === currency && !accounts.some(({ account }) => account === payee.account),
  );

  const submit = async () => {
    setTried(true);
    const payments = paymentsOf(rows, currency);
    if (!payments || !from) return;
    const request: PaymentsRequest = { from: from.account, payments, ...(memo.trim() !== '' && { memo: memo.trim() }) };
    if (!(await command.run('POST', '/api/payments', request))) return;
    const text = `${formatMoney(total, currency)} paid to ${payments.length === 1 ? 'one account' : `${payments.length} accounts`}`;
    announce(text);
    setSent(text);
  };
  const startAnew = () => {
    command.reset();
    setSent(null);
    setTried(false);
    setMemo('');
    setRows([newRow(), newRow()]);
  };

  return (
    <Page title="Pay several" lead="A payroll, or a bill that you share: all of them are paid in one step, or none.">
      <div class="single wide">
        <Card>
          {sent !== null && command.done ? (
            <Receipt done={command.done} title={sent} again="Pay others" onAgain={startAnew} />
          ) : (
            <form
              class="form"
              noValidate
              onSubmit={(event) => {
                event.preventDefault();
                if (!command.busy) void submit();
              }}
            >
              <SourceField accounts={accounts} from={from} onChange={setChosen} />
              <fieldset class="fieldset">
                <legend>Payees</legend>
                <PaymentRows rows={rows} onChange={setRows} from={from} payees={payees} tried={tried} />
                <div class="row-tools">
                  <Button small icon="plus" onClick={() => setRows([...rows, newRow()])}>
                    Add a payee
                  </Button>
                  <Button
                    small
                    kind="quiet"
                    disabled={candidates.length === 0}
                    onClick={() => setRows(candidates.map(({ account }, i) => newRow(account, rows[i]?.amount ?? '')))}
                  >
                    Everybody in {currency}
                  </Button>
                  <Button
                    small
                    kind="quiet"
                    disabled={total === 0}
                    onClick={() => {
                      const shares = splitEvenly(total, rows.length);
                      setRows(rows.map((row, i) => ({ ...row, amount: formatAmount(shares[i] ?? 0) })));
                    }}
                  >
                    Split evenly
                  </Button>
                </div>
              </fieldset>
              <TextField label="Message (optional)" value={memo} maxLength={140} onInput={setMemo} />
              <p class="sum">
                <span>Total</span> <strong class="money">{formatMoney(total, currency)}</strong>
              </p>
              {advice && (
                <Notice tone="bad" title={advice.title}>
                  {advice.text}
                </Notice>
              )}
              <div class="form-actions">
                <Button kind="primary" type="submit" busy={command.busy} disabled={!from}>
                  {total > 0 ? `Pay ${formatMoney(total, currency)}` : 'Pay'}
                </Button>
              </div>
            </form>
          )}
        </Card>
      </div>
    </Page>
  );
}
