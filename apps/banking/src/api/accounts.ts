/** Accounts: which there are, opening and closing them, and cash. */
import { commandIdFrom } from '@eventcore/core';
import { Hono } from 'hono';
import * as v from 'valibot';
import { CloseAccount } from '../domain/close-account.js';
import { Deposit } from '../domain/deposit.js';
import { OpenAccount } from '../domain/open-account.js';
import { Withdraw } from '../domain/withdraw.js';
import { personOf } from '../people.js';
import { accountsOf } from '../read-models/account-views.js';
import { accountNumber, ensureMayUse, perform } from './commands.js';
import type { Environment } from './environment.js';
import { AccountView, CashRequest, OpenAccountRequest } from './messages.js';
import { Refusal } from './problems.js';
import { AccountPath, After, answers, answersDone, takes, takesKey } from './requests.js';
import { teller } from './sessions.js';

export const accountRoutes = new Hono<Environment>()
  .get(
    '/',
    answers("A customer's own accounts, and all of them for a teller", v.array(AccountView)),
    takes('query', After),
    async (context) => {
      const { bank, user } = context.var;
      await bank.caughtUp(context.req.valid('query').after);
      return context.json(await accountsOf(bank.store, user));
    },
  )
  .post(
    '/',
    answersDone('Open an account for oneself; a teller says for whom'),
    takesKey,
    takes('json', OpenAccountRequest),
    async (context) => {
      const { bank, user } = context.var;
      const { name, currency, owner = user.id } = context.req.valid('json');
      if (owner !== user.id && user.role !== 'teller') {
        throw new Refusal(403, 'tellers-only', 'Only tellers open accounts for others.');
      }
      if (personOf(owner)?.role !== 'customer') {
        throw new Refusal(400, 'invalid', `There is no customer "${owner}".`, [
          { path: 'owner', message: 'no customer' },
        ]);
      }
      const key = context.req.valid('header')['idempotency-key'];
      const account = accountNumber(commandIdFrom(user.id, key));
      const done = await perform(bank, user, key, new OpenAccount({ account, owner, name, currency }));
      return context.json({ ...done, account });
    },
  )
  .post(
    '/:account/close',
    answersDone('Close an account that holds nothing'),
    takesKey,
    takes('param', AccountPath),
    async (context) => {
      const { bank, user } = context.var;
      const { account } = context.req.valid('param');
      await ensureMayUse(bank, user, account);
      const key = context.req.valid('header')['idempotency-key'];
      return context.json(await perform(bank, user, key, CloseAccount.of(account)));
    },
  )
  .post(
    '/:account/deposits',
    teller,
    answersDone('Pay cash in, at a counter'),
    takesKey,
    takes('param', AccountPath),
    takes('json', CashRequest),
    async (context) => {
      const { bank, user } = context.var;
      const { account } = context.req.valid('param');
      const { amount } = context.req.valid('json');
      await ensureMayUse(bank, user, account);
      const key = context.req.valid('header')['idempotency-key'];
      return context.json(await perform(bank, user, key, new Deposit({ account, amount })));
    },
  )
  .post(
    '/:account/withdrawals',
    answersDone('Pay cash out'),
    takesKey,
    takes('param', AccountPath),
    takes('json', CashRequest),
    async (context) => {
      const { bank, user } = context.var;
      const { account } = context.req.valid('param');
      const { amount } = context.req.valid('json');
      await ensureMayUse(bank, user, account);
      const key = context.req.valid('header')['idempotency-key'];
      return context.json(await perform(bank, user, key, Withdraw.from(account, amount)));
    },
  );
