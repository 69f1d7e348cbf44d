/** How far a rebuild has come, and how long it may take. */
import type { Position } from '../../event/position.js';
import type { Runtime } from '../../execute/runtime.js';
import type { EventStore } from '../../store/event-store.js';

export interface RebuildProgress {
  readonly consumer: string;
  readonly position: Position;
  /** How many events lie behind it, also those that aren't for it. Of a store that can't count them: how many were handled. */
  readonly done: number;
  /** How many there are, as far as the store can tell. */
  readonly total?: number;
  /** Events a second so far. */
  readonly rate: number;
  /** In how many seconds it may be over. */
  readonly remaining?: number;
  /** Whether it has come to the end. */
  readonly finished: boolean;
}

export class RebuildMeter {
  readonly #store: EventStore;
  readonly #consumer: string;
  readonly #runtime: Runtime;
  readonly #from: Position;
  readonly #began: number;
  #handled = 0;
  #done = 0;
  #total: number | undefined;

  constructor({ store, name, runtime }: { store: EventStore; name: string; runtime: Runtime }, from: Position) {
    this.#store = store;
    this.#consumer = name;
    this.#runtime = runtime;
    this.#from = from;
    this.#began = runtime.tick();
  }

  handled(events: number): void {
    this.#handled += events;
  }

  async read(position: Position, finished: boolean): Promise<RebuildProgress> {
    const left = await this.#count(position, finished);
    const seconds = (this.#runtime.tick() - this.#began) / 1000;
    const rate = seconds > 0 ? this.#done / seconds : 0;
    return {
      consumer: this.#consumer,
      position,
      done: this.#done,
      ...(left !== undefined && { total: this.#done + left }),
      rate,
      ...(left !== undefined && rate > 0 && { remaining: left / rate }),
      finished,
    };
  }

  /** How many are left. Counts may be estimates, and new events come in: what is done is never taken back. */
  async #count(position: Position, finished: boolean): Promise<number | undefined> {
    const { distance } = this.#store.capabilities;
    if (distance === undefined) {
      this.#done = this.#handled;
      return undefined;
    }
    this.#total ??= (await distance(this.#from)).events;
    const left = finished ? 0 : (await distance(position)).events;
    this.#done = Math.max(this.#done, this.#handled, this.#total - left);
    return left;
  }
}
