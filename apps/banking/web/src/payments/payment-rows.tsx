import type { AccountView, Payee } from '../../../src/api/messages.js';
import { AmountField } from '../components/amount-field.js';
import { Button } from '../components/button.js';
import { SelectField } from '../components/select-field.js';
import { checkRow, type PaymentRow } from './payment-row.js';
import { payeeOptions } from './use-payees.js';

export interface PaymentRowsProps {
  readonly rows: readonly PaymentRow[];
  readonly onChange: (rows: readonly PaymentRow[]) => void;
  readonly from: AccountView | undefined;
  readonly payees: readonly Payee[];
  readonly tried: boolean;
  /** Whether there may be no row at all. */
  readonly mayBeEmpty?: boolean;
}

/** Who gets how much, row by row. */
export function PaymentRows({ rows, onChange, from, payees, tried, mayBeEmpty = false }: PaymentRowsProps) {
  const currency = from?.balance.currency;
  const set = (id: number, change: Partial<PaymentRow>) =>
    onChange(rows.map((row) => (row.id === id ? { ...row, ...change } : row)));
  return (
    <ol class="payment-rows">
      {rows.map((row, index) => {
        const wrong = tried ? checkRow(row, rows) : {};
        return (
          <li key={row.id} class="payment-row">
            <SelectField
              label={`Payee ${index + 1}`}
              hideLabel
              value={row.to}
              empty="Choose an account"
              options={payeeOptions(payees, from?.account ?? '', currency)}
              onChange={(to) => set(row.id, { to })}
              error={wrong.to}
            />
            <AmountField
              label={`Amount for payee ${index + 1}`}
              hideLabel
              value={row.amount}
              currency={currency}
              onInput={(amount) => set(row.id, { amount })}
              error={wrong.amount}
            />
            <Button
              kind="quiet"
              icon="close"
              iconOnly
              disabled={rows.length === 1 && !mayBeEmpty}
              onClick={() => onChange(rows.filter(({ id }) => id !== row.id))}
            >
              {`Remove payee ${index + 1}`}
            </Button>
          </li>
        );
      })}
    </ol>
  );
}
