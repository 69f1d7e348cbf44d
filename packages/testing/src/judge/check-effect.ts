/** Compares what the log holds of a command with what was sent under its id, and how that ended. */
import type { AppliedAppend } from './applied-appends.js';
import type { Finding } from './finding.js';
import type { Operation } from './history.js';
import type { Effect, IndexedLog } from './indexed-log.js';
import { enumerated } from './names.js';

/**
 * @param writers those of its operations that may have written it
 * @param manifold whether it was applied more than once
 */
export function checkEffect(
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
      `the log holds ${enumerated(unsent.map(names.event))} of command ${names.id(effect.commandId)}, and nobody sent such an event under this id`,
    ]);

  if (manifold) {
    report('duplicated', all, (names) => [
      `command ${names.id(effect.commandId)} is in the log with ${enumerated(all.map(names.event))}, sent by ${enumerated(
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
      `${names.operation(one.senders[0]!)} sent ${enumerated(events.map(names.event))}; the log holds ${enumerated(all.map(names.event))}`,
    ]);
  }
  if (effect.events.at(-1)! - effect.events[0]! >= effect.events.length) {
    const gap = effect.events.find((index, place) => effect.events[place + 1] !== index + 1)!;
    report('torn', all, (names) => [
      `${names.event(log.events[gap + 1]!.id)} stands in the log among ${enumerated(all.map(names.event))} of command ${names.id(effect.commandId)}`,
    ]);
  }
}

/** Who sent what is in the log, and was told for certain that it isn't; also where a later call of the same id was told the truth. */
function deniersOf(applied: readonly AppliedAppend[]): readonly Operation[] {
  const denied = applied.filter(({ senders }) => senders.every(({ end }) => end === 'failed' || end === 'rejected'));
  return denied.flatMap(({ senders }) => senders);
}

function sameTexts(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((text, index) => text === others[index]);
}

const ENDS: Readonly<Record<Operation['end'], string>> = {
  ok: 'was told that nothing was written',
  rejected: 'was rejected',
  failed: 'was told that it had failed',
  unknown: 'is not known to have ended',
};
