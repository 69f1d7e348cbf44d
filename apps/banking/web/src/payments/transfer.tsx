import { Card } from '../components/card.js';
import { Page } from '../components/page.js';
import { RecentMovements } from '../accounts/recent-movements.js';
import { TransferForm } from './transfer-form.js';
import { openAccounts } from '../state/live.js';

export function Transfer() {
  return (
    <Page title="Send money" lead="Both accounts change in one step, or neither does.">
      <div class="columns even">
        <Card>
          <TransferForm />
        </Card>
        <RecentMovements accounts={openAccounts.value} />
      </div>
    </Page>
  );
}
