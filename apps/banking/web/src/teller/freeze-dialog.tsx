import type { AccountView } from '../../../src/api/messages.js';
import type { FreezeRequest } from '../api/requests.js';
import { useState } from 'preact/hooks';
import { Button } from '../components/button.js';
import { Dialog } from '../components/dialog.js';
import { ProblemNotice } from '../components/problem-notice.js';
import { TextField } from '../components/text-field.js';
import { announce } from '../state/announce.js';
import { useCommand } from '../api/use-command.js';

export interface FreezeDialogProps {
  readonly kind: 'freeze' | 'unfreeze';
  readonly account: AccountView;
  readonly onClose: () => void;
}

export function FreezeDialog({ kind, account, onClose }: FreezeDialogProps) {
  const command = useCommand();
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const tooShort = reason.trim().length < 3;
  const freezing = kind === 'freeze';

  const submit = async () => {
    setTried(true);
    if (tooShort) return;
    const request: FreezeRequest = { reason: reason.trim() };
    if (!(await command.run('POST', `/api/accounts/${encodeURIComponent(account.account)}/${kind}`, request))) return;
    announce(`${account.name} of ${account.ownerName} is ${freezing ? 'frozen' : 'open again'}.`);
    onClose();
  };
  return (
    <Dialog title={freezing ? 'Freeze the account' : 'Unfreeze the account'} onClose={onClose}>
      <form
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!command.busy) void submit();
        }}
      >
        <p class="quiet">
          {account.name} of {account.ownerName}.{' '}
          {freezing ? 'No money will leave it, from this very moment.' : 'Money may leave it again.'}
        </p>
        <TextField
          label="Reason"
          value={reason}
          maxLength={200}
          onInput={setReason}
          error={tried && tooShort ? 'Say why, in three letters at least: it is kept for ever.' : undefined}
        />
        {command.error !== null && <ProblemNotice error={command.error} />}
        <div class="form-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind={freezing ? 'danger' : 'primary'} type="submit" busy={command.busy}>
            {freezing ? 'Freeze' : 'Unfreeze'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
