import { Card } from '../components/card.js';
import { Page } from '../components/page.js';
import { TransferForm } from './transfer-form.js';

export function Transfer() {
  return (
    <Page title="Send money" lead="Both accounts change in one step, or neither does.">
      <div class="single">
        <Card>
          <TransferForm />
        </Card>
      </div>
    </Page>
  );
}
