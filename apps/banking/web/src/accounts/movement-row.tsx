import type { StatementEntry } from '../../../src/api/messages.js';
import { Icon } from '../components/icon.js';
import { Money } from '../components/money.js';
import { When } from '../components/when.js';
import { describeMovement } from './movement.js';

export interface MovementRowProps {
  readonly entry: StatementEntry;
  /** Which account it was, where several are shown. */
  readonly accountName?: string | undefined;
}

export function MovementRow({ entry, accountName }: MovementRowProps) {
  const { title, icon } = describeMovement(entry);
  return (
    <li class="movement">
      <span class={`movement-icon ${entry.change.cents > 0 ? 'gain' : ''}`}>
        <Icon name={icon} />
      </span>
      <div class="movement-text">
        <p class="movement-title">{title}</p>
        <p class="movement-detail">
          {entry.memo ? `${entry.memo} · ` : ''}
          {accountName ? `${accountName} · ` : ''}
          <When at={entry.time} />
        </p>
      </div>
      <Money of={entry.change} signed />
    </li>
  );
}
