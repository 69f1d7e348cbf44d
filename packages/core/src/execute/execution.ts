/**
 * One execution, from the first read to the receipt: the machine behind `execute`.
 *
 * Each attempt gathers a snapshot, discovers, decides and appends. What makes it sound:
 * - Every decision rests on one snapshot: what was read, or what a conflict brought up to date, is folded whole.
 * - Everything the decision rests on is checked by the append, which has the last word.
 * - Once an append was sent, nothing but an answer to that very append tells what became of it.
 */
import { fingerprintOf } from '../command/fingerprint.js';
import { decide } from '../decide/decision.js';
import { isThenable } from '../stream/thenable.js';
import {
  Aborted,
  DeadlineExceeded,
  RetriesExhausted,
  staleStreams,
  VersionConflict,
} from '../errors/execution-errors.js';
import { CommandIdReused, InvalidDecision } from '../errors/input-errors.js';
import type { ErrorContext } from '../errors/event-core-error.js';
import type { ExecutionInfo, Notify } from '../observe/hooks.js';
import { sealAppend, type Append, type NewEvent } from '../store/append.js';
import { outcomeOf, type Answered, type Outcome, type Stale } from '../store/outcome.js';
import type { CommandRecord, Fingerprint } from '../event/recorded-event.js';
import type { StreamId } from '../event/stream-id.js';
import { deliver, indeterminate } from './delivery.js';
import type { ExecutionPlan } from './execution-plan.js';
import { Gathering } from './gathering.js';
import { HeldDecision, type Decision, type HeldVerdict } from './held-decision.js';
import { emptyReceipt, receiptOf, type Receipt } from '../store/receipt.js';
import { isoTime, type Runtime } from '../runtime/runtime.js';
import { canBeShared, SharedDecision } from './shared-decision.js';
import { Interruption, ReadFailed, type Answers, type Steps } from './step.js';

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

  #shares: boolean;

  constructor(plan: ExecutionPlan) {
    this.#plan = plan;
    this.#gathering = new Gathering(plan, () => this.info());
    this.#shares = plan.shares && canBeShared(plan.parts.definition) && this.#gathering.known.size > 0;
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
        const end: Receipt | Setback = yield* this.#attemptOnce(held);
        if ('commandId' in end) return end;
        held = yield* this.#beforeNextAttempt(end);
      } catch (error) {
        throw error instanceof Interruption ? this.#ended(error) : error;
      }
    }
  }

  // ---- one attempt

  *#attemptOnce(held: boolean): Steps<Receipt | Setback> {
    try {
      if (this.#shares) return yield* this.#attemptTogether();
      return held ? yield* this.#attemptUnderHold() : yield* this.#attemptFreely();
    } catch (error) {
      if (!(error instanceof ReadFailed)) throw error;
      if (isRetriable(error.cause)) return { failure: error.cause };
      throw error.cause;
    }
  }

  /** Decides and appends together with others. What the others can't wait for goes on by itself. */
  *#attemptTogether(): Steps<Receipt | Setback> {
    const { commandId, correlationId, runtime, notify, parts } = this.#plan;
    const shared = new SharedDecision(this.#gathering, {
      definition: parts.definition,
      decide: () => this.#decide(),
      prepare: (events) => this.#prepare(events),
      read: (seen) => notify?.('read', { ...this.info(), ...seen }),
      sending: ({ events }, call) => notify?.('sending', { ...this.info(), events, ...call }),
      doubted: (cause) => notify?.('doubted', { ...this.info(), cause }),
    });
    const began = notify && runtime.tick();
    let end: Answers['share'];
    try {
      end = (yield { kind: 'share', command: shared }) as Answers['share'];
    } catch (error) {
      if (error instanceof Interruption && shared.inDoubt !== undefined) throw indeterminate(this, error);
      throw error;
    }
    if (end.kind === 'unsent') {
      if (isRetriable(end.error)) return { failure: end.error };
      throw end.error;
    }
    if (end.kind === 'givenBack') {
      this.#shares = false;
      this.#gathering.known.unread();
      return yield* this.#attemptFreely();
    }
    const { append, outcome } = end;
    const duration = runtime.tick() - (began ?? 0);
    notify?.('appended', { ...this.info(), outcome: outcome.kind, held: shared.held, duration });
    if (outcome.kind === 'unknown') throw indeterminate(this, outcome.error);
    if (outcome.kind === 'conflict') {
      // What was missed has been folded by whoever shares it.
      notify?.('conflicted', { ...this.info(), stale: staleStreams(outcome.stale) });
      return { conflict: outcome.stale };
    }
    if (outcome.kind !== 'committed' || append.events.length > 0) return this.#settle(append, outcome);
    // Nothing was written: it was verified that what the decision rests on is how it is.
    if (shared.fault !== undefined) throw shared.fault.error;
    return emptyReceipt(commandId, this.#attempt, correlationId);
  }

  *#attemptFreely(): Steps<Receipt | Setback> {
    const recorded = yield* this.#gathering.snapshot();
    if (recorded !== undefined) return this.#alreadyApplied(recorded);
    return yield* this.#conclude(this.#decide());
  }

  /**
   * Decides while the store holds the streams, so that no conflict is possible. A command that turns out to need what a
   * hold can't give, time or further streams, lets go and goes on freely from what it has seen.
   */
  *#attemptUnderHold(): Steps<Receipt | Setback> {
    const held = new HeldDecision(
      this.#gathering,
      () => this.#decide(),
      (events) => this.#prepareHeld(events),
    );
    const began = this.#plan.notify && this.#plan.runtime.tick();
    let outcomes: readonly Outcome[];
    try {
      const { queries } = held;
      outcomes = (yield { kind: 'hold', queries, decide: (pages) => held.decide(pages) }) as Answers['hold'];
    } catch (error) {
      held.abandon();
      if (error instanceof Interruption && error.sent && held.append !== undefined) {
        return this.#settle(held.append, yield* deliver(held.append, this, { interrupted: error }));
      }
      // What the command's own code threw under the hold is in the verdict: this is the store's.
      if (isRetriable(error)) return { failure: error };
      throw error;
    }
    if (held.append !== undefined) {
      const outcome = outcomeOf(outcomes);
      const duration = this.#plan.runtime.tick() - (began ?? 0);
      this.#plan.notify?.('appended', { ...this.info(), outcome: outcome.kind, held: true, duration });
      return this.#settle(held.append, yield* deliver(held.append, this, { outcome }));
    }
    return held.verdict === undefined ? yield* this.#goOnFreely() : yield* this.#concludeHeld(held.verdict);
  }

  /** A command that needs further streams, or the rest of long ones, lets go and decides on what it reads then. */
  *#goOnFreely(): Steps<Receipt | Setback> {
    const recorded = yield* this.#gathering.goOnFreely();
    if (recorded !== undefined) return this.#alreadyApplied(recorded);
    return yield* this.#conclude(this.#decide());
  }

  /**
   * An end under a hold that wrote nothing there. What the hold handed over may hold what this very command has written,
   * sent from elsewhere under the same id: before a rejection is told, or that there was nothing to do, that is asked.
   */
  *#concludeHeld(verdict: HeldVerdict): Steps<Receipt | Setback> {
    let { fault } = verdict;
    if (isThenable(verdict.decision)) {
      try {
        const events = yield* this.#wait(verdict.decision);
        if (events.length > 0) return yield* this.#conclude(events);
      } catch (error) {
        if (error instanceof Interruption) throw error;
        fault = { error };
      }
    }
    const recorded = yield* this.#gathering.lookUp();
    if (recorded !== undefined) return this.#alreadyApplied(recorded);
    if (fault !== undefined) throw fault.error;
    return emptyReceipt(this.#plan.commandId, this.#attempt, this.#plan.correlationId);
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
      // Should nobody come to await it, since the caller has left meanwhile, nobody is left to hear how it ends.
      if (isThenable(decision)) decision.then(undefined, () => undefined);
      else this.#tellDecided(decision);
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
    this.#tell(length === 0 ? 'nothing' : 'events', length);
  }

  #tellRejected(): void {
    this.#tell('rejected', 0);
  }

  #tell(verdict: 'events' | 'nothing' | 'rejected', events: number): void {
    this.#plan.notify?.('decided', { ...this.info(), verdict, events, versions: this.#gathering.versions() });
  }

  /** What an answer makes of the attempt. */
  #settle(append: Append, outcome: Answered): Receipt | Setback {
    const { notify } = this.#plan;
    switch (outcome.kind) {
      case 'committed':
      case 'duplicate':
        return receiptOf(outcome.receipt, this.#attempt);
      case 'idReused':
        throw this.#reused();
      case 'failed':
        if (isRetriable(outcome.error)) {
          this.#gathering.known.consistent = false;
          return { failure: outcome.error };
        }
        throw outcome.error;
      case 'conflict':
        notify?.('conflicted', { ...this.info(), stale: staleStreams(outcome.stale) });
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
      ? new Aborted(`${name} was aborted. Nothing was written.`, { context, cause })
      : new DeadlineExceeded(`${name} came to its deadline. Nothing was written.`, { context });
  }

  // ---- what the steps are made of

  #prepare(events: readonly NewEvent[]): Append {
    const { commandId, correlationId, causationId, metadata } = this.#plan;
    try {
      return sealAppend({
        commandId,
        fingerprint: this.#fingerprinted(),
        expected: this.#gathering.expected(),
        events,
        correlationId,
        causationId,
        metadata,
      });
    } catch (error) {
      // All that the caller gave was looked at before: what is too much is what was decided.
      throw InvalidDecision.from(error);
    }
  }

  #prepareHeld(events: readonly NewEvent[]): Append {
    const append = this.#prepare(events);
    this.#plan.notify?.('sending', { ...this.info(), events: append.events, held: true, together: 1, chained: false });
    return append;
  }

  #hasBlindStreams(): boolean {
    return this.#plan.parts.definition.streams.some(({ role }) => role === 'append');
  }

  #fingerprinted(): Fingerprint {
    const { parts, anyFingerprint } = this.#plan;
    return (this.#fingerprint ??= anyFingerprint ? { any: true } : fingerprintOf(parts));
  }

  #alreadyApplied({ fingerprint, receipt }: CommandRecord): Receipt {
    const own = this.#fingerprinted();
    const matches = typeof fingerprint === 'object' || typeof own === 'object' || fingerprint === own;
    if (!matches) throw this.#reused();
    return receiptOf({ ...receipt, duplicate: true }, this.#attempt);
  }

  #reused(): CommandIdReused {
    const { commandId, parts } = this.#plan;
    return new CommandIdReused(
      `The command id ${commandId} was first used for another command, or for other inputs than these of ${parts.definition.name}. Use a new id for a new intent.`,
      { context: this.errorContext() },
    );
  }
}

/** Of errors that a store threw or told. An adapter has errors of its own, so all that counts is what they say. */
function isRetriable(error: unknown): boolean {
  return (
    error instanceof Error && !(error instanceof Interruption) && (error as { retriable?: unknown }).retriable === true
  );
}
