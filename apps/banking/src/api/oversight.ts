/** What tellers decide: freezing, and how far accounts may be overdrawn. */
import { Hono } from 'hono';
import { FreezeAccount } from '../domain/freeze-account.js';
import { SetOverdraftLimit } from '../domain/set-overdraft-limit.js';
import { UnfreezeAccount } from '../domain/unfreeze-account.js';
import { ensureMayUse, perform } from './commands.js';
import type { Environment } from './environment.js';
import { FreezeRequest, OverdraftRequest } from './messages.js';
import { AccountPath, answersDone, takes, takesKey } from './requests.js';
import { teller } from './sessions.js';

export const oversightRoutes = new Hono<Environment>()
  .post(
    '/accounts/:account/freeze',
    teller,
    answersDone('Keep money on the account, and off it'),
    takesKey,
    takes('param', AccountPath),
    takes('json', FreezeRequest),
    async (context) => {
      const { bank, user } = context.var;
      const { account } = context.req.valid('param');
      await ensureMayUse(bank, user, account);
      const key = context.req.valid('header')['idempotency-key'];
      const command = FreezeAccount.of(account, context.req.valid('json').reason);
      return context.json(await perform(bank, user, key, command));
    },
  )
  .post(
    '/accounts/:account/unfreeze',
    teller,
    answersDone('Let money move again'),
    takesKey,
    takes('param', AccountPath),
    takes('json', FreezeRequest),
    async (context) => {
      const { bank, user } = context.var;
      const { account } = context.req.valid('param');
      await ensureMayUse(bank, user, account);
      const key = context.req.valid('header')['idempotency-key'];
      const command = new UnfreezeAccount({ compliance: account, reason: context.req.valid('json').reason });
      return context.json(await perform(bank, user, key, command));
    },
  )
  .put(
    '/policy/overdraft',
    teller,
    answersDone('Set how far below nothing accounts of a currency may go'),
    takesKey,
    takes('json', OverdraftRequest),
    async (context) => {
      const { bank, user } = context.var;
      const { currency, limit } = context.req.valid('json');
      const key = context.req.valid('header')['idempotency-key'];
      return context.json(await perform(bank, user, key, new SetOverdraftLimit({ policy: currency, limit })));
    },
  );
