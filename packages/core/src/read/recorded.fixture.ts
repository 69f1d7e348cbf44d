/** Events as a store would have recorded them, for tests of what consumes them. */
import { sequencePosition, version } from '../event/position.js';
import type { Json } from '../event/json.js';
import type { CommandId, EventId, RecordedEvent } from '../event/recorded-event.js';
import type { StreamId } from '../event/stream-id.js';

/** The nth event of a store: `recorded(3, 'account-alice', 'AccountOpened', { owner: 'Alice' })`. */
export function recorded(
  n: number,
  stream: string,
  type: string,
  data: Json,
  more: Partial<RecordedEvent> = {},
): RecordedEvent {
  return {
    id: `01890a5d-ac96-774b-bcce-${String(n).padStart(12, '0')}` as EventId,
    stream: stream as StreamId,
    version: version(n),
    position: sequencePosition(n, 0),
    type,
    schemaVersion: 1,
    data,
    recordedAt: `2026-03-0${n}T12:00:00.000Z`,
    commandId: `11890a5d-ac96-774b-bcce-${String(n).padStart(12, '0')}` as CommandId,
    correlationId: `request-${n}`,
    causationId: `cause-${n}`,
    metadata: {},
    ...more,
  };
}

/** Some of what happens in a bank. */
export const opened = recorded(1, 'account-alice', 'AccountOpened', { owner: 'Alice' });
export const deposited = recorded(2, 'account-alice', 'MoneyDeposited', { amount: 60 });
export const withdrawn = recorded(3, 'account-alice', 'MoneyWithdrawn', { amount: 20 });
export const bobOpened = recorded(4, 'account-bob', 'AccountOpened', { owner: 'Bob' });
