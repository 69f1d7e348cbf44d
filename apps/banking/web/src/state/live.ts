import type { AccountView, LiveAccounts } from '../../../src/api/messages.js';
import { computed, signal } from '@preact/signals';
import { get } from '../api/request.js';

/** Accounts as they are now: told by the bank, so that the page asks for nothing. Null until the first ones are there. */
export const accounts = signal<readonly AccountView[] | null>(null);
export const connection = signal<'connecting' | 'live' | 'reconnecting'>('connecting');
/** How far the whole store has come: tellers are told. */
export const storePosition = signal('');
/** Grows whenever accounts have changed: what rests on movements is read anew. */
export const changes = signal(0);

export const openAccounts = computed(() => accounts.value?.filter(({ status }) => status !== 'closed') ?? null);

let source: EventSource | null = null;

/** EventSource reconnects by itself; what was missed meanwhile, or before the first connection stood, is read. */
export function connect(): void {
  close();
  if (connection.value !== 'reconnecting') connection.value = 'connecting';
  const opened = new EventSource('/api/live');
  source = opened;
  void readAll(opened);
  opened.addEventListener('open', () => void readAll(opened));
  opened.addEventListener('error', () => {
    connection.value = 'reconnecting';
    // A server that said no (and didn't just go away) is never asked again by the browser itself.
    if (opened.readyState === EventSource.CLOSED) retry = setTimeout(() => opened === source && connect(), PAUSE);
  });
  opened.addEventListener('accounts', (event) => {
    const news = (JSON.parse(event.data) as LiveAccounts).accounts;
    turn += 1;
    for (const { account } of news) told.set(account, turn);
    take(news);
  });
  opened.addEventListener('advanced', (event) => {
    storePosition.value = (JSON.parse(event.data) as { position: string }).position;
  });
}

/** Forgets what belongs to whoever was there. */
export function disconnect(): void {
  close();
  connection.value = 'connecting';
  accounts.value = null;
  storePosition.value = '';
}

function close(): void {
  clearTimeout(retry);
  source?.close();
  source = null;
}

const PAUSE = 3000;
let retry: ReturnType<typeof setTimeout> | undefined;
/** When the bank told of each account, in turns: what was read before that is older than what it told. */
const told = new Map<string, number>();
let turn = 0;

async function readAll(opened: EventSource): Promise<void> {
  const began = turn;
  try {
    const read = await get<AccountView[]>('/api/accounts');
    // Somebody else may be here by now.
    if (opened !== source) return;
    take(read.filter(({ account }) => (told.get(account) ?? 0) <= began));
    if (opened.readyState === EventSource.OPEN) connection.value = 'live';
  } catch {
    if (opened !== source) return;
    // What was to be seen is that the bank can't be reached, or is in trouble; it is asked again.
    connection.value = 'reconnecting';
    retry = setTimeout(() => void readAll(opened), PAUSE);
  }
}

function take(changed: readonly AccountView[]): void {
  const known = new Map((accounts.value ?? []).map((account) => [account.account, account]));
  const news = changed.filter((account) => JSON.stringify(known.get(account.account)) !== JSON.stringify(account));
  if (news.length === 0 && accounts.value) return;
  for (const account of news) known.set(account.account, account);
  accounts.value = [...known.values()].sort(
    (a, b) => a.ownerName.localeCompare(b.ownerName) || a.openedAt.localeCompare(b.openedAt),
  );
  changes.value += 1;
}
