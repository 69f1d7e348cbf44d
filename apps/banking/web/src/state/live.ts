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
  disconnect();
  connection.value = 'connecting';
  void readAll();
  source = new EventSource('/api/live');
  source.addEventListener('open', () => {
    connection.value = 'live';
    void readAll();
  });
  source.addEventListener('error', () => {
    connection.value = 'reconnecting';
    // A server that said no (and didn't just go away) is never asked again by the browser itself.
    if (source?.readyState === EventSource.CLOSED) retry = setTimeout(connect, 3000);
  });
  source.addEventListener('accounts', (event) => {
    told += 1;
    take((JSON.parse(event.data) as LiveAccounts).accounts);
  });
  source.addEventListener('advanced', (event) => {
    storePosition.value = (JSON.parse(event.data) as { position: string }).position;
  });
}

export function disconnect(): void {
  clearTimeout(retry);
  source?.close();
  source = null;
  accounts.value = null;
  storePosition.value = '';
}

let retry: ReturnType<typeof setTimeout> | undefined;
/** How often the bank has told of changes: what is read while it does may be older than what it told. */
let told = 0;

async function readAll(): Promise<void> {
  try {
    for (let before = -1; before !== told;) {
      before = told;
      const read = await get<AccountView[]>('/api/accounts');
      if (source && before === told) take(read);
    }
  } catch {
    // The connection's state says that the bank can't be reached; when it is back, this is done again.
    connection.value = 'reconnecting';
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
