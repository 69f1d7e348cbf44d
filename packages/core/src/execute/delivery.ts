/**
 * Delivering one append, until it is known what became of it.
 *
 * An append whose answer was lost is in doubt: it may have been applied, or may yet be. Only an answer to the very same
 * append ends a doubt (`committed`, `duplicate`, `conflict`, `idReused`): it is sent again, whole and unchanged. That it
 * failed or couldn't be sent this time says nothing of the first time; and if it did for a reason that can't pass, such as rights
 * that were taken away, it won't be answered by sending it again either.
 */
import { Indeterminate } from '../errors/execution-errors.js';
import { belongsToFamily, type ErrorContext } from '../errors/event-core-error.js';
import type { ExecutionInfo, Notify } from '../observe/hooks.js';
import type { Append } from '../store/append.js';
import { isForGood, MAX_DOUBT } from '../store/doubt.js';
import type { Answered, Outcome } from '../store/outcome.js';
import { exponentialBackoff } from '../command/retry-policy.js';
import type { Runtime } from '../runtime/runtime.js';
import { Interruption, type Answers, type Steps } from './step.js';

const backoff = exponentialBackoff();

/** Whose append it is: the execution. */
interface Sender {
  readonly runtime: Runtime;
  readonly notify: Notify | undefined;
  info(): ExecutionInfo;
  errorContext(): ErrorContext & { readonly commandId: string };
}

/** What became of an append that was sent already, under a hold: its answer, or what ended the waiting for it. */
type Sent = { readonly outcome: Outcome | undefined } | { readonly interrupted: Interruption };

/** Sends an append, and gives the answer once it is the truth. @throws {@link Indeterminate} */
export function* deliver(append: Append, sender: Sender, sent?: Sent): Steps<Answered> {
  if (sent !== undefined && 'interrupted' in sent) throw indeterminate(sender, sent.interrupted);
  let first = sent?.outcome;
  try {
    first ??= yield* send(append, sender);
  } catch (error) {
    if (error instanceof Interruption) throw error.sent ? indeterminate(sender, error) : error;
    // A throw says that nothing was sent.
    return { kind: 'failed', error: error as never };
  }
  if (first.kind !== 'unknown') return first;
  return yield* resolveDoubt(append, first.error, sender);
}

function* resolveDoubt(append: Append, doubt: unknown, sender: Sender): Steps<Answered> {
  const { runtime, notify } = sender;
  const until = runtime.now() + MAX_DOUBT;
  let cause = doubt;
  for (let resent = 1; ; resent++) {
    notify?.('doubted', { ...sender.info(), cause });
    if (runtime.now() >= until) throw indeterminate(sender, cause);
    try {
      yield { kind: 'sleep', milliseconds: backoff.delay(resent, () => runtime.random()) };
      const outcome = yield* send(append, sender, until);
      if (outcome.kind !== 'unknown' && outcome.kind !== 'failed') return outcome;
      cause = outcome.error;
      if (outcome.kind === 'unknown') continue;
    } catch (error) {
      if (error instanceof Interruption) throw indeterminate(sender, error.cause ?? cause);
      cause = error;
    }
    // It failed this time, or couldn't be sent, which says nothing of the first time.
    if (isForGood(cause)) throw indeterminate(sender, cause);
  }
}

function* send(append: Append, sender: Sender, until?: number): Steps<Outcome> {
  const { notify, runtime } = sender;
  const began = notify && runtime.tick();
  notify?.('sending', { ...sender.info(), events: append.events, held: false, together: 1, chained: false });
  const outcome = (yield until === undefined
    ? { kind: 'append', append }
    : { kind: 'append', append, until }) as Answers['append'];
  notify?.('appended', { ...sender.info(), outcome: outcome.kind, held: false, duration: runtime.tick() - began! });
  return outcome;
}

export function indeterminate(sender: Sender, cause: unknown): Indeterminate {
  const context = sender.errorContext();
  const refused = belongsToFamily(cause) && isForGood(cause) ? `, and the store refuses to tell (${cause.name})` : '';
  return new Indeterminate(
    `${context.command} was sent, and no answer came${refused}: it may have been applied, or may yet be. ` +
      `Execute it again with { commandId: '${context.commandId}' } to learn which, safely.`,
    { context, cause: cause instanceof Interruption ? cause.cause : cause },
  );
}
