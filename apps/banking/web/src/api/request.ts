import type { Problem } from '../../../src/api/messages.js';
import { signal } from '@preact/signals';
import { ApiError, isUndecided, Unreachable } from './api-error.js';

/** Up to where this page has written. Whatever is read next waits until the read models have come as far. */
export const writtenUpTo = signal('');

/** Called when the bank no longer knows who this is. */
export const onSignedOut: { call: () => void } = { call: () => {} };

/** What is built from events, and may be behind what this page has written. The explorer reads the events themselves. */
const READ_MODELS = /^\/api\/(accounts|payees|policy)/;

/** Reads. Answers are as the API's description says; the page trusts its own bank. */
export function get<T>(path: string, stop?: AbortSignal): Promise<T> {
  const after = writtenUpTo.peek();
  const address =
    after === '' || !READ_MODELS.test(path)
      ? path
      : `${path}${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(after)}`;
  return attempt(() => request<T>(address, stop ? { signal: stop } : {}));
}

/** Asks for something to be done. It is done once however often it is sent, as long as the key is the same. */
export function send<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body: unknown, key: string): Promise<T> {
  return attempt(() => request<T>(path, post(method, body, key)));
}

export function post(method: string, body: unknown, key: string): RequestInit {
  return {
    method,
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body ?? {}),
  };
}

export async function request<T>(path: string, init: RequestInit): Promise<T> {
  const response = await respond(path, init);
  // A DELETE says nothing.
  return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
}

export async function respond(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: 'same-origin', ...init });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Unreachable(error);
  }
  if (response.ok) return response;
  if (response.status === 401 && path !== '/api/session') onSignedOut.call();
  throw new ApiError(await problemOf(response));
}

const PAUSES = [250, 800, 2000];

async function attempt<T>(ask: () => Promise<T>): Promise<T> {
  for (const pause of PAUSES) {
    try {
      return await ask();
    } catch (error) {
      if (!isUndecided(error)) throw error;
      await new Promise((wake) => setTimeout(wake, pause * (0.5 + Math.random())));
    }
  }
  return ask();
}

async function problemOf(response: Response): Promise<Problem> {
  const said = response.headers.get('content-type')?.includes('json')
    ? ((await response.json()) as Partial<Problem>)
    : {};
  return {
    type: 'about:blank',
    title: response.statusText || `Status ${response.status}`,
    status: response.status,
    detail: '',
    code: 'unknown',
    ...said,
  };
}
