import type { AccountView } from '../../../src/api/messages.js';
import { SelectField } from '../components/select-field.js';
import { availableOf, sourceOptions } from './use-payees.js';
import { formatMoney } from '../money/format-money.js';

export interface SourceFieldProps {
  readonly accounts: readonly AccountView[];
  readonly from: AccountView | undefined;
  readonly onChange: (account: string) => void;
  readonly error?: string | undefined;
}

/** Which account pays, with what it could pay at the most. */
export function SourceField({ accounts, from, onChange, error }: SourceFieldProps) {
  return (
    <SelectField
      label="From"
      value={from?.account ?? ''}
      options={sourceOptions(accounts)}
      onChange={onChange}
      error={error}
      hint={from ? `${formatMoney(availableOf(from), from.balance.currency)} available` : ' '}
    />
  );
}
