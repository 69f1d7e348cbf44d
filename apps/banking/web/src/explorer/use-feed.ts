import type { EventList, ExploredEvent } from '../../../src/api/messages.js';
import { useEffect, useRef, useState } from 'preact/hooks';
import { get } from '../api/request.js';
import { storePosition } from '../state/live.js';

const SHOWN = 100;

export interface Feed {
  /** Newest first. */
  readonly events: readonly ExploredEvent[] | null;
  readonly error: unknown;
}

/** The newest events of the whole store, and then each that follows. While it is paused nothing is read; afterwards all of it. */
export function useFeed(paused: boolean): Feed {
  const [events, setEvents] = useState<readonly ExploredEvent[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const after = useRef<string | null>(null);
  const reading = useRef(false);
  const position = storePosition.value;

  useEffect(() => {
    if (paused) return;
    const read = async () => {
      if (reading.current) return;
      reading.current = true;
      try {
        for (let more = true; more;) {
          const begins = after.current === null;
          const query = after.current === null ? 'last=50' : `after=${encodeURIComponent(after.current)}`;
          const { events: found, next } = await get<EventList>(`/api/explorer/events?${query}`);
          after.current = next ?? found.at(-1)?.position ?? after.current;
          more = !begins && next !== null;
          setEvents((before) => [...found.toReversed(), ...(before ?? [])].slice(0, SHOWN));
        }
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

  return { events, error };
}
