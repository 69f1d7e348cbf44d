/** From what users hand over (a class, an object of it, or a definition made without decorators) to what can run. */
import { DefinitionError } from '../errors/input-errors.js';
import { kindWords, type CompiledConsumer, type ConsumerKind } from './compiled-consumer.js';

/** A consumer that can run: its definition, and the object that its handlers belong to, where they belong to one. */
export interface OpenConsumer<Handler> {
  readonly compiled: CompiledConsumer<Handler>;
  readonly self: object | undefined;
}

/**
 * A class is made an object of, each time: what it remembers belongs to one run.
 *
 * @throws {@link DefinitionError} for what is no consumer of this kind.
 */
export function openConsumer<Handler>(consumer: object, kind: ConsumerKind, where: string): OpenConsumer<Handler> {
  const compiled = compiledConsumer(consumer) as CompiledConsumer<Handler>;
  if (compiled.kind !== kind) {
    throw new DefinitionError(
      `${where} needs a ${kindWords[kind]}, and "${compiled.name}" is a ${kindWords[compiled.kind]}: ${doors[compiled.kind]}.`,
    );
  }
  if (typeof consumer === 'function') return { compiled, self: madeOf(consumer as new () => object) };
  return { compiled, self: finished.has(consumer) ? undefined : consumer };
}

/** What takes a consumer of each kind. */
const doors: Readonly<Record<ConsumerKind, string>> = {
  projection: 'project hands events to it',
  readModel: 'foldRows folds events into its rows',
  reaction: 'reactionsTo asks for its commands',
};

/** The definition of a finished class, of an object of that very class, or of a door without decorators. @throws {@link DefinitionError} */
export function compiledConsumer(consumer: unknown): CompiledConsumer<unknown> {
  const compiled = isObject(consumer) ? (finished.get(consumer) ?? finished.get(classOf(consumer))) : undefined;
  if (compiled === undefined) throw noConsumer(consumer);
  return compiled;
}

const finished = new WeakMap<object, CompiledConsumer<unknown>>();

/** Notes that a class, or what a door without decorators gives, is a finished consumer. */
export function finishConsumer(consumer: object, compiled: CompiledConsumer<unknown>): void {
  const known = finished.get(consumer);
  if (known !== undefined) {
    throw new DefinitionError(
      `${nameOf(consumer)} is the ${kindWords[known.kind]} "${known.name}" already. A class is one consumer: write another one.`,
    );
  }
  finished.set(consumer, compiled);
}

function madeOf(consumerClass: new () => object): object {
  if (consumerClass.length > 0) {
    const { name } = consumerClass;
    throw new DefinitionError(
      `${name} is made with something, so give an object instead of the class: new ${name}(…).`,
    );
  }
  return new consumerClass();
}

function noConsumer(value: unknown): DefinitionError {
  const parent: unknown = isObject(value) ? Object.getPrototypeOf(classOf(value)) : undefined;
  const known = typeof parent === 'function' ? finished.get(parent) : undefined;
  if (known !== undefined) {
    return new DefinitionError(
      `${nameOf(value)} extends the ${kindWords[known.kind]} "${known.name}". Consumers form no inheritance hierarchy: share code by functions.`,
    );
  }
  return new DefinitionError(
    `${nameOf(value)} is no projection, read model or reaction. Decorate its class with @Projection('name') or @Reaction('name'), and its handlers with @On(StreamType, 'Event'); ` +
      'or define it by defineProjection, defineReadModel or defineReaction, with a handler at least. ' +
      'If it is one, two copies of @eventcore/core are installed: npm ls @eventcore/core shows them.',
  );
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** The class of an object, or the class itself. Objects without one get something that no consumer is. */
function classOf(value: object): object {
  if (typeof value === 'function') return value;
  const { constructor } = value as { readonly constructor?: unknown };
  return typeof constructor === 'function' ? constructor : Object;
}

function nameOf(value: unknown): string {
  if (typeof value === 'function') return value.name === '' ? 'This class' : value.name;
  if (!isObject(value)) return String(value);
  const { name } = classOf(value) as { readonly name?: string };
  return name === undefined || name === '' || name === 'Object' ? 'This object' : `This object of ${name}`;
}
