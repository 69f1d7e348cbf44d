/** Compares what was sent and answered with what the log holds, and finds out what took place: the nodes of the graph. */
import type { Finding } from './finding.js';
import type { Operation, ReadOfStream, SentAppend } from './history.js';
import type { Effect, IndexedLog } from './indexed-log.js';
import { NOBODY } from './names.js';

/** What took effect at one moment: a command that wrote, or an answer that wrote nothing. */
export interface Happening {
  /** The one that is shown. */
  readonly operation: Operation;
  /** All that may have caused it, or were told of it. */
  readonly operations: readonly Operation[];
  readonly reads: readonly ReadOfStream[];
  /** Not before that. */
  readonly invoked: number;
  /** Not after that; infinite if nobody heard of it. */
  readonly completed: number;
  /** Places in the log. */
  readonly events: readonly number[];
  /** Applied more than once, so that it has no one moment: it is reported, and left out of the graph. */
  readonly manifold: boolean;
}

export interface Accounts {
  /** By number: first the effects, numbered as in the log, then the answers. */
  readonly happenings: readonly Happening[];
  readonly empty: number;
}

export function accountsOf(operations: readonly Operation[], log: IndexedLog, findings: Finding[]): Accounts {
  const answers: Operation[] = [];
  let empty = 0;
  for (const operation of operations) {
    const effect = log.effectsById.get(operation.commandId);
    effect?.operations.push(operation);
    if (operation.end === 'rejected') answers.push(operation);
    else if (operation.end === 'ok') {
      if (operation.acknowledged.length === 0 && !wrote(operation, effect, log)) {
        answers.push(operation);
        empty += 1;
      } else checkReceipt(operation, effect, log, findings);
    }
  }
  const happenings = log.effects.map((effect) => happened(effect, log, findings));
  for (const operation of answers) happenings.push(answered(operation));
  return { happenings, empty };
}

function checkReceipt(operation: Operation, effect: Effect | undefined, log: IndexedLog, findings: Finding[]): void {
  const { acknowledged } = operation;
  if (effect !== undefined && holdsExactly(log, effect.events, acknowledged)) return;
  const lost = acknowledged.filter((id) => !log.indexById.has(id));
  if (lost.length > 0) {
    findings.push({
      kind: 'lost',
      streams: [],
      operations: [operation],
      events: lost,
      lines: (names) => [
        `${names.operation(operation)} was told that it wrote ${lost.map(names.event).join(', ')}; the log holds no such events`,
      ],
    });
    return;
  }
  // What was applied twice is reported as that; a receipt then tells of one of the two.
  if (effect !== undefined && hasRepeatedEvents(effect, log)) return;
  const held = effect?.events.map((index) => log.events[index]!) ?? [];
  findings.push({
    kind: 'mistold',
    streams: [...new Set(held.map(({ stream }) => stream))],
    operations: [operation],
    events: acknowledged,
    lines: (names) => [
      `${names.operation(operation)} was told that it wrote ${list(acknowledged.map(names.event))}; the log holds ${list(held.map(({ id }) => names.event(id)))} of it`,
    ],
  });
}

function happened(effect: Effect, log: IndexedLog, findings: Finding[]): Happening {
  // Only those that may have written it say when it was.
  const writers = effect.operations.filter(mayHaveWritten);
  const applied = appliedAppends(effect, log);
  const manifold = applied.length > 1 || hasRepeatedEvents(effect, log);
  const first = applied[0];
  check(effect, writers, applied, manifold, log, findings);
  return {
    operation: first?.senders[0] ?? writers[0] ?? effect.operations[0] ?? nobody(effect.commandId),
    operations: effect.operations,
    reads: first?.append.reads ?? [],
    invoked: earliest(writers, ({ invoked }) => invoked, -Infinity),
    completed: earliest(
      writers.filter(({ end, acknowledged }) => end === 'ok' && acknowledged.length > 0),
      ({ completed = Infinity }) => completed,
      Infinity,
    ),
    events: effect.events,
    manifold,
  };
}

function answered(operation: Operation): Happening {
  const { reads, invoked, completed = Infinity } = operation;
  return { operation, operations: [operation], reads, invoked, completed, events: [], manifold: false };
}

function check(
  effect: Effect,
  writers: readonly Operation[],
  applied: readonly AppliedAppend[],
  manifold: boolean,
  log: IndexedLog,
  findings: Finding[],
): void {
  const { operations } = effect;
  const held = effect.events.map((index) => log.events[index]!);
  const streams = (): string[] => [...new Set(held.map(({ stream }) => stream))];
  const report = (kind: Finding['kind'], events: readonly string[], lines: Finding['lines']): void => {
    findings.push({ kind, streams: streams(), operations, events, lines });
  };

  const all = held.map(({ id }) => id);
  const deniers = writers.length === 0 ? operations : deniersOf(applied);
  if (deniers.length > 0) {
    report('phantom', all, (names) =>
      deniers.map((operation) => `${names.operation(operation)} ${ENDS[operation.end]}; the log holds its events`),
    );
    return;
  }
  const sent = new Set(applied.flatMap(({ append }) => append.events));
  const unsent = all.filter((id) => !sent.has(id));
  if (unsent.length > 0)
    report('phantom', unsent, (names) => [
      `the log holds ${list(unsent.map(names.event))} of command ${names.id(effect.commandId)}, and nobody sent such an event under this id`,
    ]);

  if (manifold) {
    report('duplicated', all, (names) => [
      `command ${names.id(effect.commandId)} is in the log with ${list(all.map(names.event))}, sent by ${list(
        [...new Set(applied.flatMap(({ senders }) => senders))].map(names.operation),
      )}`,
    ]);
    return;
  }
  const [one] = applied;
  if (
    one !== undefined &&
    !sameTexts(one.append.events, unsent.length === 0 ? all : all.filter((id) => sent.has(id)))
  ) {
    const { events } = one.append;
    report('partial', events, (names) => [
      `${names.operation(one.senders[0]!)} sent ${list(events.map(names.event))}; the log holds ${list(all.map(names.event))}`,
    ]);
  }
  if (effect.events.at(-1)! - effect.events[0]! >= effect.events.length) {
    const gap = effect.events.find((index, place) => effect.events[place + 1] !== index + 1)!;
    report('torn', all, (names) => [
      `${names.event(log.events[gap + 1]!.id)} stands in the log among ${list(all.map(names.event))} of command ${names.id(effect.commandId)}`,
    ]);
  }
}

/** Who sent what is in the log, and was told for certain that it isn't. */
function deniersOf(applied: readonly AppliedAppend[]): readonly Operation[] {
  const denied = applied.filter(({ senders }) => senders.every(({ end }) => end === 'failed'));
  return denied.flatMap(({ senders }) => senders);
}

function sameTexts(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((text, index) => text === others[index]);
}

interface AppliedAppend {
  readonly append: SentAppend;
  readonly senders: readonly Operation[];
}

/** Those that left events in the log. The same events sent again, by whomever, are the same append. */
function appliedAppends(effect: Effect, log: IndexedLog): readonly AppliedAppend[] {
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
  return [...found.values()];
}

/** Whether an operation's own events are in the log. */
function wrote({ sent }: Operation, effect: Effect | undefined, log: IndexedLog): boolean {
  if (effect === undefined) return false;
  return sent.some(({ events }) => events.some((id) => log.effectOf[log.indexById.get(id) ?? -1] === effect.number));
}

/** Those that ended as failed or rejected wrote nothing; an empty receipt of one that sent nothing says the same. */
function mayHaveWritten({ end, acknowledged, sent }: Operation): boolean {
  switch (end) {
    case 'unknown':
      return true;
    case 'ok':
      return acknowledged.length > 0 || sent.length > 0;
    case 'failed':
    case 'rejected':
      return false;
  }
}

function holdsExactly(log: IndexedLog, places: readonly number[], ids: readonly string[]): boolean {
  if (places.length !== ids.length) return false;
  for (let index = 0; index < ids.length; index++) if (log.events[places[index]!]!.id !== ids[index]) return false;
  return true;
}

function hasRepeatedEvents(effect: Effect, log: IndexedLog): boolean {
  return (
    effect.events.length > 1 && new Set(effect.events.map((index) => log.events[index]!.id)).size < effect.events.length
  );
}

function earliest(operations: readonly Operation[], time: (operation: Operation) => number, otherwise: number): number {
  let found = Infinity;
  for (const operation of operations) found = Math.min(found, time(operation));
  return found === Infinity ? otherwise : found;
}

/** Stands in for whoever wrote what nobody sent. */
function nobody(commandId: string): Operation {
  return {
    process: NOBODY,
    commandId,
    name: '',
    invoked: -Infinity,
    end: 'unknown',
    reads: [],
    sent: [],
    acknowledged: [],
  };
}

const ENDS: Readonly<Record<Operation['end'], string>> = {
  ok: 'was told that nothing was written',
  rejected: 'was rejected',
  failed: 'was told that it had failed',
  unknown: 'is not known to have ended',
};

function list(items: readonly string[]): string {
  return items.length === 0 ? 'nothing' : items.join(', ');
}
