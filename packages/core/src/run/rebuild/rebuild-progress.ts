/** How far a rebuild has come, and how long it may take. */
import { isEventCoreError } from '../../errors/is-event-core-error.js';
import type { Position } from '../../event/position.js';
import type { Runtime } from '../../runtime/runtime.js';
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
  /** Where the feed ended when the rebuild began: there it is over. Undefined for a store that can't tell. */
  readonly target: Position | undefined;
  readonly #total: number | undefined;
  readonly #began: number;
  #handled = 0;
  #done = 0;

  static async begin({ store, name, runtime }: Measured, from: Position): Promise<RebuildMeter> {
    const { distance, head } = store.capabilities;
    const target = await head?.();
    const total = target === undefined ? undefined : (await distance?.(from, target))?.events;
    return new RebuildMeter({ store, name, runtime }, target, total);
  }

  private constructor({ store, name, runtime }: Measured, target: Position | undefined, total: number | undefined) {
    this.#store = store;
    this.#consumer = name;
    this.#runtime = runtime;
    this.target = target;
    this.#total = total;
    this.#began = runtime.tick();
  }

  handled(events: number): void {
    this.#handled += events;
  }

  async read(position: Position, finished: boolean): Promise<RebuildProgress> {
    const left = await this.#count(position);
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

  /** How many are left. Counts may be estimates: what is done is never taken back. */
  async #count(position: Position): Promise<number | undefined> {
    if (this.#total === undefined || this.target === undefined) {
      this.#done = this.#handled;
      return undefined;
    }
    const left = position < this.target ? await this.#distance(position, this.target) : 0;
    if (left === undefined) return undefined;
    this.#done = Math.max(this.#done, this.#handled, this.#total - left);
    return left;
  }

  /** Undefined while the store can't be reached: the rebuild goes on as soon as it can, and so does the count. */
  async #distance(from: Position, to: Position): Promise<number | undefined> {
    try {
      return (await this.#store.capabilities.distance!(from, to)).events;
    } catch (error) {
      if (isEventCoreError(error) && error.retriable) return undefined;
      throw error;
    }
  }
}

interface Measured {
  readonly store: EventStore;
  readonly name: string;
  readonly runtime: Runtime;
}
