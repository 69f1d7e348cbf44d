/** The one conductor of a store, in this process. */
import type { Runtime } from '../runtime/runtime.js';
import type { EventStore } from '../store/event-store.js';
import { Conductor } from './conductor.js';

/** By runtime as well: whose clock and chance is another's waits for other things. */
const conductors = new WeakMap<EventStore, WeakMap<Runtime, Conductor>>();

export function conductorOf(store: EventStore, runtime: Runtime): Conductor {
  let byRuntime = conductors.get(store);
  if (byRuntime === undefined) conductors.set(store, (byRuntime = new WeakMap()));
  let conductor = byRuntime.get(runtime);
  if (conductor === undefined) byRuntime.set(runtime, (conductor = new Conductor(store, runtime)));
  return conductor;
}
