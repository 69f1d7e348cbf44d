/** Arbitrary events of a stream type. */
import type { DeepReadonly, StreamType } from '@eventcore/core';
import { eventDefinition } from '@eventcore/core/definitions';
import fc from 'fast-check';
import { trailOf, type ValueOptions } from './schema-values.js';
import { givenBy } from './values-of.js';

/** An event before it is on any stream: its type and its data. */
export type GeneratedEvent<Events> = {
  [Type in keyof Events & string]: { readonly type: Type; readonly data: DeepReadonly<Events[Type]> };
}[keyof Events & string];

/** Arbitraries of one's own for the data of events, by the events' names. */
export type EventArbitraries<Events> = { readonly [Type in keyof Events]?: fc.Arbitrary<unknown> };

/**
 * Arbitrary events of a stream type, made from its schemas: every one is accepted by its schema, in the form in which a
 * store gives it back.
 *
 * @param own arbitraries for the data of some events, where the schema says too little, or to narrow it down
 * @throws `DefinitionError` for a schema that can't be read; it says where, and how to give an arbitrary of one's own.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import fc from 'fast-check';
 * import * as v from 'valibot';
 * import { defineStream } from '@eventcore/core';
 * import { eventsOf } from '@eventcore/testing/generators';
 *
 * const Money = v.pipe(v.number(), v.integer(), v.minValue(1), v.brand('Money'));
 * const Account = defineStream('account', {
 *   events: { Opened: v.object({ owner: v.string() }), MoneyDeposited: v.object({ amount: Money }) },
 *   state: () => ({ balance: 0 }),
 *   fold: { MoneyDeposited: (state, { amount }) => ({ balance: state.balance + amount }) },
 * });
 *
 * const events = eventsOf(Account, { MoneyDeposited: fc.record({ amount: fc.integer({ min: 1, max: 100 }) }) });
 * fc.assert(fc.property(events, (event) => assert.ok(event.type === 'Opened' || event.data.amount <= 100)));
 *
 * // Or wherever the schema stands:
 * eventsOf(Account, {}, { schemas: [[Money, fc.integer({ min: 1, max: 100 })]] });
 * ```
 */
export function eventsOf<Name extends string, Events, State>(
  type: StreamType<Name, Events, State>,
  own: EventArbitraries<Events> = {},
  options: ValueOptions = {},
): fc.Arbitrary<GeneratedEvent<Events>> {
  const kinds = type.events.map((event) => eventOf(type, event, own[event], options));
  return fc.oneof(...kinds) as fc.Arbitrary<GeneratedEvent<Events>>;
}

/** Arbitrary events of one kind. */
export function eventOf<Name extends string, Events, State, Event extends keyof Events & string>(
  type: StreamType<Name, Events, State>,
  event: Event,
  own: fc.Arbitrary<unknown> | undefined,
  options: ValueOptions,
): fc.Arbitrary<{ readonly type: Event; readonly data: unknown }> {
  const { schema } = eventDefinition(type, event);
  const advice =
    `Give an arbitrary of your own: eventsOf(…, { ${event}: fc.record({ … }) }), or one for the schema ` +
    'wherever it stands: eventsOf(…, {}, { schemas: [[schema, arbitrary]] }).';
  const trail = trailOf(`the event ${event} of stream type "${type.name}"`, advice, options);
  return givenBy(schema, trail, own).map((data) => ({ type: event, data }));
}
