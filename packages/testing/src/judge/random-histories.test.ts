/** Whatever commands there are: what was executed one after the other is valid, and one thing damaged is found. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { atLength } from '../../../../tools/at-length.mjs';
import { checkHistory } from './check-history.js';
import type { LoggedEvent, Operation, ReadOfStream } from './history.js';
import { validHistory, type WholeHistory } from './random-history.fixture.js';

/** Damages one thing, `pick` says which; undefined if there is nothing of the kind to damage. */
type Damage = (history: WholeHistory, pick: <T>(choices: readonly T[]) => T | undefined) => WholeHistory | undefined;

const damages: Readonly<Record<string, readonly [Damage, ...kinds: string[]]>> = {
  'a version that was read is lowered, and what was folded is not': [
    (history, pick) => onRead(history, pick, ({ version }) => version > 0, lowered),
    'badRead',
  ],
  'a version that was read is raised, and what was folded is not': [
    (history, pick) =>
      onRead(
        history,
        pick,
        () => true,
        ({ version, ...read }) => ({ ...read, version: version + 1 }),
      ),
    'badRead',
  ],
  'a version is lowered, of a stream that was then written': [
    (history, pick) =>
      onRead(
        history,
        pick,
        ({ stream, version }, operation) => version > 0 && writtenBy(history, operation).has(stream),
        ({ digest: _, ...read }) => lowered(read),
      ),
    'lostUpdate',
  ],
  'a version is lowered, below what had been acknowledged before': [
    (history, pick) =>
      onRead(
        history,
        pick,
        ({ stream, version }, operation) => {
          const { commandId = '' } =
            history.log.find((event) => event.stream === stream && event.version === version) ?? {};
          const ends = history.operations.filter((other) => other.commandId === commandId && other.end === 'ok');
          return (
            commandId !== operation.commandId &&
            ends.some(({ completed = Infinity }) => completed < operation.invoked) &&
            !writtenBy(history, operation).has(stream)
          );
        },
        ({ digest: _, ...read }) => lowered(read),
      ),
    'G-single',
    'G-single-process',
    'G-single-realtime',
    'G2-item',
    'G2-item-process',
    'G2-item-realtime',
  ],
  'an event is dropped from the log': [
    (history, pick) => {
      const dropped = pick(history.log);
      return dropped && { ...history, log: history.log.filter((event) => event !== dropped) };
    },
    'lost',
    'misnumbered',
    'partial',
    'badRead',
    // An unknown end may have left nothing; what the feed gave then never was.
    'foreign',
  ],
  'two versions of a stream are swapped': [
    (history, pick) => {
      const one = pick(history.log.filter(({ version }) => version > 1));
      const other = history.log.find((event) => event.stream === one?.stream && event.version === one.version - 1);
      return one && other && relogged(history, [one, { version: other.version }], [other, { version: one.version }]);
    },
    'misnumbered',
  ],
  'two positions are swapped': [
    (history, pick) => {
      const one = pick(history.log.slice(1));
      const other = history.log[history.log.indexOf(one!) - 1];
      return (
        one && other && relogged(history, [one, { position: other.position }], [other, { position: one.position }])
      );
    },
    'disordered',
  ],
  'a command is acknowledged that is not there': [
    (history, pick) => {
      const one = pick(history.operations.filter(({ end }) => end === 'failed'));
      return one && changed(history, one, { ...one, end: 'ok', acknowledged: one.sent[0]!.events });
    },
    'lost',
  ],
  'a command is reported as failed that is there': [
    (history, pick) => {
      const one = pick(
        history.operations.filter(({ acknowledged, sent }) => acknowledged.length > 0 && sent.length > 0),
      );
      return one && changed(history, one, { ...one, end: 'failed', acknowledged: [] });
    },
    'phantom',
  ],
  'an entry of the feed is dropped': [
    (history, pick) => refed(history, pick, (events, at) => events.toSpliced(at, 1)),
    'skipped',
    'missing',
  ],
  'an entry of the feed is given twice': [
    (history, pick) => refed(history, pick, (events, at) => [...events, events[at]!]),
    'repeated',
  ],
  'an entry of the feed comes last': [
    (history, pick) =>
      refed(history, pick, (events, at) =>
        at === events.length - 1 ? undefined : [...events.toSpliced(at, 1), events[at]!],
      ),
    'disordered',
  ],
};

describe('random histories', () => {
  it('are valid if they were executed one after the other', () => {
    fc.assert(
      fc.property(validHistory, (history) => {
        const verdict = checkHistory(history);
        expect(String(verdict)).toMatch(/^No anomaly/);
      }),
      { numRuns: atLength ? 5000 : 500 },
    );
  });

  it.each(Object.entries(damages))('are found out if %s', (_, [damage, ...kinds]) => {
    let damaged = 0;
    fc.assert(
      fc.property(validHistory, fc.nat(), (history, seed) => {
        const other = damage(history, (choices) => choices[seed % choices.length]);
        if (other === undefined) return;
        damaged += 1;
        const found = checkHistory(other).anomalies.map(({ kind }) => kind);
        expect({ found, isOneOf: kinds.filter((kind) => found.some((one) => one === kind)) }).not.toMatchObject({
          isOneOf: [],
        });
      }),
      { numRuns: atLength ? 2000 : 200 },
    );
    expect(damaged).toBeGreaterThan(30);
  });
});

/** Changes one read that something rests on: of an append that was applied, or of an answer. */
function onRead(
  history: WholeHistory,
  pick: <T>(choices: readonly T[]) => T | undefined,
  where: (read: ReadOfStream, operation: Operation) => boolean,
  change: (read: ReadOfStream) => ReadOfStream,
): WholeHistory | undefined {
  const counting = history.operations.filter(
    ({ end, commandId, sent }) =>
      end === 'rejected' ||
      end === 'ok' ||
      (sent.length > 0 && history.log.some((event) => event.commandId === commandId)),
  );
  const choices = counting.flatMap((operation) =>
    [...operation.reads, ...operation.sent.flatMap(({ reads }) => reads)]
      .filter((read) => where(read, operation))
      .map((read) => ({ read, operation })),
  );
  const chosen = pick(choices);
  if (chosen === undefined) return undefined;
  const { operation } = chosen;
  const replaced = (reads: readonly ReadOfStream[]): readonly ReadOfStream[] =>
    reads.map((read) => (read === chosen.read ? change(read) : read));
  return changed(history, operation, {
    ...operation,
    reads: replaced(operation.reads),
    sent: operation.sent.map(({ reads, events }) => ({ reads: replaced(reads), events })),
  });
}

function lowered({ version, ...read }: ReadOfStream): ReadOfStream {
  return { ...read, version: version - 1 };
}

function writtenBy({ log }: WholeHistory, { commandId, sent }: Operation): ReadonlySet<string> {
  if (sent.length === 0) return new Set();
  return new Set(log.filter((event) => event.commandId === commandId).map(({ stream }) => stream));
}

function changed(history: WholeHistory, operation: Operation, other: Operation): WholeHistory {
  return { ...history, operations: history.operations.map((one) => (one === operation ? other : one)) };
}

function relogged(
  history: WholeHistory,
  ...changes: readonly (readonly [LoggedEvent, Partial<LoggedEvent>])[]
): WholeHistory {
  const log = history.log.map((event) => ({ ...event, ...changes.find(([one]) => one === event)?.[1] }));
  return { ...history, log };
}

function refed(
  history: WholeHistory,
  pick: <T>(choices: readonly T[]) => T | undefined,
  change: (events: readonly string[], at: number) => readonly string[] | undefined,
): WholeHistory | undefined {
  const [feed] = history.feeds;
  const at = pick([...feed!.events.keys()]);
  const events = at === undefined ? undefined : change(feed!.events, at);
  return events && { ...history, feeds: [{ name: feed!.name, events }] };
}
