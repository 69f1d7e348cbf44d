/** What tellers decide: freezing, and how far accounts may be overdrawn. */
import { rowsOf } from '@eventcore/core/consumers';
import { Hono } from 'hono';
import { FreezeAccount } from '../domain/freeze-account.js';
import { SetOverdraftLimit } from '../domain/set-overdraft-limit.js';
import { UnfreezeAccount } from '../domain/unfreeze-account.js';
import { OverdraftLimits } from '../read-models/overdraft-limits.js';
import { ensureMayUse, perform } from './commands.js';
import type { Environment } from './environment.js';
import { Currency, FreezeRequest, OverdraftPolicy, OverdraftRequest } from './messages.js';
import { AccountPath, After, answers, answersDone, takes, takesKey } from './requests.js';
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
  .get(
    '/policy/overdraft',
    teller,
    answers('How far below nothing accounts of each currency may go', OverdraftPolicy),
    takes('query', After),
    async (context) => {
      const { bank } = context.var;
      await bank.caughtUp(context.req.valid('query').after);
      const rows = await rowsOf(bank.store, OverdraftLimits).rows(Currency.options);
      const limits = Currency.options.map((currency) => ({ currency, limit: rows.get(currency)?.limit ?? 0 }));
      return context.json({ limits });
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
