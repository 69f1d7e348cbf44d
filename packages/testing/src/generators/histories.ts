/** Arbitrary histories: what has happened on the streams of a type, before a test begins. */
import type { StreamKey, StreamRef, StreamType } from '@eventcore/core';
import fc from 'fast-check';
import { eventOf, eventsOf, type EventArbitraries, type GeneratedEvent } from './events-of.js';
import type { ValueOptions } from './schema-values.js';

/** An event on a stream. */
export type HistoryEvent<Name extends string, Events, State> = GeneratedEvent<Events> & {
  readonly stream: StreamRef<Name, Events, State>;
};

export interface HistoryOptions<Events> extends ValueOptions {
  /** The keys of the streams; `alice`, `bob` and `carol`, unless given. */
  readonly keys?: readonly StreamKey[];
  /** The event with which every stream begins, and which comes nowhere else. */
  readonly first?: keyof Events & string;
  /** At most so many events besides the first ones; 10 unless given. */
  readonly maxLength?: number;
  /** Arbitraries of one's own for the data of events, by the events' names. */
  readonly data?: EventArbitraries<Events>;
}

/**
 * Arbitrary histories of a few streams of one type: events in the order in which they happened. They keep the schemas and
 * know nothing of your rules: where a history has to be one that your commands could have made, run `commandSequences`.
 *
 * @throws `DefinitionError` for a schema that can't be read; it says where, and how to give an arbitrary of one's own.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import fc from 'fast-check';
 * import * as v from 'valibot';
 * import { defineStream } from '@eventcore/core';
 * import { histories } from '@eventcore/testing/generators';
 *
 * const Account = defineStream('account', {
 *   events: { Opened: v.object({ owner: v.string() }), Closed: v.object({}) },
 *   state: () => ({ open: false }),
 *   fold: { Opened: () => ({ open: true }), Closed: () => ({ open: false }) },
 * });
 *
 * const past = histories(Account, { keys: ['alice', 'bob'], first: 'Opened' });
 * fc.assert(fc.property(past, ([event]) => assert.ok(event === undefined || event.type === 'Opened')));
 * ```
 */
export function histories<Name extends string, Events, State>(
  type: StreamType<Name, Events, State>,
  options: HistoryOptions<Events> = {},
): fc.Arbitrary<readonly HistoryEvent<Name, Events, State>[]> {
  const { keys = ['alice', 'bob', 'carol'], first, maxLength = 10 } = options;
  const data: EventArbitraries<Events> = options.data ?? {};
  type History = readonly HistoryEvent<Name, Events, State>[];
  const streams = keys.map((key) => type.at(key));
  // Unless it is told so (`size`), fast-check stays far below the length that was asked for: at 10.
  if (first === undefined) {
    const happened = fc.array(fc.tuple(fc.constantFrom(...streams), eventsOf(type, data, options)), {
      maxLength,
      size: 'max',
    });
    return happened.map((all): History => all.map(([stream, event]) => ({ stream, ...event })));
  }
  const kinds = type.events.filter((event) => event !== first);
  const others = kinds.map((event) => eventOf(type, event, data[event], options));
  const happened = fc.array(fc.tuple(fc.constantFrom(...streams), fc.oneof(...others)), {
    maxLength: others.length === 0 ? 0 : maxLength,
    size: 'max',
  });
  const beginnings = fc.tuple(...streams.map(() => eventOf(type, first, data[first], options)));
  return fc.tuple(fc.subarray(streams), beginnings, happened).map(([begun, firsts, all]): History => {
    const history: object[] = [];
    const there = new Set<object>();
    const begin = (stream: (typeof streams)[number]): void => {
      if (there.has(stream)) return;
      there.add(stream);
      history.push({ stream, ...firsts[streams.indexOf(stream)] });
    };
    begun.forEach(begin);
    for (const [stream, event] of all) {
      begin(stream);
      history.push({ stream, ...event });
    }
    // What `eventOf` gives is an event of the type; the compiler can't follow its name through a loop.
    return history as never;
  });
}
