/** The whole API, and the page beside it. It opens no port: whoever wants to serve it, or to test it, hands it requests. */
import { Hono } from 'hono';
import { openAPIRouteHandler } from 'hono-openapi';
import type { Bank } from '../bank.js';
import { accountRoutes } from './accounts.js';
import { contentionRoutes } from './contention.js';
import type { Environment } from './environment.js';
import { explorerRoutes } from './explorer.js';
import { liveRoutes } from './live.js';
import { onceOpen, operationRoutes } from './operations.js';
import { oversightRoutes } from './oversight.js';
import { paymentRoutes } from './payments.js';
import { nothingAt, respondTo } from './problems.js';
import { projectionRoutes } from './projections.js';
import { browserRules, limitedBody, neverCached, sameOriginOnly } from './security.js';
import { sessionRoutes, signedIn, teller, type SessionOptions } from './sessions.js';
import { statementRoutes } from './statements.js';
import { inlineHashes, pageRoutes } from '../web/page.js';

export interface AppOptions extends SessionOptions {
  /** Whether the bank has what it begins with; it has, unless this is given. Until then nothing is changed. */
  readonly isReady?: () => boolean;
}

export async function createApp(bank: Bank, options: AppOptions): Promise<Hono<Environment>> {
  const { isReady = () => true } = options;
  const api = new Hono<Environment>()
    .use(neverCached, sameOriginOnly, limitedBody)
    .route('/session', sessionRoutes(options))
    .use(signedIn(options), onceOpen)
    .route('/accounts', accountRoutes)
    .route('/accounts', statementRoutes)
    .route('/', paymentRoutes)
    .route('/', oversightRoutes)
    .route('/live', liveRoutes)
    .use('/explorer/*', teller)
    .route('/explorer', explorerRoutes)
    .use('/projections/*', teller)
    .route('/projections', projectionRoutes)
    .use('/contention/*', teller)
    .route('/contention', contentionRoutes);

  const app = new Hono<Environment>().use(browserRules(await inlineHashes()), async (context, next) => {
    context.set('bank', bank);
    context.set('isReady', isReady);
    await next();
  });
  const description = openAPIRouteHandler(app, {
    documentation: { info: { title: 'Banking', version: '1', description: DESCRIPTION } },
  });
  return app
    .get('/api/openapi.json', description)
    .route('/', operationRoutes)
    .route('/api', api)
    .route('/', pageRoutes)
    .notFound((context) => respondTo(nothingAt(context.req.path), context))
    .onError(respondTo);
}

const DESCRIPTION = `Each command takes a header Idempotency-Key: sent again under it, it is not done again. It answers a position; \`?after=\` that
position, and what is read is at least as new.`;
