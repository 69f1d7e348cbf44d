/** Why a call has no answer, and how far it had come: the one thing that everything else about a failure follows from. */

/**
 * - `unsent`: nothing has reached the server.
 * - `refused`: the server has said no, and its transaction is rolled back for certain.
 * - `unanswered`: it was sent, and may have been carried out, or may yet be.
 */
export type Stage = 'unsent' | 'refused' | 'unanswered';

/** What put an end to the call, where the driver didn't. */
export type Reason = 'signal' | 'deadline' | 'timeout' | 'warning' | 'closed';

export class CallFailed extends Error {
  readonly stage: Stage;
  readonly reason: Reason | undefined;

  constructor(stage: Stage, cause: unknown, reason?: Reason) {
    super(`The call was ${stage}.`, { cause });
    this.stage = stage;
    this.reason = reason;
  }
}

/** What a driver has thrown for a statement that was sent. */
export function sentAndFailed(error: unknown): CallFailed {
  if (error instanceof CallFailed) return error;
  return new CallFailed(isRefusal(error) ? 'refused' : 'unanswered', error);
}

/**
 * Whether the server itself has answered with an ERROR: then the transaction is over and undone. Nothing else is certain:
 * FATAL (a backend that is told to end, 57P01) may come while a commit is under way, and so may everything that says the
 * connection is gone.
 */
function isRefusal(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state === undefined || state.startsWith('08') || /^57P0[1-5]$/.test(state) || state === '40003') return false;
  const { severity } = error as { readonly severity?: unknown };
  if (severity === undefined || severity === 'ERROR') return true;
  // In the server's language (`lc_messages`), it is another word, and only the state tells. What may end a session, or the
  // server, stays in doubt.
  return severity !== 'FATAL' && severity !== 'PANIC' && !/^(25P0[34]|5[38]|XX|57P)/.test(state);
}

/** The five characters of a server's error; undefined for errors that come from elsewhere. */
export function sqlStateOf(error: unknown): string | undefined {
  if (
    typeof error !== 'object' ||
    error === null ||
    !('code' in error) ||
    !('severity' in error || 'routine' in error)
  ) {
    return undefined;
  }
  const { code } = error;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}
