/** The state of a stream after each of its events. */
import { load, replay, type EventStore, type RecordedEvent } from '@eventcore/core';
import { Account } from '../domain/account.js';
import { Compliance } from '../domain/compliance.js';
import { Customer } from '../domain/customer.js';
import { Policy } from '../domain/policy.js';

/** All stream types of the bank, by their names. */
export const streamTypes = { account: Account, compliance: Compliance, customer: Customer, policy: Policy };

export type StreamTypeName = keyof typeof streamTypes;

export interface Replayed {
  readonly initial: unknown;
  readonly steps: readonly { readonly event: RecordedEvent<string, unknown>; readonly state: unknown }[];
}

/** The last of this many events: the explorer is for people, who look at one after the other. */
const STEPS = 500;

export async function replayed(store: EventStore, type: StreamTypeName, key: string): Promise<Replayed> {
  // To the compiler, the reference of one of four types isn't a reference of any.
  const stream = streamTypes[type].at(key) as ReturnType<typeof Account.at>;
  let initial: unknown = await load(store, stream, { version: 0 });
  let steps: Replayed['steps'][number][] = [];
  for await (const step of replay(store, stream)) {
    steps.push(step);
    // Left out by hundreds at once, so that little is copied.
    if (steps.length === 2 * STEPS) ({ initial, steps } = lastOf({ initial, steps }));
  }
  return lastOf({ initial, steps });
}

function lastOf({ initial, steps }: Replayed) {
  const left = Math.max(0, steps.length - STEPS);
  return { initial: left === 0 ? initial : steps[left - 1]!.state, steps: steps.slice(left) };
}
