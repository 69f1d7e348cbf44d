/** What the behaviours append: short to write, and made by core's `prepareAppend` like every append. */
import { parseStreamId, systemRuntime, version, type EventStore, type StreamId, type Version } from '@eventcore/core';
import {
  prepareAppend,
  type Append,
  type AppendDraft,
  type AppendReceipt,
  type EventDraft,
  type Fingerprint,
  type Outcome,
} from '@eventcore/core/store';
import { committed, holds } from './expectations.js';
import type { Given } from './section.js';

/** What an append is to be: what it expects of streams, by their ids, and what differs from the usual. */
export interface Plan extends Partial<Omit<AppendDraft, 'expected'>> {
  readonly expected: Readonly<Record<string, number | 'any' | { readonly after: number }>>;
}

/** A new UUID: the id of a command or of an event. */
export const uuid = (): string => systemRuntime.uuid();

/** An id that comes as text. */
export const stream = (id: string): StreamId => parseStreamId(id);

export const at = (count: number): Version => version(count);

/** An event on a stream. */
export function on(id: string, type = 'Noted', data: unknown = {}): EventDraft {
  return { id: uuid(), stream: id, type, data };
}

/** Events on a stream, numbered from the first. */
export function numbered(id: string, count: number, first = 1): readonly EventDraft[] {
  return Array.from({ length: count }, (_, index) => on(id, 'Noted', { n: first + index }));
}

export function anAppend(plan: Plan): Append {
  return prepareAppend({
    commandId: uuid(),
    fingerprint: 'Note',
    events: [],
    ...plan,
    expected: new Map(Object.entries(plan.expected)),
  });
}

/** So many of them, each made from its number. */
export function times<T>(count: number, make: (n: number) => T): readonly T[] {
  return Array.from({ length: Math.ceil(count) }, (_, n) => make(n));
}

/** An append under a command id, that goes through whatever the version. */
export function under(commandId: string, fingerprint: Fingerprint, id = 'account-alice'): Plan {
  return { commandId, fingerprint, expected: { [id]: 'any' }, events: [on(id)] };
}

/** Appends of one call, and their outcomes. */
export async function send(store: EventStore, ...appends: readonly (Append | Plan)[]): Promise<readonly Outcome[]> {
  const outcomes = await store.append(appends.map((append) => (isPlan(append) ? anAppend(append) : append)));
  holds(outcomes.length === appends.length, `${appends.length} appends have as many outcomes, not ${outcomes.length}.`);
  return outcomes;
}

/** An append that has to be committed. */
export async function commit(store: EventStore, append: Append | Plan): Promise<AppendReceipt> {
  const [outcome] = await send(store, append);
  return committed(outcome);
}

/** Brings streams to versions, with events numbered by their version. */
export async function fill(store: EventStore, versions: Readonly<Record<string, number>>): Promise<void> {
  for (const [id, count] of Object.entries(versions)) {
    await commit(store, { expected: { [id]: 0 }, events: numbered(id, count) });
  }
}

/** Runs so many at once, and waits for all of them, also when one fails: none is left running on a store that is closed. */
export function race<Result>(runners: number, run: (runner: number) => Promise<Result>): Promise<readonly Result[]> {
  return together(Array.from({ length: runners }, (_, runner) => run(runner)));
}

/** Sends plans at once, each in a call of its own, by turns on the store and on its peer. */
export function racing({ store, peer }: Given, plans: readonly Plan[]): Promise<readonly Outcome[]> {
  return race(plans.length, async (n) => (await send(n % 2 === 0 ? store : peer, plans[n]!))[0]!);
}

/** What all of them come to, or the first failure once all are over. */
export async function together<Results extends readonly unknown[]>(
  running: Results,
): Promise<{ -readonly [Index in keyof Results]: Awaited<Results[Index]> }> {
  await Promise.allSettled(running);
  return Promise.all(running);
}

/** Runs writers, and readers for as long as the writers are at work. */
export async function whileWriting<Seen>(
  write: () => Promise<unknown>,
  read: (writing: () => boolean) => Promise<Seen>,
): Promise<Seen> {
  let writing = true;
  const written = write().finally(() => (writing = false));
  const [, seen] = await together([written, read(() => writing)]);
  return seen;
}

/** Lets everything else that is ready take its turn. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isPlan(append: Append | Plan): append is Plan {
  return !(append.expected instanceof Map);
}
