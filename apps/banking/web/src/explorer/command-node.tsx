import type { CausationNode } from '../../../src/api/messages.js';
import { Badge } from '../components/badge.js';
import { StreamLink } from './stream-link.js';
import { When } from '../components/when.js';
import { summarize } from './event-data.js';

export interface CommandNodeProps {
  readonly command: CausationNode;
  /** The type of the event that led to it. */
  readonly ledBy?: string | undefined;
}

/** A command with its events; below each of those, what it led to. */
export function CommandNode({ command, ledBy }: CommandNodeProps) {
  const [first] = command.events;
  return (
    <li class="tree-node">
      <div class="tree-command">
        <header>
          <Badge tone={ledBy ? 'warn' : 'info'}>{ledBy ? 'Reaction' : 'Command'}</Badge>
          <span class="mono tree-id">{command.commandId}</span>
          {first && (
            <span class="quiet">
              <When at={first.time} as="time" />
            </span>
          )}
        </header>
        {ledBy && <p class="quiet tree-why">because of {ledBy}</p>}
        <ul class="tree-events">
          {command.events.map((event) => (
            <li key={event.id}>
              <span class="event-type">{event.type}</span>
              <span>
                <StreamLink stream={event.stream} /> <span class="quiet">v{event.version}</span>
              </span>
              <span class="event-data">{summarize(event.data)}</span>
            </li>
          ))}
        </ul>
      </div>
      {command.led.length > 0 && (
        <ul class="tree">
          {command.led.map((follower) => (
            <CommandNode
              key={follower.commandId}
              command={follower}
              ledBy={command.events.find(({ id }) => id === follower.causedBy)?.type ?? 'an event'}
            />
          ))}
        </ul>
      )}
    </li>
  );
}
