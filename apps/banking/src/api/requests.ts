/** What routes take and answer: checked, and described for the OpenAPI document, by one schema each. */
import { describeRoute, resolver, validator } from 'hono-openapi';
import * as v from 'valibot';
import { AccountNumber, Done, Problem } from './messages.js';
import { Refusal } from './problems.js';

export const AccountPath = v.object({ account: AccountNumber });

/** Read-your-writes: what is read is at least as new as this position, which commands answer. */
export const After = v.object({
  // What a position looks like is the store's business, and core has no check for one that comes as text. Both stores of the
  // bank number commands, and the events of each.
  after: v.optional(v.pipe(v.string(), v.regex(/^(\d{16,20}\.\d{4,6})?$/, 'is no position')), ''),
});

/** Names what a client wants to be done: sent again under it, it is not done again. */
const IdempotencyKey = v.object({ 'idempotency-key': v.pipe(v.string(), v.minLength(8), v.maxLength(200)) });

/** Checks a part of the request. */
export function takes<Target extends 'json' | 'query' | 'param' | 'header', Schema extends AnySchema>(
  target: Target,
  schema: Schema,
) {
  return validator(target, schema, (result) => {
    if (result.success) return;
    const issues = result.error.map(({ message, path = [] }) => ({ path: path.map(nameOf).join('.'), message }));
    const detail = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
    throw new Refusal(400, 'invalid', detail, issues);
  });
}

export const takesKey = takes('header', IdempotencyKey);

/** Describes what a route is for, and what it answers. */
export function answers(summary: string, schema: AnySchema, contentType = 'application/json') {
  return describeRoute({
    summary,
    responses: {
      200: { description: 'Well', content: { [contentType]: { schema: resolver(schema) } } },
      default: { description: 'Not well', content: { 'application/problem+json': { schema: resolver(Problem) } } },
    },
  });
}

export const answersDone = (summary: string) => answers(summary, Done);

type AnySchema = v.GenericSchema;

function nameOf(segment: PropertyKey | { readonly key: PropertyKey }): string {
  return String(typeof segment === 'object' ? segment.key : segment);
}
