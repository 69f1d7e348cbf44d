/** What `append` answers, as outcomes. */
import { StoreContractBroken, version, type Json, type StreamId, type ValidationError } from '@eventcore/core';
import {
  sequencePosition,
  type Append,
  type CommandRecord,
  type LeanEvent,
  type Outcome,
  type Stale,
} from '@eventcore/core/store';
import type { AppendCall } from './append-call.js';
import { commandRecordOf, isoTime, receiptOf, type CommandRow } from '../sql/record.js';
import { sizeFault, type Oversize } from './stored-size.js';

/** By command: `c` committed, `d` known, `r` known as something else, `x` conflict, `l` too large. */
type AnswerRow = readonly [
  outcomes: string,
  positions: readonly number[],
  /** By stream: its version before the call. */
  before: readonly number[],
  /** By command: the number of the one in this call that has the same id and was applied, or 0. */
  origin: readonly number[],
  milliseconds: number | null,
  /** By expectation: `-`, `s` stale, `m` moved, `c` chain. */
  verdicts: string | null,
  missed: readonly (readonly [stream: number, events: readonly (readonly [string, number, Json])[]])[],
  records: readonly (readonly [command: number, record: CommandRow])[],
  oversizes: readonly (readonly [command: number, ...Oversize])[],
];

export function outcomesOf(
  { appends, streams }: AppendCall,
  faults: ReadonlyMap<number, ValidationError>,
  json: string,
): readonly Outcome[] {
  const answer = new Answer(appends, streams, JSON.parse(json) as AnswerRow);
  const outcomes: Outcome[] = [];
  for (const [index, append] of appends.entries()) {
    const fault = faults.get(index);
    const outcome = answer.take(append, outcomes, fault !== undefined);
    outcomes.push(
      fault !== undefined && (outcome.kind === 'committed' || outcome.kind === 'conflict')
        ? { kind: 'failed', error: fault }
        : outcome,
    );
  }
  return outcomes;
}

/** Walks the commands in the order in which the server did. */
class Answer {
  readonly #appends: readonly Append[];
  readonly #row: AnswerRow;
  readonly #streams: readonly StreamId[];
  readonly #before: ReadonlyMap<StreamId, number>;
  readonly #current: Map<StreamId, number>;
  #expectation = 0;

  constructor(appends: readonly Append[], streams: readonly StreamId[], row: AnswerRow) {
    this.#appends = appends;
    this.#row = row;
    this.#streams = streams;
    this.#before = new Map(streams.map((stream, index) => [stream, row[2][index]!]));
    this.#current = new Map(this.#before);
  }

  take(append: Append, earlier: readonly Outcome[], faulty: boolean): Outcome {
    const [outcomes, , , origin] = this.#row;
    const first = this.#expectation;
    const index = earlier.length;
    if (!faulty) this.#expectation += append.expected.size;
    switch (outcomes[index]) {
      case 'c':
        return {
          kind: 'committed',
          receipt: faulty ? receiptOf(append, false, []) : this.#commit(append, index),
        };
      case 'x':
        return { kind: 'conflict', stale: this.#stale(append, first) };
      case 'l':
        return { kind: 'failed', error: this.#oversize(append, index) };
      case 'd':
        return { kind: 'duplicate', receipt: this.#recorded(append, index, origin[index]!, earlier).receipt };
      default:
        return { kind: 'idReused', recorded: this.#recorded(append, index, origin[index]!, earlier) };
    }
  }

  #commit(append: Append, index: number) {
    const number = this.#row[1][index]!;
    const recordedAt = isoTime(this.#row[4] ?? 0);
    const receipts = append.events.map(({ id, stream, type }, at) => {
      const count = this.#current.get(stream)! + 1;
      this.#current.set(stream, count);
      return { id, stream, type, version: version(count), position: sequencePosition(number, at), recordedAt };
    });
    return receiptOf(append, false, receipts);
  }

  #recorded(append: Append, index: number, origin: number, earlier: readonly Outcome[]): CommandRecord {
    const { commandId } = append;
    const known = this.#row[7].find(([command]) => command === index);
    if (known !== undefined) return commandRecordOf(commandId, known[1]);
    // A twin: the first of this call with its id was applied just now.
    const first = earlier[origin - 1];
    if (first?.kind !== 'committed') throw new StoreContractBroken('A command id was taken for known that is not.');
    const { fingerprint } = this.#appends[origin - 1]!;
    return { commandId, fingerprint, receipt: { ...first.receipt, duplicate: true } };
  }

  #oversize(append: Append, index: number): ValidationError {
    const [, ...oversize] = this.#row[8].find(([command]) => command === index)!;
    return sizeFault(append, oversize);
  }

  #stale({ expected }: Append, first: number): readonly Stale[] {
    const verdicts = this.#row[5]!;
    const found: Stale[] = [];
    [...expected].forEach(([stream, expectation], at) => {
      const verdict = verdicts[first + at];
      if (verdict === '-') return;
      const facts = { stream, expected: expectation, actual: version(this.#before.get(stream)!) };
      if (verdict !== 's') found.push({ ...facts, reason: verdict === 'm' ? 'moved' : 'chain' });
      else {
        const missed = this.#missed(stream, expectation as number, facts.actual);
        found.push({ ...facts, reason: 'stale', ...(missed !== undefined && { missed }) });
      }
    });
    return found;
  }

  /** The server tells what comes after the lowest version that the call expects; an append may expect a higher one. */
  #missed(stream: StreamId, expected: number, actual: number): readonly LeanEvent[] | undefined {
    if (expected >= actual) return undefined;
    const at = this.#streams.indexOf(stream);
    const events = this.#row[6].find(([number]) => number === at)?.[1];
    return events
      ?.slice(events.length - (actual - expected))
      .map(([type, schemaVersion, data]) => ({ type, schemaVersion, data }));
  }
}
