/** Server-sent events: what the user may see, as it changes. */
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { News } from '../live.js';
import { maySee } from '../read-models/account-views.js';
import type { Environment } from './environment.js';
import { LiveAccounts } from './messages.js';
import { answers } from './requests.js';

/** How often it is said that somebody is there, and looked whether the listener's session has ended; in milliseconds. */
const PING = 15_000;

/** How much news waits for a slow reader. */
const BACKLOG = 100;

export const liveRoutes = new Hono<Environment>().get(
  '/',
  answers('Accounts as they change; tellers also hear that the store has grown', LiveAccounts, 'text/event-stream'),
  (context) => {
    const { bank, user, sessionEnds } = context.var;
    // Nobody would read what is told, and nothing would say that nobody does.
    if (context.req.method === 'HEAD') return context.body(null, 200, { 'Content-Type': 'text/event-stream' });
    return streamSSE(context, async (stream) => {
      const over = new AbortController();
      const end = (): void => over.abort();
      stream.onAbort(end);
      let unsent = 0;
      const send = (event: string, data: object): void => {
        // Whoever doesn't read what he is told is told nothing more. A browser comes again, and asks for all of it.
        if (++unsent > BACKLOG) return end();
        void stream.writeSSE({ event, data: JSON.stringify(data) }).finally(() => (unsent -= 1));
      };
      const stop = bank.live.listen(({ accounts, position }: News) => {
        const visible = accounts.filter((account) => maySee(user, account));
        if (visible.length > 0) send('accounts', { accounts: visible, position });
        if (user.role === 'teller') send('advanced', { position });
      });
      const ping = setInterval(() => (Date.now() < sessionEnds ? send('ping', {}) : end()), PING);
      send('ping', {});
      await endOf(AbortSignal.any([over.signal, bank.live.ending]));
      clearInterval(ping);
      stop();
    });
  },
);

function endOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
