/** From what went wrong to what is said of it: application/problem+json, RFC 9457. The one place that knows status codes. */
import { isEventCoreError, type EventCoreError } from '@eventcore/core';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Problem } from './messages.js';

/** Refuses a request, for a reason that is no error of the bank's own. */
export class Refusal extends Error {
  readonly problem: Omit<Problem, 'type'>;

  constructor(status: keyof typeof TITLES, code: string, detail: string, issues?: Problem['issues']) {
    super(detail);
    this.problem = { title: TITLES[status], status, detail, code, ...(issues && { issues }) };
  }
}

/** Of an account that there is not, and of one that is not the user's: nobody can tell one from the other. */
export function noSuchAccount(account: string): Refusal {
  return new Refusal(404, 'not-found', `There is no account ${account} that you may see.`);
}

export function nothingAt(path: string): Refusal {
  return new Refusal(404, 'not-found', `There is nothing at ${path}.`);
}

export function respondTo(error: unknown, context: Context): Response {
  const problem = problemOf(error);
  logFailure(error, problem);
  // What was not done may be asked for again soon, and what may have been done may be asked for under the same key.
  if (problem.status === 503 || problem.status === 504) context.header('Retry-After', '1');
  context.header('Cache-Control', 'no-store');
  context.header('Content-Type', 'application/problem+json');
  return context.body(JSON.stringify(problem), problem.status as ContentfulStatusCode);
}

/**
 * What is broken is told with its stack. That the bank is busy, or can't reach its store, is a line: there may be many. What was
 * refused on purpose is nothing to look at.
 */
export function logFailure(error: unknown, { status, code }: Problem): void {
  if (status < 500 || error instanceof Refusal) return;
  if (status === 500) console.error(error);
  else console.error(`${status} ${code}: ${error instanceof Error ? error.message : String(error)}`);
}

export function problemOf(error: unknown): Problem {
  if (error instanceof Refusal) return { type: 'about:blank', ...error.problem };
  if (isEventCoreError(error, 'BUSINESS_RULE_VIOLATION')) {
    return {
      ...said(error, 422),
      ...(error.rule !== undefined && { rule: error.rule }),
      ...(isRecord(error.data) && { data: error.data }),
    };
  }
  if (isEventCoreError(error, 'VALIDATION')) {
    const issues = error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
    return { ...said(error, 400), issues };
  }
  if (isEventCoreError(error)) {
    const status = STATUS[error.code] ?? 500;
    return status === 500 ? BUG : { ...said(error, status), ...ADVICE[status] };
  }
  if (error instanceof HTTPException && error.status in TITLES) {
    const status = error.status as keyof typeof TITLES;
    return { type: 'about:blank', title: TITLES[status], status, detail: error.message, code: 'http' };
  }
  return BUG;
}

/** Of the family, what is not the code's or the server's own fault. */
const STATUS: Readonly<Partial<Record<string, keyof typeof TITLES>>> = {
  COMMAND_ID_REUSED: 409,
  VERSION_CONFLICT: 503,
  RETRIES_EXHAUSTED: 503,
  DEADLINE_EXCEEDED: 503,
  ABORTED: 503,
  STORE_UNAVAILABLE: 503,
  STORE_CLOSED: 503,
  CONSUMER_FAILED: 503,
  // Another process may run the newer release already.
  UNKNOWN_EVENT_TYPE: 503,
  CONSUMER_OUTDATED: 503,
  NOT_CAUGHT_UP: 503,
  LEASE_LOST: 503,
  CHECKPOINT_MOVED: 503,
  INDETERMINATE: 504,
};

const TITLES = {
  400: 'That is not valid',
  401: 'Nobody is signed in',
  403: 'That is not allowed',
  404: 'There is no such thing',
  409: 'The key was used for something else',
  413: 'That is too large',
  415: 'That is no JSON',
  422: 'The bank says no',
  500: 'Something is broken',
  503: 'The bank is busy',
  504: 'Nobody knows yet',
} as const;

/** In the words of the API: what the error says is for those who wrote the code, and may name what is none of a customer's business. */
const ADVICE: { readonly [Status in keyof typeof TITLES]?: { readonly detail: string } } = {
  409: { detail: 'This Idempotency-Key was sent before, with another request. Take a new one for something new.' },
  503: { detail: 'Nothing was done. Try again in a moment.' },
  504: { detail: 'It may have been done. Send the same request under the same Idempotency-Key: it is done once.' },
};

const BUG: Problem = {
  type: 'about:blank',
  title: TITLES[500],
  status: 500,
  detail: 'It is not your fault, and somebody will look at it.',
  code: 'internal',
};

function said(error: EventCoreError, status: keyof typeof TITLES): Problem {
  return { type: 'about:blank', title: TITLES[status], status, detail: error.message, code: error.code };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
