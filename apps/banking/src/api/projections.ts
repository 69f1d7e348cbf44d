/** How the consumers are doing, and building a read model anew. For tellers. */
import { consumerOf, rebuild, type ConsumerStatus } from '@eventcore/core/consumers';
import { Hono } from 'hono';
import * as v from 'valibot';
import { readModels } from '../bank.js';
import type { Environment } from './environment.js';
import { ProjectionView, RebuildProgress } from './messages.js';
import { Refusal } from './problems.js';
import { tellProgress } from './progress.js';
import { answers, takes } from './requests.js';

export const projectionRoutes = new Hono<Environment>()
  .get('/', answers('How far each has come', v.array(ProjectionView)), async (context) =>
    context.json((await context.var.bank.runner.status()).map(viewOf)),
  )
  .post(
    '/:name/rebuild',
    answers('Build the rows of a read model anew', RebuildProgress, 'text/event-stream'),
    takes('param', v.object({ name: v.string() })),
    (context) => {
      const { name } = context.req.valid('param');
      const readModel = readModels.find((one) => consumerOf(one).name === name);
      if (readModel === undefined) throw new Refusal(404, 'not-found', `The bank has no read model "${name}".`);
      const { store } = context.var.bank;
      return tellProgress(context, async function* (signal) {
        for await (const { done, total = done, rate, remaining, finished } of rebuild(store, readModel, { signal })) {
          yield { done, total, rate, left: remaining ?? null, finished } satisfies RebuildProgress;
        }
      });
    },
  );

function viewOf({ consumer, kind, state, position, lag, failure }: ConsumerStatus): ProjectionView {
  return {
    name: consumer,
    kind,
    state,
    position,
    lag: { events: lag.events ?? 0, seconds: lag.seconds },
    failure: failure === undefined ? null : failure.message,
  };
}
