/** What a projection, a read model or a reaction declares, for whoever wants to look at it. */
import type { EventFilter } from '../store/event-store.js';
import { kindWords, type CompiledConsumer, type ConsumerKind } from './compiled-consumer.js';
import { compiledConsumer } from './open-consumer.js';

/** What a consumer declares, frozen at every depth. As text it is as one would read it aloud. */
export interface ConsumerDefinition {
  readonly kind: ConsumerKind;
  /** What its checkpoint, its lease and its derived command ids are kept under. */
  readonly name: string;
  /** The events that it has to be given: all of the stream types that it handles, since the feed must not leave out what nobody knows. */
  readonly filter: EventFilter;
  /** The events that have a handler. */
  readonly handles: readonly HandledEvents[];
  toString(): string;
}

export interface HandledEvents {
  /** The name of the stream type. */
  readonly streamType: string;
  readonly events: readonly string[];
}

/**
 * What a projection, a read model or a reaction declares: frozen, and readable when it is printed. It takes a class, an
 * object of it, or what `defineProjection`, `defineReadModel` and `defineReaction` give.
 *
 * @throws {@link DefinitionError} for anything else, with what to add.
 *
 * @example
 * ```ts
 * @Projection('balances')
 * class Balances {
 *   readonly byAccount = new Map<string, number>();
 *
 *   @On(Account, 'MoneyDeposited')
 *   deposited({ stream, data }: EventOf<typeof Account, 'MoneyDeposited'>) {
 *     this.byAccount.set(stream, (this.byAccount.get(stream) ?? 0) + data.amount);
 *   }
 * }
 *
 * console.log(String(consumerOf(Balances)));
 * // projection balances
 * //   account  MoneyDeposited
 * ```
 */
export function consumerOf(consumer: object): ConsumerDefinition {
  return describe(compiledConsumer(consumer));
}

const described = new WeakMap<CompiledConsumer<unknown>, ConsumerDefinition>();

function describe(compiled: CompiledConsumer<unknown>): ConsumerDefinition {
  let definition = described.get(compiled);
  if (definition === undefined)
    described.set(compiled, (definition = Object.freeze(new ConsumerDescription(compiled))));
  return definition;
}

/** Not frozen yet, since the doors without decorators add to it. */
export class ConsumerDescription implements ConsumerDefinition {
  readonly kind: ConsumerKind;
  readonly name: string;
  readonly filter: EventFilter;
  readonly handles: readonly HandledEvents[];

  constructor(compiled: CompiledConsumer<unknown>) {
    this.kind = compiled.kind;
    this.name = compiled.name;
    this.filter = compiled.filter;
    this.handles = Object.freeze(
      [...compiled.handled()].map(({ streamType, events }) =>
        Object.freeze({ streamType, events: Object.freeze(events) }),
      ),
    );
  }

  toString(): string {
    const width = this.handles.reduce((longest, { streamType }) => Math.max(longest, streamType.length), 0);
    const lines = this.handles.map(({ streamType, events }) => `  ${streamType.padEnd(width)}  ${events.join(', ')}`);
    return [`${kindWords[this.kind]} ${this.name}`, ...lines].join('\n');
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
