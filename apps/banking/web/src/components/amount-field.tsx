import type { Currency } from '../../../src/api/messages.js';
import type { ComponentChildren } from 'preact';
import { Field } from './field.js';
import { formatAmount } from '../money/format-money.js';
import { parseAmount } from '../money/parse-amount.js';

export interface AmountFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly currency: Currency | undefined;
  readonly hint?: ComponentChildren;
  readonly error?: string | undefined;
  readonly hideLabel?: boolean;
  readonly large?: boolean;
}

const SYMBOLS: Record<Currency, string> = { EUR: '€', GBP: '£', USD: '$' };

/** Text, not a number input: that one loses what it can't read, and steps when somebody scrolls. Tidied up on leaving. */
export function AmountField(props: AmountFieldProps) {
  const { label, value, onInput, currency, hint, error, hideLabel = false, large = false } = props;
  return (
    <Field label={label} hint={hint} error={error} hideLabel={hideLabel}>
      {(control) => (
        <span class={`amount ${large ? 'large' : ''}`}>
          <span class="amount-currency" aria-hidden="true">
            {currency ? SYMBOLS[currency] : ''}
          </span>
          <input
            {...control}
            class="input"
            type="text"
            inputMode="decimal"
            autoComplete="off"
            placeholder={formatAmount(0)}
            value={value}
            onInput={(event) => onInput(event.currentTarget.value)}
            onBlur={() => {
              const amount = parseAmount(value);
              if ('cents' in amount) onInput(formatAmount(amount.cents));
            }}
          />
        </span>
      )}
    </Field>
  );
}
