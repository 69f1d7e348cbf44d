/**
 * A decision under the store's locks: what a hold's `decide` does. It never throws, since what went wrong in a command is no
 * failure of the store; it says instead what came of it.
 */
import { isThenable } from '../stream/thenable.js';
import type { Append, NewEvent } from '../store/append.js';
import type { HoldQuery, StreamPage } from '../store/event-store.js';
import type { Gathering } from './gathering.js';

export type Decision = readonly NewEvent[] | Promise<readonly NewEvent[]>;

/** A decision with nothing to append there and then: empty, still to come, or none. */
export interface HeldVerdict {
  readonly decision?: Decision;
  readonly fault?: { readonly error: unknown };
}

export class HeldDecision {
  readonly queries: readonly HoldQuery[];
  /** What was handed to the store. */
  append: Append | undefined;
  /** Undefined as well when the hold wasn't enough, and further streams have to be read. */
  verdict: HeldVerdict | undefined;
  readonly #gathering: Gathering;
  readonly #decide: () => Decision;
  readonly #prepare: (events: readonly NewEvent[]) => Append;
  #over = false;

  constructor(gathering: Gathering, decide: () => Decision, prepare: (events: readonly NewEvent[]) => Append) {
    this.queries = gathering.holdQueries();
    this.#gathering = gathering;
    this.#decide = decide;
    this.#prepare = prepare;
  }

  /** What the store calls while it holds: once. A hold that was left may be granted all the same; then nothing is written. */
  decide(pages: readonly StreamPage[]): readonly Append[] {
    if (this.#over) return [];
    this.#over = true;
    try {
      if (!this.#gathering.absorbHeld(this.queries, pages)) return [];
      const decision = this.#decide();
      if (isThenable(decision) || decision.length === 0) {
        this.verdict = { decision };
        return [];
      }
      this.append = this.#prepare(decision);
      return [this.append];
    } catch (error) {
      this.verdict = { fault: { error } };
      return [];
    }
  }

  /** The caller has been told that nothing was sent. */
  abandon(): void {
    this.#over = true;
  }
}
