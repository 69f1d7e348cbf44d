import type { ExploredEvent } from '../../../src/api/messages.js';
import { useEffect, useRef } from 'preact/hooks';
import { When } from '../components/when.js';
import { summarize } from './event-data.js';

export interface EventListProps {
  readonly events: readonly ExploredEvent[];
  readonly step: number;
  readonly onStep: (step: number) => void;
}

/** Events in their order; those after the step that is shown have not happened yet. */
export function EventList({ events, step, onStep }: EventListProps) {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const current = list.current?.querySelector('[aria-current]')?.closest('li');
    // Only the list moves, never the page.
    if (current && list.current) list.current.scrollTop = current.offsetTop - list.current.clientHeight / 2;
  }, [step]);
  return (
    <ol ref={list} class="event-list">
      {events.map((event) => (
        <li key={event.id} class={event.version > step ? 'future' : undefined}>
          <button
            type="button"
            aria-current={event.version === step ? 'step' : undefined}
            onClick={() => onStep(event.version)}
          >
            <span class="event-version">{event.version}</span>
            <span class="event-list-text">
              <span class="event-type">{event.type}</span>
              <span class="event-data">{summarize(event.data)}</span>
            </span>
            <span class="quiet event-list-time">
              <When at={event.time} as="time" />
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}
