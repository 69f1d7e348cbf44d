import type { Session } from '../../../src/api/messages.js';
import { computed, signal } from '@preact/signals';
import { get, onSignedOut, request, writtenUpTo } from '../api/request.js';
import { moved, navigate } from '../routing/location.js';
import { connect, disconnect } from './live.js';

/** Who is there; null until the bank has said. */
export const session = signal<Session | null>(null);
export const user = computed(() => session.value?.user ?? null);
export const isTeller = computed(() => user.value?.role === 'teller');

export async function loadSession(): Promise<void> {
  session.value = await get<Session>('/api/session');
  if (user.value) connect();
}

export async function signIn(id: string): Promise<void> {
  session.value = await request<Session>('/api/session', json('POST', { user: id }));
  // Where they wanted to be; the new heading gets the focus.
  moved.value = true;
  connect();
}

export async function signOut(): Promise<void> {
  await request('/api/session', json('DELETE', {}));
  forget();
}

onSignedOut.call = forget;

function forget(): void {
  disconnect();
  writtenUpTo.value = '';
  if (session.value) session.value = { ...session.value, user: null };
  navigate('/', { replace: true });
}

const json = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
