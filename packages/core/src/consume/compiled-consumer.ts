/**
 * What a consumer declares, compiled to one frozen value: which events go to which handler. Both dialects of decorators and
 * the door without decorators only record facts for it; whatever runs a consumer reads what is compiled here.
 */
import { inspect } from 'node:util';
import { DefinitionError } from '../errors/input-errors.js';
import { typeNameOf } from '../event/stream-id.js';
import type { RecordedEvent } from '../event/recorded-event.js';
import type { EventFilter } from '../store/event-store.js';
import { freezeInDevelopment } from '../stream/deep-readonly.js';
import { CompiledStreamType, type StreamTypeInternals } from '../stream/define-stream.js';
import { knownEvent, type OnUnknownEvent } from '../stream/fold.js';
import { currentEvent } from '../read/current-event.js';

/** What consumes events: `projection` handles them, `readModel` folds them into rows, `reaction` answers with commands. */
export type ConsumerKind = 'projection' | 'readModel' | 'reaction';

export const kindWords: Readonly<Record<ConsumerKind, string>> = {
  projection: 'projection',
  readModel: 'read model',
  reaction: 'reaction',
};

/** What was said about one event. */
export interface HandlerFact<Handler> {
  readonly type: StreamTypeInternals;
  readonly event: string;
  readonly handler: Handler;
}

interface Source<Handler> {
  readonly type: StreamTypeInternals;
  readonly handlers: Map<string, Handler>;
}

/** What an event meets: its handler, and itself as the handler's types promise it. */
export interface Handling<Handler> {
  readonly handler: Handler;
  readonly event: RecordedEvent;
}

export class CompiledConsumer<Handler> {
  readonly kind: ConsumerKind;
  readonly name: string;
  /**
   * All events of the stream types that it handles, also those without a handler: one that the stream type doesn't know any
   * more would otherwise be left out by the store, and nobody would be told.
   */
  readonly filter: EventFilter;
  readonly #sources = new Map<string, Source<Handler>>();

  constructor(kind: ConsumerKind, name: string, facts: readonly HandlerFact<Handler>[]) {
    this.kind = kind;
    this.name = name;
    for (const fact of facts) this.#add(fact);
    this.filter = Object.freeze({
      streamPrefixes: Object.freeze([...this.#sources.keys()].map((streamType) => `${streamType}-`)),
    });
    Object.freeze(this);
  }

  /** The handler of an event; undefined for one that has none. @throws `UnknownEventType` as folds do. */
  handlingOf(event: RecordedEvent, onUnknownEvent: OnUnknownEvent): Handling<Handler> | undefined {
    const source = this.#sources.get(typeNameOf(event.stream));
    if (source === undefined) return undefined;
    const spec = knownEvent(source.type, event.stream, event, onUnknownEvent);
    const handler = spec && source.handlers.get(spec.name);
    // One event may go to several consumers, and none should see what another did to it.
    return handler && { handler, event: freezeInDevelopment(currentEvent(spec, event)) };
  }

  /** By stream type: the events that have a handler. */
  *handled(): Generator<{ readonly streamType: string; readonly events: readonly string[] }> {
    for (const [streamType, { handlers }] of this.#sources) yield { streamType, events: [...handlers.keys()] };
  }

  #add({ type, event, handler }: HandlerFact<Handler>): void {
    let source = this.#sources.get(type.name);
    if (source === undefined) this.#sources.set(type.name, (source = { type, handlers: new Map() }));
    if (source.type !== type) {
      throw new DefinitionError(
        `"${this.name}" uses two stream types that are both named "${type.name}". One stream type, one defineStream.`,
      );
    }
    if (source.handlers.has(event)) {
      throw new DefinitionError(
        `"${this.name}" has two handlers for ${event} of stream type "${type.name}". Keep one; it may call several functions.`,
      );
    }
    source.handlers.set(event, handler);
  }
}

/** A stream type as a handler names it. @throws {@link DefinitionError} for anything that `defineStream` didn't make. */
export function handledType(type: unknown, where: string): StreamTypeInternals {
  return CompiledStreamType.internals(type, where);
}

/** @throws {@link DefinitionError} for an event that the stream type doesn't have. */
export function handledEvent(type: StreamTypeInternals, event: unknown, where: string): string {
  if (typeof event === 'string' && type.events.has(event)) return event;
  throw new DefinitionError(
    `${where} names ${typeof event === 'string' ? event : inspect(event, { depth: 0 })}, which is not an event of stream type "${type.name}": ${[...type.events.keys()].join(', ')}.`,
  );
}

const MAX_NAME = 64;
const namePattern = new RegExp(`^[a-z][a-zA-Z0-9_-]{0,${MAX_NAME - 1}}$`);

/** Checkpoints, leases and derived command ids are kept under the name. @throws {@link DefinitionError} */
export function consumerName(name: unknown, where: string): string {
  if (typeof name === 'string' && namePattern.test(name)) return name;
  const given =
    typeof name === 'string'
      ? `${where} can't be named ${JSON.stringify(name)}`
      : `${where} needs a name, not ${inspect(name, { depth: 0 })}`;
  throw new DefinitionError(
    `${given}: names match [a-z][a-zA-Z0-9_-]*, such as "balances", and have ${MAX_NAME} characters at most. Its checkpoint is kept under the name, so it stays the same when the code is renamed.`,
  );
}
