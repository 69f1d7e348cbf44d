/** Random histories that are right: commands executed one after the other, each at a moment within its time. */
import fc from 'fast-check';
import { digestOf } from './digest.js';
import { positionOf } from './history.fixture.js';
import type { LoggedEvent, Operation, ReadOfStream } from './history.js';

/** A history of which nothing is left out, so that it can be damaged. */
export interface WholeHistory {
  readonly operations: readonly Operation[];
  readonly log: readonly LoggedEvent[];
  readonly feeds: readonly { readonly name: string; readonly events: readonly string[] }[];
}

const streams = ['x', 'y', 'z', 'w'];

const step = fc.record({
  /** What came of it: blind commands read nothing, others what they write and perhaps more. */
  kind: fc.constantFrom('ok', 'ok', 'ok', 'blind', 'rejected', 'empty', 'failed', 'applied', 'vanished', 'resent'),
  reads: fc.subarray(streams),
  writes: fc.array(fc.constantFrom(...streams), { minLength: 1, maxLength: 3 }),
  readsWritten: fc.boolean(),
  before: fc.integer({ min: 1, max: 3000 }),
  after: fc.integer({ min: 1, max: 3000 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

export const validHistory: fc.Arbitrary<WholeHistory> = fc
  .array(step, { minLength: 1, maxLength: 25 })
  .map((steps) => executed(steps));

function executed(steps: readonly Step[]): WholeHistory {
  const log: LoggedEvent[] = [];
  const versions = new Map<string, number>();
  const digests = new Map<string, number>();
  const operations: Operation[] = [];
  steps.forEach(({ kind, before, after, ...wish }, place) => {
    const reads = kind === 'blind' ? [] : [...new Set([...wish.reads, ...(wish.readsWritten ? wish.writes : [])])];
    const read = reads.map((stream): ReadOfStream => {
      const version = versions.get(stream) ?? 0;
      return { stream, version, digest: digests.get(stream) ?? 0 };
    });
    const commandId = `c${place}`;
    const events = wish.writes.map((_, index) => `${commandId}.${index}`);
    const isAnswer = kind === 'rejected' || kind === 'empty';
    if (!isAnswer && kind !== 'failed' && kind !== 'vanished')
      wish.writes.forEach((stream, index) => {
        const id = events[index]!;
        versions.set(stream, (versions.get(stream) ?? 0) + 1);
        digests.set(stream, digestOf(digests.get(stream) ?? 0, id));
        log.push({
          id,
          stream,
          version: versions.get(stream)!,
          position: positionOf(log.length),
          commandId,
          type: 'Done',
          mark: id,
        });
      });
    const moment = 1000 * (place + 1);
    const base = {
      commandId,
      name: 'Do',
      reads: isAnswer ? read : [],
      sent: isAnswer ? [] : [{ reads: read, events }],
    };
    const time = { invoked: moment - before + place / 1000, completed: moment + after + place / 1000 + 0.0005 };
    const process = `p${place}`;
    switch (kind) {
      case 'ok':
      case 'blind':
        operations.push({ ...base, ...time, process, end: 'ok', acknowledged: events });
        break;
      case 'empty':
        operations.push({ ...base, ...time, process, end: 'ok', acknowledged: [] });
        break;
      case 'rejected':
      case 'failed':
        operations.push({ ...base, ...time, process, end: kind, acknowledged: [] });
        break;
      case 'applied':
      case 'vanished':
        operations.push({ ...base, invoked: time.invoked, process, end: 'unknown', acknowledged: [] });
        break;
      case 'resent': {
        const { invoked, completed } = time;
        const again = { ...base, sent: [], process: `${process}-again`, end: 'ok', acknowledged: events } as const;
        operations.push({ ...base, invoked, process, end: 'unknown', acknowledged: [] });
        operations.push({ ...again, invoked: completed + 10, completed: completed + 500 });
        break;
      }
    }
  });
  return {
    operations: seated(operations),
    log,
    feeds: [{ name: 'feed', events: log.map(({ id }) => id) }],
  };
}

/** Lets few processes do it all: each takes the next operation as soon as its last one has ended. */
function seated(operations: readonly Operation[]): readonly Operation[] {
  const freeFrom: number[] = [];
  return operations
    .toSorted((one, other) => one.invoked - other.invoked)
    .map((operation) => {
      const { invoked, completed = Infinity } = operation;
      const free = freeFrom.findIndex((time) => time < invoked);
      const seat = free === -1 ? freeFrom.length : free;
      freeFrom[seat] = completed;
      return { ...operation, process: `p${seat}` };
    });
}
