/** What a keyed read model is to the library: by event, how to find the rows, and how to change one. */
import { inspect } from 'node:util';
import { DefinitionError } from '../errors/input-errors.js';
import { nameFault } from '../event/stream-id.js';
import type { RecordedEvent } from '../event/recorded-event.js';
import { keyOf } from '../event/stream-id.js';
import type { StreamTypeInternals } from '../stream/define-stream.js';
import { CompiledConsumer, consumerName, handledEvent, handledType, type HandlerFact } from './compiled-consumer.js';
import { ConsumerDescription } from './consumer-definition.js';
import { functionsByEvent } from './event-handler.js';
import { finishConsumer } from './open-consumer.js';

export interface RowFold {
  /** What messages call it: `"balances" on MoneyDeposited`. */
  readonly name: string;
  /** The rows that an event touches, each once. @throws {@link DefinitionError} for what can't be a key. */
  readonly keys: (event: RecordedEvent) => readonly string[];
  readonly fold: (row: unknown, event: RecordedEvent, key: string) => unknown;
  readonly initial: (key: string) => unknown;
}

type RowFoldFact = HandlerFact<RowFold>;
type Initial = (key: string) => unknown;

/** What `from` gives, without its types: a definition that can be gone on with. */
class DefinedByFolds extends ConsumerDescription {
  readonly #facts: readonly RowFoldFact[];
  readonly #initial: Initial;

  constructor(name: string, initial: Initial, facts: readonly RowFoldFact[]) {
    const compiled = new CompiledConsumer('readModel', name, facts);
    super(compiled);
    this.#facts = facts;
    this.#initial = initial;
    finishConsumer(this, compiled);
    Object.freeze(this);
  }

  from(type: unknown, folds: unknown, options?: unknown): DefinedByFolds {
    const facts = foldFacts(this.name, this.#initial, type, folds, options);
    return new DefinedByFolds(this.name, this.#initial, [...this.#facts, ...facts]);
  }
}

/** A read model that is fed by nothing yet, and can't be used for anything but `from`. */
export function startReadModel(name: unknown, initial: Initial): Pick<DefinedByFolds, 'from'> {
  const checked = consumerName(name, 'defineReadModel');
  return Object.freeze({
    from: (type: unknown, folds: unknown, options?: unknown) =>
      new DefinedByFolds(checked, initial, foldFacts(checked, initial, type, folds, options)),
  });
}

function foldFacts(name: string, initial: Initial, type: unknown, folds: unknown, options: unknown): RowFoldFact[] {
  const where = `"${name}".from`;
  const handled = handledType(type, where);
  const key = keyChoice(handled, options, where);
  return functionsByEvent(folds, where).map(([event, fold]) => {
    const called = `"${name}" on ${event}`;
    return {
      type: handled,
      event: handledEvent(handled, event, where),
      handler: {
        name: called,
        keys: keysBy(key(event), called),
        fold: fold as (row: unknown, event: RecordedEvent, key: string) => unknown,
        initial,
      },
    };
  });
}

type KeyFunction = (event: RecordedEvent) => unknown;

/** Which function gives the key of an event. */
function keyChoice(
  type: StreamTypeInternals,
  options: unknown,
  where: string,
): (event: string) => KeyFunction | undefined {
  const key: unknown = (options as { readonly key?: unknown } | undefined)?.key;
  if (key === undefined) return () => undefined;
  if (typeof key === 'function') return () => key as KeyFunction;
  const byEvent = new Map(functionsByEvent(key, `The key of ${where}`));
  for (const event of byEvent.keys()) handledEvent(type, event, `The key of ${where}`);
  return (event) => byEvent.get(event) as KeyFunction | undefined;
}

function keysBy(key: KeyFunction | undefined, called: string): RowFold['keys'] {
  if (key === undefined) return ({ stream }) => [keyOf(stream)];
  return (event) => {
    const given = key(event);
    if (given === undefined) return [];
    const keys: readonly unknown[] = Array.isArray(given) ? [...new Set(given)] : [given];
    for (const one of keys) {
      const fault = nameFault(one);
      if (fault === undefined) continue;
      throw new DefinitionError(
        `The key of ${called} gave ${inspect(one, { depth: 0 })} for event ${event.id}: a row's key ${fault}.`,
        { context: { stream: event.stream, event: event.type, position: event.position } },
      );
    }
    return keys as readonly string[];
  };
}
