/** For those who run the bank: whether it lives, whether it can work, and how it is doing. */
import { Hono, type MiddlewareHandler } from 'hono';
import type { Environment } from './environment.js';
import { Refusal } from './problems.js';
import { SAFE } from './security.js';

export const operationRoutes = new Hono<Environment>()
  .get('/healthz', (context) => context.text('alive\n'))
  .get('/readyz', async (context) => {
    if (!context.var.isReady()) throw stillOpening();
    await context.var.bank.store.capabilities.head();
    return context.text('ready\n');
  })
  .get('/metrics', async (context) => {
    const { bank } = context.var;
    return context.text(bank.metrics.render(await bank.runner.status()), 200, {
      'Content-Type': 'text/plain; version=0.0.4',
    });
  });

/**
 * Lets nothing be changed before the bank has what it begins with: what customers have done so far would rest on money that they
 * have spent meanwhile. Whoever asks is told to ask again; the page does so by itself, under the same key.
 */
export const onceOpen: MiddlewareHandler<Environment> = async (context, next) => {
  if (!SAFE.has(context.req.method) && !context.var.isReady()) throw stillOpening();
  await next();
};

function stillOpening(): Refusal {
  return new Refusal(
    503,
    'seeding',
    'The bank is being seeded: its customers get their first weeks. Try again in a moment.',
  );
}
