/** Moving money: transfers, payments to many, standing orders. */
import { load } from '@eventcore/core';
import { rowsOf } from '@eventcore/core/consumers';
import { Hono } from 'hono';
import * as v from 'valibot';
import { Account } from '../domain/account.js';
import { CarryOutStandingOrders } from '../domain/carry-out-standing-orders.js';
import { PayMany } from '../domain/pay-many.js';
import { SetStandingOrders } from '../domain/set-standing-orders.js';
import { TransferMoney } from '../domain/transfer-money.js';
import { employers, nameOf } from '../people.js';
import { Accounts } from '../read-models/accounts.js';
import { ensureMayBePaid, ensureMayUse, perform } from './commands.js';
import type { Environment } from './environment.js';
import { Payee, PaymentsRequest, StandingOrders, StandingOrdersRequest, TransferRequest } from './messages.js';
import { AccountPath, After, answers, answersDone, takes, takesKey } from './requests.js';
import { Refusal } from './problems.js';

export const paymentRoutes = new Hono<Environment>()
  .get('/payees', answers('Whom money may be sent to', v.array(Payee)), takes('query', After), async (context) => {
    const { bank } = context.var;
    await bank.caughtUp(context.req.valid('query').after);
    const payees: Payee[] = [];
    for await (const { key: account, row } of rowsOf(bank.store, Accounts).all()) {
      const { name, owner, currency, closed } = row;
      if (!closed) payees.push({ account, name, ownerName: nameOf(owner), currency });
    }
    return context.json(payees);
  })
  .post(
    '/transfers',
    answersDone('Move money from one account to another'),
    takesKey,
    takes('json', TransferRequest),
    async (context) => {
      const { bank, user } = context.var;
      const { from, to, amount, memo } = context.req.valid('json');
      await ensureMayUse(bank, user, from);
      ensureMayBePaid(to);
      const key = context.req.valid('header')['idempotency-key'];
      return context.json(await perform(bank, user, key, TransferMoney.between(from, to, amount, memo)));
    },
  )
  .post(
    '/payments',
    answersDone('Pay many accounts from one: all of them, or none'),
    takesKey,
    takes('json', PaymentsRequest),
    async (context) => {
      const { bank, user } = context.var;
      const { from, payments, memo } = context.req.valid('json');
      const [first, ...others] = payments.map(({ amount }) => amount.currency);
      if (others.some((currency) => currency !== first)) {
        throw new Refusal(400, 'invalid', 'Payments that are made together have one currency.');
      }
      await ensureMayUse(bank, user, from);
      for (const { to } of payments) ensureMayBePaid(to);
      const { owner } = await load(bank.store, Account.at(from));
      const purpose = employers.has(owner) ? 'wages' : 'transfer';
      const amounts = payments.map(({ to, amount }) => ({ to, cents: amount.cents }));
      const key = context.req.valid('header')['idempotency-key'];
      const command = PayMany.from(from, amounts, { currency: first!, purpose, memo });
      return context.json(await perform(bank, user, key, command));
    },
  )
  .get(
    '/accounts/:account/standing-orders',
    answers('Whom the account pays whenever its standing orders are carried out', StandingOrders),
    takes('param', AccountPath),
    async (context) => {
      const { bank, user } = context.var;
      const { account } = context.req.valid('param');
      await ensureMayUse(bank, user, account);
      const { orders } = await load(bank.store, Account.at(account));
      return context.json({ orders });
    },
  )
  .put(
    '/accounts/:account/standing-orders',
    answersDone('Say whom the account pays whenever its standing orders are carried out'),
    takesKey,
    takes('param', AccountPath),
    takes('json', StandingOrdersRequest),
    async (context) => {
      const { bank, user } = context.var;
      const { account } = context.req.valid('param');
      const { orders } = context.req.valid('json');
      await ensureMayUse(bank, user, account);
      for (const { to } of orders) ensureMayBePaid(to);
      const key = context.req.valid('header')['idempotency-key'];
      return context.json(await perform(bank, user, key, new SetStandingOrders({ account, orders })));
    },
  )
  .post(
    '/accounts/:account/standing-orders/payments',
    answersDone('Carry the standing orders out: all of them, or none'),
    takesKey,
    takes('param', AccountPath),
    async (context) => {
      const { bank, user } = context.var;
      const { account } = context.req.valid('param');
      await ensureMayUse(bank, user, account);
      const { currency = 'EUR' } = await load(bank.store, Account.at(account));
      const key = context.req.valid('header')['idempotency-key'];
      return context.json(await perform(bank, user, key, CarryOutStandingOrders.of(account, currency)));
    },
  );
