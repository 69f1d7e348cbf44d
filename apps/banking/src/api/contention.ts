import { Hono } from 'hono';
import { contend } from '../contention.js';
import type { Environment } from './environment.js';
import { ContentionProgress, ContentionRequest } from './messages.js';
import { tellProgress } from './progress.js';
import { answers, takes } from './requests.js';

export const contentionRoutes = new Hono<Environment>().post(
  '/',
  answers('Let a crowd transfer money between the same few accounts', ContentionProgress, 'text/event-stream'),
  takes('json', ContentionRequest),
  (context) => {
    const { bank, user } = context.var;
    const wanted = context.req.valid('json');
    return tellProgress(context, (signal) => contend(bank, user.id, wanted, signal));
  },
);
