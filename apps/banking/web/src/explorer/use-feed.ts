import type { EventList, ExploredEvent } from '../../../src/api/messages.js';
import { useEffect, useRef, useState } from 'preact/hooks';
import { get } from '../api/request.js';
import { storePosition } from '../state/live.js';

const KEPT = 200;

export interface Feed {
  /** Newest first. */
  readonly events: readonly ExploredEvent[] | null;
  readonly error: unknown;
}

/** The newest events of the whole store, and then each that follows. While it is paused nothing is read; afterwards all of it. */
export function useFeed(paused: boolean): Feed {
  const [events, setEvents] = useState<readonly ExploredEvent[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const next = useRef<string | null>(null);
  const reading = useRef(false);
  const position = storePosition.value;

  useEffect(() => {
    if (paused) return;
    let left = false;
    const read = async () => {
      if (reading.current) return;
      reading.current = true;
      try {
        for (let page = await readPage(); !left; page = await readPage()) {
          const { events: found } = page;
          if (found.length === 0) break;
          next.current = found.at(-1)?.position ?? next.current;
          setEvents((before) => [...found.toReversed(), ...(before ?? [])].slice(0, KEPT));
        }
        setEvents((before) => before ?? []);
        setError(null);
      } catch (problem) {
        if (!left) setError(problem);
      } finally {
        reading.current = false;
      }
    };
    void read();
    // A notice that comes while a page is on its way is covered by the next turn of this.
    const again = setInterval(() => void read(), 3000);
    return () => {
      left = true;
      clearInterval(again);
    };
  }, [paused, position]);

  return { events, error };

  function readPage(): Promise<EventList> {
    const query = next.current === null ? 'last=50' : `after=${encodeURIComponent(next.current)}`;
    return get<EventList>(`/api/explorer/events?${query}`);
  }
}
