/**
 * For stores that can append one command at a time: makes the contract's `append` of it.
 *
 * Each append of a call becomes a commit of its own, one after the other, and others may come in between: a store that uses it
 * doesn't say `oneCommit`. What only a whole call can say is translated:
 *
 * - `{ after: k }` becomes the version that append k really left. Whoever comes in between makes it `stale`: append k stays
 *   applied, what rests on it isn't.
 * - Some expectations can't hold: a number for a stream that an earlier append of the call has moved, even if it is the
 *   right one by now, and `{ after: k }` if append k was refused, a duplicate or empty. Such an append is sent all the
 *   same, but without its events and with a version that no stream has: the store may know its command id, and it tells
 *   how far the streams are.
 * - If append k is unknown, so is what rests on it. Nothing is sent for it; the call will be sent again.
 * - An append that was sent and never answered is sent again exactly as it was, whatever the second call makes of it. In
 *   another form it could be refused, and the first one be applied after that.
 */
import { StoreUnavailable } from '../errors/store-errors.js';
import { version, type Version } from '../event/position.js';
import type { StreamId } from '../event/stream-id.js';
import type { Append, Expected } from './append.js';
import { chainFault } from './chained-expectation.js';
import type { CallOptions, EventStore } from './event-store.js';
import type { Outcome, Stale, StoreFailure } from './outcome.js';

/** Appends one command, of which nothing but numbers and `'any'` is expected. Throws only if nothing was sent. */
export type AppendOne = (append: Append, options?: CallOptions) => Promise<Outcome>;

/**
 * The contract's `append`, by a function that appends one command.
 *
 * @example
 * ```ts
 * const append = oneByOne(async (one, options) => {
 *   const [outcome] = await store.append([one], options);
 *   return outcome!;
 * });
 * ```
 */
export function oneByOne(appendOne: AppendOne): EventStore['append'] {
  const inDoubt = new WeakMap<Append, Plan>();

  return async (appends, options) => {
    const call = new Call(appends);
    let sent = false;
    for (const append of appends) {
      const plan = inDoubt.get(append) ?? call.plan(append);
      if ('kind' in plan) {
        call.outcomes.push(plan);
        continue;
      }
      let answer: Outcome;
      try {
        answer = await appendOne(plan.append, options);
      } catch (error) {
        if (!sent) throw error;
        answer = { kind: 'failed', error: asFailure(error) };
      }
      sent = true;
      if (answer.kind === 'unknown' && plan.doomed.size === 0) inDoubt.set(append, plan);
      else if (answer.kind !== 'unknown' && answer.kind !== 'failed') inDoubt.delete(append);
      call.settle(append, plan, answer);
    }
    return call.outcomes;
  };
}

/** What is sent for an append. */
interface Plan {
  readonly append: Append;
  /** The streams of which it expects what can't hold, and why. */
  readonly doomed: ReadonlyMap<StreamId, 'moved' | 'chain'>;
}

/** What a call has done to a stream so far. */
interface Move {
  /** The version that its last append to it left, and which append that was. */
  readonly version: Version;
  readonly by: number;
  /** How many events the call has added, and the version before the first of them. */
  readonly added: number;
  readonly before: number;
}

/** No stream ever gets there. */
const NEVER = version(Number.MAX_SAFE_INTEGER);

/** A call under way: what has become of its appends, and what they have done to the streams. */
class Call {
  /** One for each append that is settled, so their number is the index of the one at hand. */
  readonly outcomes: Outcome[] = [];
  readonly #appends: readonly Append[];
  readonly #plans = new Map<number, Plan>();
  readonly #moves = new Map<StreamId, Move>();

  constructor(appends: readonly Append[]) {
    this.#appends = appends;
  }

  /** What to send for an append; or its outcome, if nothing can be sent. */
  plan(append: Append): Plan | Outcome {
    const index = this.outcomes.length;
    const expected = new Map<StreamId, Expected>();
    const doomed = new Map<StreamId, 'moved' | 'chain'>();
    for (const [stream, expectation] of append.expected) {
      const move = this.#moves.get(stream);
      if (expectation === 'any') {
        expected.set(stream, expectation);
      } else if (typeof expectation === 'number') {
        if (move !== undefined) doomed.set(stream, 'moved');
        // A number that the stream has passed is refused as it is, and then the store also tells what was missed.
        expected.set(stream, move !== undefined && expectation >= move.version ? NEVER : expectation);
      } else {
        const { after } = expectation;
        const fault = chainFault(this.#appends, index, stream, after);
        if (fault !== undefined) return { kind: 'failed', error: fault };
        const base = this.outcomes[after]!;
        if (base.kind === 'unknown') return base;
        if (base.kind !== 'committed' || base.receipt.events.length === 0) {
          doomed.set(stream, 'chain');
          expected.set(stream, NEVER);
        } else if (move !== undefined && move.by > after) {
          doomed.set(stream, 'moved');
          expected.set(stream, NEVER);
        } else {
          // What append k only names, it leaves as it found it.
          const found = this.#plans.get(after)!.append.expected.get(stream)!;
          expected.set(stream, base.receipt.versions.get(stream) ?? found);
        }
      }
    }
    return { append: { ...append, expected, events: doomed.size === 0 ? append.events : [] }, doomed };
  }

  /** Takes note of the store's answer. */
  settle(append: Append, plan: Plan, answer: Outcome): void {
    const index = this.outcomes.length;
    this.#plans.set(index, plan);
    if (answer.kind === 'committed') {
      for (const [stream, left] of answer.receipt.versions) {
        const count = append.events.filter((event) => event.stream === stream).length;
        const { before, added } = this.#moves.get(stream) ?? { before: left - count, added: 0 };
        this.#moves.set(stream, { version: left, by: index, added: added + count, before });
      }
    }
    this.outcomes.push(
      answer.kind === 'conflict'
        ? { kind: 'conflict', stale: answer.stale.map((found) => this.#translate(append, plan, found)) }
        : answer,
    );
  }

  /** What the store found, told as of the time before the call, unless others have written amid its appends. */
  #translate({ expected: expectations }: Append, plan: Plan, found: Stale): Stale {
    const { stream } = found;
    const expected = expectations.get(stream)!;
    const move = this.#moves.get(stream);
    const alone = move !== undefined && found.actual === move.version && move.version === move.before + move.added;
    const actual = alone ? version(move.before) : found.actual;

    const reason = plan.doomed.get(stream);
    if (reason !== undefined && (typeof expected === 'object' || expected === actual)) {
      return { stream, expected, actual, reason };
    }
    const comparable = found.reason === 'stale' && plan.append.expected.get(stream) !== NEVER;
    let missed = comparable ? found.missed : undefined;
    // What the call itself has added comes last, and is nothing that was missed.
    if (alone) missed = Number(expected) < actual ? missed?.slice(0, actual - Number(expected)) : undefined;
    return { stream, expected, actual, reason: 'stale', ...(missed !== undefined && { missed }) };
  }
}

/** Who can't send says so with an error that tells whether trying again may help, or is taken to be out of reach. */
function asFailure(error: unknown): StoreFailure {
  if (error instanceof Error && 'code' in error && 'retriable' in error) return error as StoreFailure;
  return new StoreUnavailable('The store could not be reached in the middle of a call.', { cause: error });
}
