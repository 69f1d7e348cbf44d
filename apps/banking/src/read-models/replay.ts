/** The state of a stream after each of its events. */
import { load, readStream, version, type EventStore, type RecordedEvent } from '@eventcore/core';
import { Account } from '../domain/account.js';
import { Compliance } from '../domain/compliance.js';
import { Customer } from '../domain/customer.js';
import { Policy } from '../domain/policy.js';

/** All stream types of the bank, by their names. */
export const streamTypes = { account: Account, compliance: Compliance, customer: Customer, policy: Policy };

export type StreamTypeName = keyof typeof streamTypes;

export interface Replay {
  readonly initial: unknown;
  readonly steps: readonly { readonly event: RecordedEvent<string, unknown>; readonly state: unknown }[];
}

/** The last of this many events: the explorer is for people, who look at one after the other. */
const STEPS = 500;

export async function replay(store: EventStore, type: StreamTypeName, key: string): Promise<Replay> {
  // To the compiler, the reference of one of four types isn't a reference of any.
  const stream = streamTypes[type].at(key) as ReturnType<typeof Account.at>;
  const events: RecordedEvent<string, unknown>[] = [];
  for await (const event of readStream(store, stream)) events.push(event);
  const stored = rememberedStore(store, events);
  const first = Math.max(0, events.length - STEPS);
  const steps = events.slice(first).map(async (event) => ({
    event,
    state: await load(stored, stream, { version: event.version }),
  }));
  return { initial: await load(stored, stream, { version: first }), steps: await Promise.all(steps) };
}

/** A store that knows one stream. `load` folds from the start for each version; so it finds the events here, and asks nobody. */
function rememberedStore(store: EventStore, events: readonly RecordedEvent<string, unknown>[]): EventStore {
  return {
    ...store,
    read: async ({ streams: [query] }) => {
      const { stream, after, upTo = events.length } = query!;
      const page = { stream, version: version(events.length), events: events.slice(after, upTo) as RecordedEvent[] };
      return { pages: [page], recorded: [] };
    },
  };
}
