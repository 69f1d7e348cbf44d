import type { Balance, Currency } from '../../../src/api/messages.js';
import { parseAmount } from '../money/parse-amount.js';

/** A row as it is being typed. */
export interface PaymentRow {
  readonly id: number;
  readonly to: string;
  readonly amount: string;
}

let lastId = 0;

export const newRow = (to = '', amount = ''): PaymentRow => ({ id: (lastId += 1), to, amount });

export function checkRow(row: PaymentRow, all: readonly PaymentRow[]): { to?: string; amount?: string } {
  const amount = parseAmount(row.amount);
  const twice = all.some((other) => other.id < row.id && other.to === row.to);
  return {
    ...(row.to === ''
      ? { to: 'Choose who gets the money.' }
      : twice
        ? { to: 'This account is already listed above.' }
        : {}),
    ...('problem' in amount && { amount: amount.problem }),
  };
}

/** What is sent, where all of the rows are right; otherwise nothing. */
export function paymentsOf(rows: readonly PaymentRow[], currency: Currency): { to: string; amount: Balance }[] | null {
  if (rows.some((row) => Object.keys(checkRow(row, rows)).length > 0)) return null;
  return rows.flatMap(({ to, amount }) => {
    const parsed = parseAmount(amount);
    return 'cents' in parsed ? [{ to, amount: { cents: parsed.cents, currency } }] : [];
  });
}

/** Of the rows that can be read. */
export function sumOf(rows: readonly PaymentRow[]): number {
  return rows.reduce((sum, { amount }) => {
    const parsed = parseAmount(amount);
    return sum + ('cents' in parsed ? parsed.cents : 0);
  }, 0);
}
