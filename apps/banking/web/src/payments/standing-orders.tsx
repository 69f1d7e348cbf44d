import { useEffect, useState } from 'preact/hooks';
import { Button } from '../components/button.js';
import { Card } from '../components/card.js';
import { Notice } from '../components/notice.js';
import { Page } from '../components/page.js';
import { PaymentRows } from './payment-rows.js';
import { ProblemNotice } from '../components/problem-notice.js';
import { Receipt } from './receipt.js';
import { Skeleton } from '../components/skeleton.js';
import { SourceField } from './source-field.js';
import { announce } from '../state/announce.js';
import { formatAmount, formatMoney } from '../money/format-money.js';
import { newRow, paymentsOf, sumOf, type PaymentRow } from './payment-row.js';
import { openAccounts } from '../state/live.js';
import type { StandingOrdersRequest } from '../api/requests.js';
import { useCommand } from '../api/use-command.js';
import { usePayees } from './use-payees.js';
import { useResource } from '../api/use-resource.js';

/** Whom an account pays whenever its standing orders are carried out. */
export function StandingOrders() {
  const saving = useCommand();
  const paying = useCommand();
  const { payees } = usePayees();
  const [chosen, setChosen] = useState('');
  const [rows, setRows] = useState<readonly PaymentRow[]>([]);
  const [tried, setTried] = useState(false);

  const accounts = openAccounts.value ?? [];
  const from = accounts.find(({ account }) => account === chosen) ?? accounts[0];
  const currency = from?.balance.currency ?? 'EUR';
  const path = from ? `/api/accounts/${encodeURIComponent(from.account)}/standing-orders` : null;
  const stored = useResource<StandingOrdersRequest>(path);
  useEffect(() => {
    setRows((stored.data?.orders ?? []).map(({ to, amount }) => newRow(to, formatAmount(amount.cents))));
    setTried(false);
  }, [stored.data]);

  const storedRows = stored.data?.orders ?? [];
  const now = paymentsOf(rows, currency);
  const changed = JSON.stringify(now ?? rows) !== JSON.stringify(storedRows.map(({ to, amount }) => ({ to, amount })));

  const save = async () => {
    setTried(true);
    if (!now || !path) return;
    if (!(await saving.run('PUT', path, { orders: now }))) return;
    announce('The standing orders are saved.');
    stored.reload();
  };
  const carryOut = async () => {
    if (path && (await paying.run('POST', `${path}/payments`))) announce('The standing orders were carried out.');
  };

  if (paying.done) {
    return (
      <Page title="Standing orders" key="done">
        <div class="single wide">
          <Card>
            <Receipt
              done={paying.done}
              title={`${formatMoney(sumOf(rows), currency)} paid by standing order`}
              again="Back to the orders"
              onAgain={paying.reset}
            />
          </Card>
        </div>
      </Page>
    );
  }
  return (
    <Page title="Standing orders" lead="Saved once, paid whenever you say so: all of them in one step.">
      <div class="single wide">
        <Card>
          <form
            class="form"
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              if (!saving.busy) void save();
            }}
          >
            <SourceField accounts={accounts} from={from} onChange={setChosen} />
            {stored.error !== null && <ProblemNotice error={stored.error} />}
            <fieldset class="fieldset">
              <legend>Orders</legend>
              <div class="orders">
                {!stored.data && stored.error === null && <Skeleton height={42} />}
                {stored.data && rows.length === 0 && (
                  <p class="quiet">
                    No standing orders yet. Add whom this account pays again and again: rent, savings, pocket money.
                  </p>
                )}
                {rows.length > 0 && (
                  <PaymentRows rows={rows} onChange={setRows} from={from} payees={payees} tried={tried} mayBeEmpty />
                )}
              </div>
              <div class="row-tools">
                <Button small icon="plus" disabled={rows.length >= 20} onClick={() => setRows([...rows, newRow()])}>
                  Add an order
                </Button>
              </div>
            </fieldset>
            <p class="sum">
              <span>Each time</span> <strong class="money">{formatMoney(sumOf(rows), currency)}</strong>
            </p>
            {saving.error !== null && <ProblemNotice error={saving.error} />}
            {paying.error !== null && <ProblemNotice error={paying.error} />}
            {saving.done && !changed && <Notice tone="good" title="Saved" />}
            <div class="form-actions">
              <Button type="submit" busy={saving.busy} disabled={!from || !changed}>
                Save
              </Button>
              <Button
                kind="primary"
                icon="play"
                busy={paying.busy}
                disabled={changed || storedRows.length === 0}
                onClick={() => void carryOut()}
              >
                Carry out now
              </Button>
            </div>
          </form>
        </Card>
      </div>
    </Page>
  );
}
