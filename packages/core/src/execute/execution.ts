/**
 * One execution, from the first read to the receipt: the machine behind `execute`.
 *
 * Each attempt gathers a snapshot, discovers, decides and appends. What makes it sound:
 * - Every decision rests on one snapshot: what was read, or what a conflict brought up to date, is folded whole.
 * - Everything the decision rests on is checked by the append, which has the last word.
 * - Once an append was sent, nothing but an answer to that very append tells what became of it.
 */
import { fingerprintOf } from '../command/fingerprint.js';
import { decide, isThenable } from '../decide/decision.js';
import { Aborted, DeadlineExceeded, RetriesExhausted, VersionConflict } from '../errors/execution-errors.js';
import { CommandIdReused } from '../errors/input-errors.js';
import type { ErrorContext } from '../errors/event-core-error.js';
import type { ExecutionInfo, Notify } from '../observe/hooks.js';
import { sealAppend, type Append, type NewEvent } from '../store/append.js';
import type { StreamPage } from '../store/event-store.js';
import type { Answered, Outcome, Stale } from '../store/outcome.js';
import type { CommandRecord, Fingerprint } from '../event/recorded-event.js';
import type { StreamId } from '../event/stream-id.js';
import { deliver } from './delivery.js';
import type { ExecutionPlan } from './execution-plan.js';
import { Gathering } from './gathering.js';
import { emptyReceipt, receiptOf, type Receipt } from '../store/receipt.js';
import { isoTime, type Runtime } from './runtime.js';
import { Interruption, type Answers, type Steps } from './step.js';

type Decision = readonly NewEvent[] | Promise<readonly NewEvent[]>;
/** How an attempt ended that may be followed by another. */
type Setback = { readonly conflict: readonly Stale[] } | { readonly failure: unknown };

export class Execution {
  readonly #plan: ExecutionPlan;
  readonly #gathering: Gathering;
  /** Worked out when it is first needed: a rejection needs none. */
  #fingerprint: Fingerprint | undefined;
  #attempt = 0;
  /** A `handle` that answered with a promise can't run under a hold, which is synchronous. */
  #synchronous = true;

  constructor(plan: ExecutionPlan) {
    this.#plan = plan;
    this.#gathering = new Gathering(plan, () => this.info());
  }

  get attempts(): number {
    return this.#attempt;
  }

  info(): ExecutionInfo {
    const { parts, commandId, correlationId, causationId } = this.#plan;
    return { command: parts.definition.name, commandId, correlationId, causationId, attempt: this.#attempt };
  }

  errorContext(): ErrorContext & { readonly commandId: string } {
    const { parts, commandId, correlationId } = this.#plan;
    return { command: parts.definition.name, commandId, correlationId, attempts: this.#attempt };
  }

  get notify(): Notify | undefined {
    return this.#plan.notify;
  }

  get runtime(): Runtime {
    return this.#plan.runtime;
  }

  /** The streams that are declared by their fields. */
  declaredStreams(): StreamId[] {
    return this.#gathering.declared.map(({ id }) => id);
  }

  *run(): Steps<Receipt> {
    let held = false;
    for (;;) {
      this.#attempt += 1;
      this.#gathering.beginAttempt();
      try {
        const end: Receipt | Setback = held ? yield* this.#attemptUnderHold() : yield* this.#attemptFreely();
        if ('commandId' in end) return end;
        held = yield* this.#beforeNextAttempt(end);
      } catch (error) {
        throw error instanceof Interruption ? this.#ended(error) : error;
      }
    }
  }

  // ---- one attempt

  *#attemptFreely(): Steps<Receipt | Setback> {
    try {
      const recorded = yield* this.#gathering.snapshot();
      if (recorded !== undefined) return this.#alreadyApplied(recorded);
    } catch (error) {
      if (isRetriable(error)) return { failure: error };
      throw error;
    }
    return yield* this.#conclude(this.#decide());
  }

  /**
   * Decides while the store holds the streams, so that no conflict is possible. A command that turns out to need what a
   * hold can't give, time or further streams, lets go and goes on freely from what it has seen.
   */
  *#attemptUnderHold(): Steps<Receipt | Setback> {
    let decision: Decision | undefined;
    let fault: { readonly error: unknown } | undefined;
    let append: Append | undefined;
    let abandoned = false;
    const queries = this.#gathering.holdQueries();
    const decideHeld = (pages: readonly StreamPage[]): readonly Append[] => {
      // The caller may have been told by now that nothing was sent.
      if (abandoned) return [];
      try {
        if (!this.#gathering.absorbHeld(queries, pages)) return [];
        decision = this.#decide();
        if (isThenable(decision)) {
          // It is awaited once the locks are let go; should that never come about, nobody is left to hear how it ends.
          decision.then(undefined, () => undefined);
          return [];
        }
        if (decision.length === 0) return [];
        append = this.#prepare(decision);
        return [append];
      } catch (error) {
        fault = { error };
        return [];
      }
    };

    let outcomes: readonly Outcome[];
    const began = this.#plan.notify && this.#plan.runtime.tick();
    try {
      outcomes = (yield { kind: 'hold', queries, decide: decideHeld }) as Answers['hold'];
    } catch (error) {
      abandoned = true;
      if (error instanceof Interruption && error.sent && append !== undefined)
        return this.#settle(append, yield* deliver(append, this, { interrupted: error }));
      if (isRetriable(error)) return { failure: error };
      throw error;
    }
    if (fault !== undefined) throw (fault as { error: unknown }).error;
    if (append !== undefined) {
      const outcome = outcomes[0];
      this.#plan.notify?.('appended', {
        ...this.info(),
        outcome: String(outcome?.kind),
        held: true,
        duration: this.#plan.runtime.tick() - began!,
      });
      return this.#settle(append, yield* deliver(append, this, { outcome }));
    }
    if (decision !== undefined) return yield* this.#conclude(decision);
    try {
      yield* this.#gathering.goOnFreely();
    } catch (error) {
      if (isRetriable(error)) return { failure: error };
      throw error;
    }
    return yield* this.#conclude(this.#decide());
  }

  #decide(): Decision {
    const { parts, command, runtime } = this.#plan;
    const { definition, values } = parts;
    let now: string | undefined;
    try {
      const decision = decide({
        definition,
        command,
        values,
        state: this.#gathering.state(),
        discovered: this.#gathering.discovered,
        now: () => (now ??= isoTime(runtime.now())),
        uuid: () => runtime.uuid(),
      });
      if (!isThenable(decision)) this.#tellDecided(decision);
      return decision;
    } catch (error) {
      this.#tellRejected();
      throw error;
    }
  }

  /** From a decision to its end: nothing to write, or an append that is answered. */
  *#conclude(decision: Decision): Steps<Receipt | Setback> {
    const { commandId, correlationId } = this.#plan;
    const events = isThenable(decision) ? yield* this.#wait(decision) : decision;
    if (events.length === 0) return emptyReceipt(commandId, this.#attempt, correlationId);
    const append = this.#prepare(events);
    return this.#settle(append, yield* deliver(append, this));
  }

  *#wait(decision: Promise<readonly NewEvent[]>): Steps<readonly NewEvent[]> {
    this.#synchronous = false;
    try {
      const events = (yield { kind: 'wait', promise: decision }) as readonly NewEvent[];
      this.#tellDecided(events);
      return events;
    } catch (error) {
      if (!(error instanceof Interruption)) this.#tellRejected();
      throw error;
    }
  }

  #tellDecided({ length }: readonly NewEvent[]): void {
    this.#plan.notify?.('decided', { ...this.info(), verdict: length === 0 ? 'nothing' : 'events', events: length });
  }

  #tellRejected(): void {
    this.#plan.notify?.('decided', { ...this.info(), verdict: 'rejected', events: 0 });
  }

  /** What an answer makes of the attempt. */
  #settle(append: Append, outcome: Answered): Receipt | Setback {
    const { correlationId, notify } = this.#plan;
    switch (outcome.kind) {
      case 'committed':
      case 'duplicate':
        return receiptOf(outcome.receipt, this.#attempt, correlationId);
      case 'idReused':
        throw this.#reused();
      case 'failed':
        if (isRetriable(outcome.error)) {
          this.#gathering.known.consistent = false;
          return { failure: outcome.error };
        }
        throw outcome.error;
      case 'conflict':
        notify?.('conflicted', { ...this.info(), stale: outcome.stale });
        this.#gathering.known.absorbMissed(outcome.stale, append.expected);
        return { conflict: outcome.stale };
      default:
        return outcome satisfies never;
    }
  }

  // ---- between two attempts

  /** Waits as the policy says, or gives up. Tells whether the next attempt runs under a hold. */
  *#beforeNextAttempt(setback: Setback): Steps<boolean> {
    const { retry, runtime, notify, canHold } = this.#plan;
    const context = this.errorContext();
    const cause = 'conflict' in setback ? new VersionConflict(setback.conflict, { context }) : setback.failure;
    if (this.#attempt >= retry.attempts) {
      throw retry.attempts === 1 ? cause : new RetriesExhausted(this.#attempt, { context, cause });
    }
    const hold = 'conflict' in setback && canHold && this.#synchronous && !this.#hasBlindStreams();
    // Under a hold the others are waited for in the store's queue, which is fair: no need to stand back.
    const delay = hold && this.#attempt === 1 ? 0 : retry.delay(this.#attempt, () => runtime.random());
    notify?.('retrying', { ...this.info(), delay, cause });
    if (delay > 0) yield { kind: 'sleep', milliseconds: delay };
    return hold;
  }

  /** The caller's signal or deadline, before anything was sent or after it was answered: certainly nothing was written. */
  #ended({ reason, cause }: Interruption): Aborted | DeadlineExceeded {
    const { name } = this.#plan.parts.definition;
    const context = this.errorContext();
    return reason === 'signal'
      ? new Aborted(`${name} was aborted before it was sent. Nothing was written.`, { context, cause })
      : new DeadlineExceeded(`${name} was not sent before its deadline. Nothing was written.`, { context });
  }

  // ---- what the steps are made of

  #prepare(events: readonly NewEvent[]): Append {
    const { commandId, correlationId, causationId, metadata } = this.#plan;
    return sealAppend({
      commandId,
      fingerprint: this.#fingerprinted(),
      expected: this.#gathering.expected(),
      events,
      correlationId,
      causationId,
      metadata,
    });
  }

  #hasBlindStreams(): boolean {
    return this.#plan.parts.definition.streams.some(({ role }) => role === 'append');
  }

  #fingerprinted(): Fingerprint {
    const { parts, anyFingerprint } = this.#plan;
    return (this.#fingerprint ??= anyFingerprint ? { any: true } : fingerprintOf(parts.definition, parts.values));
  }

  #alreadyApplied({ fingerprint, receipt }: CommandRecord): Receipt {
    const own = this.#fingerprinted();
    const matches = typeof fingerprint === 'object' || typeof own === 'object' || fingerprint === own;
    if (!matches) throw this.#reused();
    return receiptOf({ ...receipt, duplicate: true }, this.#attempt, this.#plan.correlationId);
  }

  #reused(): CommandIdReused {
    const { commandId, parts } = this.#plan;
    return new CommandIdReused(
      `The command id ${commandId} was first used for another command, or for other inputs than these of ${parts.definition.name}. Use a new id for a new intent.`,
      { context: this.errorContext() },
    );
  }
}

function isRetriable(error: unknown): boolean {
  return (
    error instanceof Error && !(error instanceof Interruption) && (error as { retriable?: unknown }).retriable === true
  );
}
