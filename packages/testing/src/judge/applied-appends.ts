/** Which of the appends that were sent are in the log. */
import type { Operation, SentAppend } from './history.js';
import type { Effect, IndexedLog } from './indexed-log.js';

export interface AppliedAppend {
  readonly append: SentAppend;
  readonly senders: readonly Operation[];
}

/** Those that left events in the log. The same events sent again, by whomever, are the same append. */
export function appliedAppends(effect: Effect, log: IndexedLog): readonly AppliedAppend[] {
  const [only] = effect.operations;
  // Nearly always there is one operation, and its last append is the one.
  if (effect.operations.length === 1 && only!.sent.length > 0) {
    const append = only!.sent.at(-1)!;
    if (holdsExactly(log, effect.events, append.events)) return [{ append, senders: [only!] }];
  }
  const inLog = new Set(effect.events.map((index) => log.events[index]!.id));
  const found = new Map<string, { append: SentAppend; senders: Operation[] }>();
  for (const operation of effect.operations) {
    for (const append of operation.sent) {
      if (!append.events.some((id) => inLog.has(id))) continue;
      const key = JSON.stringify(append.events);
      const same = found.get(key);
      if (same === undefined) found.set(key, { append, senders: [operation] });
      else if (!same.senders.includes(operation)) same.senders.push(operation);
    }
  }
  const applied = [...found.values()];
  // Attempts may have used ids again: then the one that is there as a whole is the one that was applied.
  const whole = applied.find(({ append }) => holdsExactly(log, effect.events, append.events));
  return whole === undefined ? applied : [whole];
}

/** Whether an operation's own events are in the log. */
export function wrote({ sent }: Operation, effect: Effect | undefined, log: IndexedLog): boolean {
  if (effect === undefined) return false;
  return sent.some(({ events }) => events.some((id) => log.effectOf[log.indexById.get(id) ?? -1] === effect.number));
}

/** Whether these places in the log hold events of these ids, in this order. */
export function holdsExactly(log: IndexedLog, places: readonly number[], ids: readonly string[]): boolean {
  if (places.length !== ids.length) return false;
  for (let index = 0; index < ids.length; index++) if (log.events[places[index]!]!.id !== ids[index]) return false;
  return true;
}

/** Whether one and the same event is there twice. */
export function hasRepeatedEvents(effect: Effect, log: IndexedLog): boolean {
  return (
    effect.events.length > 1 && new Set(effect.events.map((index) => log.events[index]!.id)).size < effect.events.length
  );
}
