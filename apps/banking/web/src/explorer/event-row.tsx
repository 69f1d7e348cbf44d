import type { ExploredEvent } from '../../../src/api/messages.js';
import { Link } from '../routing/link.js';
import { StreamLink } from './stream-link.js';
import { When } from '../components/when.js';
import { summarize } from './event-data.js';

export function EventRow({ event }: { readonly event: ExploredEvent }) {
  const { type, stream, version, data, time, correlationId, position } = event;
  return (
    <li class="event-row">
      <span class="event-type">{type}</span>
      <span class="event-stream">
        <StreamLink stream={stream} /> <span class="quiet">v{version}</span>
      </span>
      <span class="event-data">{summarize(data)}</span>
      <span class="event-when quiet">
        <When at={time} as="time" />
        {' · '}
        <Link
          to={`/explorer/trace/${encodeURIComponent(correlationId)}`}
          class="quiet-link"
          label={`Trace of the event at ${position}`}
        >
          Trace
        </Link>
      </span>
    </li>
  );
}
