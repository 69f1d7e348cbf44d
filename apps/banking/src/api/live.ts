/** Server-sent events: what the user may see, as it changes. */
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { News } from '../live.js';
import { maySee } from '../read-models/account-views.js';
import type { Environment } from './environment.js';
import { LiveAccounts } from './messages.js';
import { answers } from './requests.js';

const PING = 15_000;

export const liveRoutes = new Hono<Environment>().get(
  '/',
  answers('Accounts as they change; tellers also hear that the store has grown', LiveAccounts, 'text/event-stream'),
  (context) => {
    const { bank, user } = context.var;
    return streamSSE(context, async (stream) => {
      const ended = new Promise<void>((end) => {
        stream.onAbort(end);
        bank.live.ending.addEventListener('abort', () => end(), { once: true });
      });
      const send = (event: string, data: object): void => void stream.writeSSE({ event, data: JSON.stringify(data) });
      const stop = bank.live.listen(({ accounts, position }: News) => {
        const visible = accounts.filter((account) => maySee(user, account));
        if (visible.length > 0) send('accounts', { accounts: visible, position });
        if (user.role === 'teller') send('advanced', { position });
      });
      const ping = setInterval(() => send('ping', {}), PING);
      send('ping', {});
      await ended;
      clearInterval(ping);
      stop();
    });
  },
);
