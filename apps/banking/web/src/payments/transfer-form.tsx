import type { Done } from '../../../src/api/messages.js';
import type { TransferRequest } from '../api/requests.js';
import { useRef, useState } from 'preact/hooks';
import { AmountField } from '../components/amount-field.js';
import { Button } from '../components/button.js';
import { Notice } from '../components/notice.js';
import { ProblemNotice } from '../components/problem-notice.js';
import { Receipt } from './receipt.js';
import { SelectField } from '../components/select-field.js';
import { SourceField } from './source-field.js';
import { TextField } from '../components/text-field.js';
import { adviceOn } from './advice.js';
import { announce } from '../state/announce.js';
import { formatMoney } from '../money/format-money.js';
import { openAccounts } from '../state/live.js';
import { parseAmount } from '../money/parse-amount.js';
import { payeeOptions, usePayees } from './use-payees.js';
import { useCommand } from '../api/use-command.js';

interface Sent {
  readonly done: Done;
  readonly text: string;
}

/** Checked here for what can be seen here; whether there is enough money, the bank decides. */
export function TransferForm({ compact = false }: { readonly compact?: boolean }) {
  const form = useRef<HTMLFormElement>(null);
  const command = useCommand();
  const { payees, error: payeesError } = usePayees();
  const [chosen, setChosen] = useState('');
  const [to, setTo] = useState('');
  const [amount, setAmount] = useState('');
  const [memo, setMemo] = useState('');
  const [tried, setTried] = useState(false);
  const [sent, setSent] = useState<Sent | null>(null);

  const accounts = openAccounts.value ?? [];
  const from = accounts.find(({ account }) => account === chosen) ?? accounts[0];
  const currency = from?.balance.currency;
  const payee = payees.find(({ account }) => account === to);
  const parsed = parseAmount(amount);
  const wrong = {
    to: !payee
      ? 'Choose who gets the money.'
      : payee.currency !== currency
        ? `This account holds ${payee.currency}.`
        : undefined,
    amount: 'problem' in parsed ? parsed.problem : undefined,
  };
  const advice = command.error === null ? null : adviceOn(command.error);
  const errorAt = (field: 'from' | 'to' | 'amount') =>
    (tried && field !== 'from' ? wrong[field] : undefined) ??
    (advice?.field === field ? (advice.atField ?? advice.title) : undefined);

  const change = (set: (value: string) => void) => (value: string) => {
    set(value);
    if (command.error !== null) command.reset();
  };
  const submit = async () => {
    setTried(true);
    if (wrong.to || wrong.amount || !from || !payee || !('cents' in parsed)) {
      // After the errors are there, so that the first one is read with its field.
      setTimeout(() => form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus());
      return;
    }
    const request: TransferRequest = {
      from: from.account,
      to: payee.account,
      amount: { cents: parsed.cents, currency: from.balance.currency },
      ...(memo.trim() !== '' && { memo: memo.trim() }),
    };
    const done = await command.run('POST', '/api/transfers', request);
    if (!done) return;
    const text = `${formatMoney(parsed.cents, from.balance.currency)} sent to ${payee.ownerName}`;
    announce(text);
    setSent({ done, text });
    setAmount('');
    setMemo('');
    setTried(false);
  };

  if (sent) {
    return (
      <Receipt
        done={sent.done}
        title={sent.text}
        again="Send more money"
        onAgain={() => {
          setSent(null);
          command.reset();
        }}
      />
    );
  }
  return (
    <form
      ref={form}
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!command.busy) void submit();
      }}
    >
      <SourceField accounts={accounts} from={from} onChange={change(setChosen)} error={errorAt('from')} />
      <SelectField
        label="To"
        value={to}
        empty="Choose an account"
        options={payeeOptions(payees, from?.account ?? '', currency)}
        onChange={change(setTo)}
        error={errorAt('to')}
      />
      <AmountField
        label="Amount"
        large={!compact}
        value={amount}
        currency={currency}
        onInput={change(setAmount)}
        error={errorAt('amount')}
      />
      <TextField label="Message (optional)" value={memo} maxLength={140} onInput={change(setMemo)} />
      {payeesError !== null && <ProblemNotice error={payeesError} />}
      {advice && (
        <Notice tone="bad" title={advice.title}>
          {advice.text}
        </Notice>
      )}
      <div class="form-actions">
        <Button kind="primary" type="submit" busy={command.busy} disabled={accounts.length === 0}>
          {'cents' in parsed && currency ? `Send ${formatMoney(parsed.cents, currency)}` : 'Send money'}
        </Button>
      </div>
    </form>
  );
}
