import type { ExploredEvent } from '../../../src/api/messages.js';
import { Card } from '../components/card.js';
import { Icon } from '../components/icon.js';
import { JsonView } from './json-view.js';
import { Link } from '../routing/link.js';
import { When } from '../components/when.js';

/** An event with all that is known about it. */
export function EventDetails({ event }: { readonly event: ExploredEvent }) {
  return (
    <Card
      title={event.type}
      aside={
        <Link to={`/explorer/trace/${encodeURIComponent(event.correlationId)}`} class="button plain small">
          <Icon name="tree" />
          <span>Trace</span>
        </Link>
      }
    >
      <JsonView label="What the event says" value={event.data} />
      <dl class="facts">
        <dt>Time</dt>
        <dd>
          <When at={event.time} />
        </dd>
        <dt>Position</dt>
        <dd class="mono">{event.position}</dd>
        <dt>Event</dt>
        <dd class="mono">{event.id}</dd>
        <dt>Command</dt>
        <dd class="mono">{event.commandId}</dd>
        <dt>Correlation</dt>
        <dd class="mono">{event.correlationId}</dd>
        <dt>Caused by</dt>
        <dd class="mono">{event.causationId}</dd>
        <dt>Schema</dt>
        <dd>version {event.schemaVersion}</dd>
      </dl>
      {hasMembers(event.metadata) && <JsonView label="Metadata" value={event.metadata} />}
    </Card>
  );
}

const hasMembers = (value: unknown) => typeof value === 'object' && value !== null && Object.keys(value).length > 0;
