/** For those who run the bank: whether it lives, whether it can work, and how it is doing. */
import { Hono } from 'hono';
import type { Environment } from './environment.js';

export const operationRoutes = new Hono<Environment>()
  .get('/healthz', (context) => context.text('alive\n'))
  .get('/readyz', async (context) => {
    await context.var.bank.store.capabilities.head();
    return context.text('ready\n');
  })
  .get('/metrics', async (context) => {
    const { bank } = context.var;
    return context.text(bank.metrics.render(await bank.runner.status()), 200, {
      'Content-Type': 'text/plain; version=0.0.4',
    });
  });
