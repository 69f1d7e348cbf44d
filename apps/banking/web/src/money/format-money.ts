import type { Currency } from '../../../src/api/messages.js';

export interface MoneyFormat {
  /** A sign before what is above nothing too: for movements. */
  readonly signed?: boolean;
  readonly language?: string | undefined;
}

/** Money as people read it: `€1,234.50`. Exact for every safe integer of cents, since Intl is given decimal text. */
export function formatMoney(cents: number, currency: Currency, { signed = false, language }: MoneyFormat = {}): string {
  const signDisplay = signed ? 'exceptZero' : 'negative';
  // A minus as wide as a plus and as a figure, where the language writes a hyphen.
  return formatterOf(language, { style: 'currency', currency, signDisplay }).format(decimal(cents)).replace('-', '−');
}

/** The same without its currency, as it stands in an input: `1,234.50`. */
export function formatAmount(cents: number, language?: string): string {
  return formatterOf(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(decimal(cents));
}

/** For axes, where there is little room: `€1.2K`. */
export function formatCompactMoney(cents: number, currency: Currency): string {
  return formatterOf(undefined, { style: 'currency', currency, notation: 'compact', maximumFractionDigits: 1 }).format(
    decimal(cents),
  );
}

function decimal(cents: number): `${number}` {
  const digits = `${Math.abs(cents)}`.padStart(3, '0');
  // The compiler can't see that digits with a point between them are a number.
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}` as `${number}`;
}

const formatters = new Map<string, Intl.NumberFormat>();

/** Making a formatter costs a hundred times what using it does. */
function formatterOf(language: string | undefined, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language} ${JSON.stringify(options)}`;
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(language, options);
  formatters.set(key, made);
  return made;
}
