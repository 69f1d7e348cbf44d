/** The one conductor of a store, in this process. */
import type { EventStore } from '../store/event-store.js';
import { Conductor } from './conductor.js';

const conductors = new WeakMap<EventStore, Conductor>();

export function conductorOf(store: EventStore): Conductor {
  let conductor = conductors.get(store);
  if (conductor === undefined) {
    conductors.set(store, (conductor = new Conductor(store, store.settings?.onUnknownEvent ?? 'throw')));
  }
  return conductor;
}
