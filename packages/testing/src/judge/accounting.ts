/** Compares what was sent and answered with what the log holds, and finds out what took place: the nodes of the graph. */
import { appliedAppends, hasRepeatedEvents, holdsExactly, wrote } from './applied-appends.js';
import { checkEffect } from './check-effect.js';
import type { Finding } from './finding.js';
import type { Operation, ReadOfStream } from './history.js';
import type { Effect, IndexedLog } from './indexed-log.js';
import { enumerated, NOBODY } from './names.js';

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
      `${names.operation(operation)} was told that it wrote ${enumerated(acknowledged.map(names.event))}; the log holds ${enumerated(held.map(({ id }) => names.event(id)))} of it`,
    ],
  });
}

function happened(effect: Effect, log: IndexedLog, findings: Finding[]): Happening {
  // Only those that may have written it say when it was.
  const writers = effect.operations.filter(mayHaveWritten);
  const applied = appliedAppends(effect, log);
  const manifold = applied.length > 1 || hasRepeatedEvents(effect, log);
  const first = applied[0];
  checkEffect(effect, writers, applied, manifold, log, findings);
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
