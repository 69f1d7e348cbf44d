import type { StatementEntry } from '../../../src/api/messages.js';
import { Icon } from '../components/icon.js';
import { Link } from '../routing/link.js';
import { Money } from '../components/money.js';
import { formatTime, When } from '../components/when.js';
import { describeMovement } from './movement.js';
import { isTeller } from '../state/session.js';

/** Day by day, with the balance after each movement. */
export function StatementTable({
  entries,
  name,
}: {
  readonly entries: readonly StatementEntry[];
  readonly name: string;
}) {
  const days = Map.groupBy(entries, ({ time }) => formatTime(time, 'day'));
  return (
    <table class="table statement-table">
      <caption class="unseen">Movements of {name}, newest first</caption>
      <thead>
        <tr>
          <th scope="col">Movement</th>
          <th scope="col" class="number">
            Amount
          </th>
          <th scope="col" class="number">
            Balance
          </th>
        </tr>
      </thead>
      {[...days].map(([day, movements]) => (
        <tbody key={day}>
          <tr class="day">
            <th scope="rowgroup" colSpan={3}>
              {day}
            </th>
          </tr>
          {movements.map((entry) => (
            <StatementRow key={entry.id} entry={entry} />
          ))}
        </tbody>
      ))}
    </table>
  );
}

function StatementRow({ entry }: { readonly entry: StatementEntry }) {
  const { title, icon } = describeMovement(entry);
  return (
    <tr>
      <td>
        <div class="movement-cell">
          <span class={`movement-icon ${entry.change.cents > 0 ? 'gain' : ''}`}>
            <Icon name={icon} />
          </span>
          <div class="movement-text">
            <p class="movement-title">{title}</p>
            <p class="movement-detail">
              <When at={entry.time} as="clock" />
              {entry.memo && ` · ${entry.memo}`}
              {isTeller.value && (
                <>
                  {' · '}
                  <Link to={`/explorer/trace/${encodeURIComponent(entry.correlationId)}`} class="quiet-link">
                    Trace
                  </Link>
                </>
              )}
            </p>
          </div>
        </div>
      </td>
      <td class="number">
        <Money of={entry.change} signed />
      </td>
      <td class="number quiet">
        <Money of={entry.balance} />
      </td>
    </tr>
  );
}
