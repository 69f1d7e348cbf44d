import type { AccountView } from '../../../src/api/messages.js';
import { Button } from '../components/button.js';
import { Dialog } from '../components/dialog.js';
import { Notice } from '../components/notice.js';
import { ProblemNotice } from '../components/problem-notice.js';
import { announce } from '../state/announce.js';
import { formatMoney } from '../money/format-money.js';
import { navigate } from '../routing/location.js';
import { useCommand } from '../api/use-command.js';

/** Closing is for good, so it is asked about; and only an empty account can be closed. */
export function CloseDialog({ account, onClose }: { readonly account: AccountView; readonly onClose: () => void }) {
  const command = useCommand();
  const { cents, currency } = account.balance;
  const close = async () => {
    if (!(await command.run('POST', `/api/accounts/${encodeURIComponent(account.account)}/close`))) return;
    announce(`${account.name} is closed.`);
    onClose();
    navigate('/');
  };
  return (
    <Dialog title={`Close ${account.name}?`} onClose={onClose}>
      <div class="form">
        <p class="quiet">A closed account can't be opened again. Its history stays.</p>
        {cents !== 0 && (
          <Notice tone="warn" title={`There are still ${formatMoney(cents, currency)} in it`}>
            {cents > 0 ? 'Move the money to another account first.' : 'Pay it back first.'}
          </Notice>
        )}
        {command.error !== null && <ProblemNotice error={command.error} />}
        <div class="form-actions">
          <Button onClick={onClose}>Keep it</Button>
          <Button kind="danger" busy={command.busy} disabled={cents !== 0} onClick={() => void close()}>
            Close account
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
