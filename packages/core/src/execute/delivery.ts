/**
 * Delivering one append, until it is known what became of it.
 *
 * An append whose answer was lost is in doubt: it may have been applied, or may yet be. Only an answer to the very same
 * append ends a doubt (`committed`, `duplicate`, `conflict`, `idReused`): it is sent again, whole and unchanged. That it
 * failed or couldn't be sent this time says nothing of the first time.
 */
import { Indeterminate } from '../errors/execution-errors.js';
import type { ErrorContext } from '../errors/event-core-error.js';
import type { ExecutionInfo, Notify } from '../observe/hooks.js';
import type { Append } from '../store/append.js';
import type { Answered, Outcome } from '../store/outcome.js';
import { exponentialBackoff } from './retry-policy.js';
import type { Runtime } from './runtime.js';
import { Interruption, type Answers, type Steps } from './step.js';

/** How long an execution stays in doubt, in milliseconds, before it says so. */
export const MAX_DOUBT = 30_000;

const backoff = exponentialBackoff();

interface Delivery {
  readonly runtime: Runtime;
  readonly notify: Notify | undefined;
  readonly info: () => ExecutionInfo;
  readonly errorContext: () => ErrorContext & { readonly commandId: string };
  /** What the append was answered with already, under a hold. */
  readonly outcome?: Outcome | undefined;
  /** What ended the waiting for that answer. */
  readonly interrupted?: Interruption;
}

/** Sends an append, and gives the answer once it is the truth. @throws {@link Indeterminate} */
export function* deliver(append: Append, delivery: Delivery): Steps<Answered> {
  if (delivery.interrupted !== undefined) throw indeterminate(delivery, delivery.interrupted);
  const first = delivery.outcome ?? (yield* sendFirst(append, delivery));
  if (first.kind !== 'unknown') return first;
  return yield* resolveDoubt(append, first.error, delivery);
}

function* sendFirst(append: Append, delivery: Delivery): Steps<Outcome> {
  try {
    return yield* send(append, delivery);
  } catch (error) {
    if (error instanceof Interruption) throw error.sent ? indeterminate(delivery, error) : error;
    // A throw says that nothing was sent.
    return { kind: 'failed', error: error as never };
  }
}

function* resolveDoubt(append: Append, doubt: unknown, delivery: Delivery): Steps<Answered> {
  const { runtime, notify, info } = delivery;
  const since = runtime.now();
  let cause = doubt;
  for (let resent = 1; ; resent++) {
    notify?.('doubted', { ...info(), cause });
    if (runtime.now() - since >= MAX_DOUBT) throw indeterminate(delivery, cause);
    try {
      yield { kind: 'sleep', milliseconds: backoff.delay(resent, () => runtime.random()) };
      const outcome = yield* send(append, delivery);
      if (outcome.kind !== 'unknown' && outcome.kind !== 'failed') return outcome;
      cause = outcome.error;
    } catch (error) {
      if (error instanceof Interruption) throw indeterminate(delivery, error);
      // It couldn't be sent this time, which says nothing of the first time.
      cause = error;
    }
  }
}

function* send(append: Append, { notify, runtime, info }: Delivery): Steps<Outcome> {
  const began = notify && runtime.tick();
  const outcome = (yield { kind: 'append', append }) as Answers['append'];
  notify?.('appended', { ...info(), outcome: outcome.kind, held: false, duration: runtime.tick() - began! });
  return outcome;
}

function indeterminate({ errorContext }: Delivery, cause: unknown): Indeterminate {
  const context = errorContext();
  return new Indeterminate(
    `${context.command} was sent, and no answer came: it may have been applied, or may yet be. ` +
      `Execute it again with { commandId: '${context.commandId}' } to learn which, safely.`,
    { context, cause: cause instanceof Interruption ? cause.cause : cause },
  );
}
