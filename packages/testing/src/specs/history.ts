/** What has happened before a spec begins: written straight into a store, without commands. */
import { DefinitionError, START, type RecordedEvent } from '@eventcore/core';
import { prepareAppend, type StoreSettings } from '@eventcore/core/store';
import { createMemoryStore, type MemoryStore } from '@eventcore/memory';
import { isDeepStrictEqual } from 'node:util';
import { SpecEvent, type EventDetails } from './on.js';
import { nthGivenCommandId, nthGivenId } from './spec-runtime.js';
import { Together } from './together.js';

export type History = readonly (SpecEvent | Together)[];

/** @throws `DefinitionError` for anything that `given` doesn't take. */
export function checkHistory(history: History, where: 'given' | 'and'): void {
  for (const item of history) {
    if (Array.isArray(item))
      throw new DefinitionError(
        `${where} takes events one by one, and got a list of them. Spread it: ${where}(...events).`,
      );
    if (!SpecEvent.is(item) && !Together.is(item)) {
      throw new DefinitionError(
        `${where} takes events: ${where}(on(Account.at('alice'), 'MoneyDeposited', { amount: 100 })), and nothing at all where nothing has happened.`,
      );
    }
    const events = eventsOf(item);
    for (const { type, stream, hasMatchers } of events) {
      if (hasMatchers)
        throw new DefinitionError(
          `${type} on "${stream}" holds a matcher, and is to have happened. What has happened is known.`,
        );
    }
    for (const detail of ['metadata', 'correlationId', 'causationId', 'at'] as const) detailOf(events, detail);
  }
}

/** A store in which this has happened. Its clock then stands at the moment of the spec. */
export async function storeWith<Metadata>(
  history: History,
  moment: string,
  settings: StoreSettings<Metadata>,
): Promise<MemoryStore<Metadata>> {
  let now = Date.parse(moment);
  const store = createMemoryStore({ ...settings, runtime: { now: () => now } });
  let given = 0;
  for (const [index, item] of history.entries()) {
    const events = eventsOf(item);
    now = Date.parse(detailOf(events, 'at') ?? moment);
    const append = prepareAppend({
      commandId: nthGivenCommandId(index + 1),
      fingerprint: { any: true },
      expected: new Map(events.map(({ stream }) => [stream, 'any'])),
      events: events.map(({ stream, type, schemaVersion = 1, data }) => ({
        id: nthGivenId((given += 1)),
        stream,
        type,
        schemaVersion,
        data,
      })),
      correlationId: detailOf(events, 'correlationId'),
      causationId: detailOf(events, 'causationId'),
      metadata: detailOf(events, 'metadata'),
    });
    await store.append([append]);
  }
  now = Date.parse(moment);
  return store;
}

/** All that has happened, as a store records it. */
export async function recordedHistory(history: History, moment: string): Promise<readonly RecordedEvent[]> {
  const store = await storeWith(history, moment, {});
  const events: RecordedEvent[] = [];
  for (let after = START; ;) {
    const page = await store.readAll({ after, limit: 1000 });
    events.push(...page.events);
    if (page.upTo === after) return events;
    after = page.upTo;
  }
}

function eventsOf(item: SpecEvent | Together): readonly SpecEvent[] {
  return SpecEvent.is(item) ? [item] : item.events;
}

/** What the events of one command say of it: the first that says anything, and no other may say something else. */
function detailOf<Detail extends keyof EventDetails>(
  events: readonly SpecEvent[],
  detail: Detail,
): EventDetails[Detail] | undefined {
  const stated = events.map(({ details }) => details[detail]).filter((value) => value !== undefined);
  if (stated.some((value) => !isDeepStrictEqual(value, stated[0]))) {
    throw new DefinitionError(
      `Events that one command wrote have one ${detail}, and these say ${stated.map((value) => JSON.stringify(value)).join(' and ')}.`,
    );
  }
  return stated[0];
}
