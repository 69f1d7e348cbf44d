import type { AccountView } from '../../../src/api/messages.js';
import type { CashRequest } from '../api/requests.js';
import { useState } from 'preact/hooks';
import { AmountField } from '../components/amount-field.js';
import { Button } from '../components/button.js';
import { Dialog } from '../components/dialog.js';
import { Receipt } from '../payments/receipt.js';
import { ProblemNotice } from '../components/problem-notice.js';
import { adviceOn } from '../payments/advice.js';
import { announce } from '../state/announce.js';
import { formatMoney } from '../money/format-money.js';
import { parseAmount } from '../money/parse-amount.js';
import { useCommand } from '../api/use-command.js';

export interface CashDialogProps {
  readonly kind: 'deposit' | 'withdraw';
  readonly account: AccountView;
  readonly onClose: () => void;
}

const WORDS = {
  deposit: { title: 'Deposit cash', button: 'Deposit', path: 'deposits', said: 'deposited for' },
  withdraw: { title: 'Pay out cash', button: 'Pay out', path: 'withdrawals', said: 'paid out to' },
};

export function CashDialog({ kind, account, onClose }: CashDialogProps) {
  const command = useCommand();
  const [text, setText] = useState('');
  const [tried, setTried] = useState(false);
  const [result, setResult] = useState('');
  const { title, button, path, said } = WORDS[kind];
  const { currency } = account.balance;
  const amount = parseAmount(text);
  const advice = command.error === null ? null : adviceOn(command.error);

  const submit = async () => {
    setTried(true);
    if (!('cents' in amount)) return;
    const request: CashRequest = { amount: { cents: amount.cents, currency } };
    if (!(await command.run('POST', `/api/accounts/${encodeURIComponent(account.account)}/${path}`, request))) return;
    const text = `${formatMoney(amount.cents, currency)} ${said} ${account.ownerName}`;
    announce(text);
    setResult(text);
  };
  if (command.done) {
    return (
      <Dialog title={title} onClose={onClose}>
        <Receipt done={command.done} title={result} again="Done" onAgain={onClose} />
      </Dialog>
    );
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!command.busy) void submit();
        }}
      >
        <p class="quiet">
          {account.name} of {account.ownerName}, {formatMoney(account.balance.cents, currency)} now.
        </p>
        <AmountField
          label="Amount"
          large
          value={text}
          currency={currency}
          onInput={(value) => {
            setText(value);
            if (command.error !== null) command.reset();
          }}
          error={
            (tried && 'problem' in amount ? amount.problem : undefined) ??
            (advice?.field === 'amount' ? advice.atField : undefined)
          }
        />
        {command.error !== null && <ProblemNotice error={command.error} />}
        <div class="form-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={command.busy}>
            {'cents' in amount ? `${button} ${formatMoney(amount.cents, currency)}` : button}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
