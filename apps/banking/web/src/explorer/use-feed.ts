import type { EventList, ExploredEvent } from '../../../src/api/messages.js';
import type { ProjectionView } from '../api/requests.js';
import { useEffect, useRef, useState } from 'preact/hooks';
import { get } from '../api/request.js';
import { storePosition } from '../state/live.js';

/** How many are shown, and how many pages are read from the beginning before that is given up. */
const SHOWN = 100;
const PATIENCE = 10;

export interface Feed {
  /** Newest first. */
  readonly events: readonly ExploredEvent[] | null;
  readonly error: unknown;
  /** The store is too long to be read from its beginning: only what comes now is shown. */
  readonly fromNow: boolean;
}

/**
 * The newest events of the whole store, and then each that follows. A store is read forwards only: a short one from its
 * beginning, a long one from where the projections are. While it is paused nothing is read; afterwards all of it.
 */
export function useFeed(paused: boolean): Feed {
  const [events, setEvents] = useState<readonly ExploredEvent[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [fromNow, setFromNow] = useState(false);
  const after = useRef('');
  const reading = useRef(false);
  const position = storePosition.value;

  useEffect(() => {
    if (paused) return;
    const read = async () => {
      if (reading.current) return;
      reading.current = true;
      const began = after.current === '';
      try {
        const fresh: ExploredEvent[] = [];
        for (let page = 1, more = true; more; page++) {
          const { events: found, next } = await get<EventList>(
            `/api/explorer/events?after=${encodeURIComponent(after.current)}`,
          );
          fresh.unshift(...found.toReversed());
          after.current = next ?? found.at(-1)?.position ?? after.current;
          more = next !== null;
          if (!began || !more || page < PATIENCE) continue;
          const projections = await get<ProjectionView[]>('/api/projections');
          after.current = projections
            .map((projection) => projection.position)
            .reduce((a, b) => (a > b ? a : b), after.current);
          fresh.length = 0;
          setFromNow(true);
        }
        setEvents((before) => [...fresh, ...(before ?? [])].slice(0, SHOWN));
        setError(null);
      } catch (problem) {
        setError(problem);
      } finally {
        reading.current = false;
      }
    };
    void read();
    // A notice that comes while a page is on its way is covered by the next turn of this.
    const again = setInterval(() => void read(), 2000);
    return () => clearInterval(again);
  }, [paused, position]);

  return { events, error, fromNow };
}
