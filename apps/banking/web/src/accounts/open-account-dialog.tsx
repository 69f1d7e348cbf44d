import type { Currency } from '../../../src/api/messages.js';
import { useState } from 'preact/hooks';
import { Button } from '../components/button.js';
import { Dialog } from '../components/dialog.js';
import { ProblemNotice } from '../components/problem-notice.js';
import { SelectField } from '../components/select-field.js';
import { TextField } from '../components/text-field.js';
import { announce } from '../state/announce.js';
import { isTeller, session } from '../state/session.js';
import { useCommand } from '../api/use-command.js';

const CURRENCIES = [
  { value: 'EUR', text: 'Euro (EUR)' },
  { value: 'GBP', text: 'Pound sterling (GBP)' },
  { value: 'USD', text: 'US dollar (USD)' },
];

/** For oneself; a teller says for whom. */
export function OpenAccountDialog({ onClose }: { readonly onClose: () => void }) {
  const command = useCommand();
  const [name, setName] = useState('');
  const [currency, setCurrency] = useState<string>('EUR');
  const [owner, setOwner] = useState('');
  const [tried, setTried] = useState(false);
  const customers = (session.value?.users ?? []).filter(({ role }) => role === 'customer');
  const missing = {
    name: name.trim() === '' ? 'Give the account a name.' : undefined,
    owner: isTeller.value && owner === '' ? 'Choose whose account it will be.' : undefined,
  };

  const submit = async () => {
    setTried(true);
    if (missing.name || missing.owner) return;
    const request = { name: name.trim(), currency: currency as Currency, ...(isTeller.value && { owner }) };
    if (!(await command.run('POST', '/api/accounts', request))) return;
    announce(`The account ${name.trim()} is open.`);
    onClose();
  };
  return (
    <Dialog title="Open an account" onClose={onClose}>
      <form
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {isTeller.value && (
          <SelectField
            label="For"
            value={owner}
            empty="Choose a customer"
            options={customers.map(({ id, name: text }) => ({ value: id, text }))}
            onChange={setOwner}
            error={tried ? missing.owner : undefined}
          />
        )}
        <TextField
          label="Name"
          value={name}
          placeholder="Holidays"
          maxLength={60}
          onInput={setName}
          error={tried ? missing.name : undefined}
        />
        <SelectField label="Currency" value={currency} options={CURRENCIES} onChange={setCurrency} />
        {command.error !== null && <ProblemNotice error={command.error} />}
        <div class="form-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={command.busy}>
            Open account
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
