/** Handlers that are called with an event and a context: those of projections and of reactions. */
import { inspect } from 'node:util';
import { DefinitionError } from '../errors/input-errors.js';
import type { RecordedEvent } from '../event/recorded-event.js';
import {
  CompiledConsumer,
  consumerName,
  handledEvent,
  handledType,
  type ConsumerKind,
  type HandlerFact,
} from './compiled-consumer.js';
import { ConsumerDescription } from './consumer-definition.js';
import { finishConsumer } from './open-consumer.js';

/** An event as a handler takes it: what tells handlers from other methods of a class. */
export interface Handled {
  readonly position: RecordedEvent['position'];
  readonly schemaVersion: number;
}

export interface EventHandler {
  /** What messages call it: `Balances.deposited`. */
  readonly name: string;
  /** Calls it on the object that it belongs to, where it belongs to one. */
  readonly call: (self: object | undefined, event: unknown, context: unknown) => unknown;
}

export type EventHandlerFact = HandlerFact<EventHandler>;

/** What `on` gives, without its types: a definition that can be gone on with. Nothing is ever added to one that exists. */
export class DefinedByHandlers extends ConsumerDescription {
  readonly #facts: readonly EventHandlerFact[];

  constructor(kind: ConsumerKind, name: string, facts: readonly EventHandlerFact[]) {
    const compiled = new CompiledConsumer(kind, name, facts);
    super(compiled);
    this.#facts = facts;
    finishConsumer(this, compiled);
    Object.freeze(this);
  }

  on(type: unknown, handlers: unknown): DefinedByHandlers {
    return new DefinedByHandlers(this.kind, this.name, [...this.#facts, ...handlerFacts(this.name, type, handlers)]);
  }
}

/** A definition that has no handler yet, and can't be used for anything but `on`. */
export function startByHandlers(kind: ConsumerKind, name: unknown, where: string): Pick<DefinedByHandlers, 'on'> {
  const checked = consumerName(name, where);
  return Object.freeze({
    on: (type: unknown, handlers: unknown) =>
      new DefinedByHandlers(kind, checked, handlerFacts(checked, type, handlers)),
  });
}

type UntypedHandler = (event: unknown, context: unknown) => unknown;

function handlerFacts(name: string, type: unknown, handlers: unknown): EventHandlerFact[] {
  const where = `"${name}".on`;
  const handled = handledType(type, where);
  return functionsByEvent(handlers, where).map(([event, handler]) => ({
    type: handled,
    event: handledEvent(handled, event, where),
    handler: {
      name: `"${name}" on ${event}`,
      call: (_self, given, context) => (handler as UntypedHandler)(given, context),
    },
  }));
}

/** The functions of an object by event, one at least. What is undefined counts as left out. @throws {@link DefinitionError} */
export function functionsByEvent(functions: unknown, where: string): [string, (...parameters: never[]) => unknown][] {
  if (typeof functions !== 'object' || functions === null) {
    throw new DefinitionError(`${where} needs functions by event, not ${inspect(functions, { depth: 0 })}.`);
  }
  const given = Object.entries(functions as Record<string, unknown>).filter(([, found]) => found !== undefined);
  for (const [event, found] of given) {
    if (typeof found === 'function') continue;
    throw new DefinitionError(`${where} needs a function for ${event}, not ${inspect(found, { depth: 0 })}.`);
  }
  if (given.length === 0) throw new DefinitionError(`${where} names no event. Give it a function for one at least.`);
  return given as [string, (...parameters: never[]) => unknown][];
}
