/** The event explorer: streams, events, states step by step, and what led to what. For tellers. */
import {
  keyOf,
  parseStreamId,
  readStream,
  typeNameOf,
  type Position,
  type RecordedEvent,
  type StreamId,
} from '@eventcore/core';
import { Hono } from 'hono';
import * as v from 'valibot';
import { causationTree } from '../read-models/causation.js';
import { replayed, streamTypes, type StreamTypeName } from '../read-models/replay.js';
import type { Environment } from './environment.js';
import { CausationTree, EventList, StreamList, StreamStates, type ExploredEvent } from './messages.js';
import { Refusal } from './problems.js';
import { After, answers, takes } from './requests.js';

const PAGE = 100;

const Text = v.pipe(v.string(), v.maxLength(400));
const StreamPath = v.object({ stream: Text });
const ListQuery = v.object({ prefix: v.optional(Text, ''), after: v.optional(Text) });
/** A version: how many of the stream's events come before. */
const PageQuery = v.object({ after: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}$/)), '0') });
const FeedQuery = v.object({
  ...After.entries,
  last: v.optional(v.pipe(v.string(), v.regex(/^[1-9]\d{0,2}$/), v.transform(Number))),
});
const CorrelationPath = v.object({ correlation: Text });

export const explorerRoutes = new Hono<Environment>()
  .get(
    '/streams',
    answers('Streams in the order of their ids, page by page', StreamList),
    takes('query', ListQuery),
    async (context) => {
      const { prefix, after } = context.req.valid('query');
      const { listing } = context.var.bank.store.capabilities;
      const query = { prefix, limit: PAGE + 1, ...(after && { after: streamOf(after) }) };
      const found = await listing.list(query);
      const streams = found.slice(0, PAGE).map(({ stream, version }) => ({ stream, version }));
      return context.json({ streams, next: found.length > PAGE ? streams.at(-1)!.stream : null });
    },
  )
  .get(
    '/streams/:stream/events',
    answers('Events of a stream, page by page', EventList),
    takes('param', StreamPath),
    takes('query', PageQuery),
    async (context) => {
      const { type, key } = knownStream(context.req.valid('param').stream);
      const after = Number(context.req.valid('query').after);
      const events: ExploredEvent[] = [];
      let next: string | null = null;
      // To the compiler, the reference of one of four types isn't a reference of any.
      const reference = streamTypes[type].at(key) as ReturnType<typeof streamTypes.account.at>;
      for await (const event of readStream(context.var.bank.store, reference, { after })) {
        if (events.length === PAGE) {
          next = String(after + PAGE);
          break;
        }
        events.push(explored(event));
      }
      return context.json({ events, next });
    },
  )
  .get(
    '/streams/:stream/states',
    answers('The state of a stream after each of its events', StreamStates),
    takes('param', StreamPath),
    async (context) => {
      const { stream } = context.req.valid('param');
      const { type, key } = knownStream(stream);
      const { initial, steps } = await replayed(context.var.bank.store, type, key);
      return context.json({
        stream,
        initial,
        steps: steps.map(({ event, state }) => ({ event: explored(event), state })),
      });
    },
  )
  .get('/events', answers('The whole store, in its order', EventList), takes('query', FeedQuery), async (context) => {
    const { store, live } = context.var.bank;
    const { last } = context.req.valid('query');
    if (last !== undefined) {
      const newest = live.newest.slice(-last);
      return context.json({
        events: newest.map(explored),
        next: newest.at(-1)?.position ?? (await store.capabilities.head()),
      });
    }
    const after = context.req.valid('query').after as Position;
    const { events, upTo } = await store.readAll({ after, limit: PAGE });
    const more = events.length > 0 && upTo < (await store.capabilities.head());
    return context.json({ events: events.map(explored), next: more ? upTo : null });
  })
  .get(
    '/correlations/:correlation',
    answers('What followed from what', CausationTree),
    takes('param', CorrelationPath),
    async (context) => {
      const { correlation } = context.req.valid('param');
      const events = await context.var.bank.store.capabilities.lookup.byCorrelation(correlation);
      if (events.length === 0) throw new Refusal(404, 'not-found', `Nothing belongs to "${correlation}".`);
      return context.json({ correlationId: correlation, commands: causationTree(events, explored) } as CausationTree);
    },
  );

function explored(event: RecordedEvent<string, unknown, unknown>): ExploredEvent {
  const { id, stream, version, position, type, schemaVersion, data, recordedAt, ...ids } = event;
  const { commandId, correlationId, causationId, metadata } = ids;
  return {
    id,
    stream,
    version,
    position,
    type,
    schemaVersion,
    data,
    time: recordedAt,
    commandId,
    correlationId,
    causationId,
    metadata,
  };
}

function streamOf(text: string): StreamId {
  return parseStreamId(text);
}

function knownStream(text: string): { readonly type: StreamTypeName; readonly key: string } {
  const id = parseStreamId(text);
  const type = typeNameOf(id);
  if (!Object.hasOwn(streamTypes, type))
    throw new Refusal(404, 'not-found', `The bank has no streams of type "${type}".`);
  return { type: type as StreamTypeName, key: keyOf(id) };
}
