import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { assertSerializable, HistoryViolation } from './assert-serializable.js';
import { checkHistory } from './check-history.js';
import { fed, historyOf, type Line } from './history.fixture.js';

const opened: Line = ['01920000-0000-7000-8000-0000000000ff', { writes: ['account-ann', 'account-bob'] }];
const both = { 'account-ann': 1, 'account-bob': 1 };
const skewed = historyOf(
  opened,
  ['01920000-0000-7000-8000-0000000000a1', { by: 'client-2', at: [50, 60], reads: both, writes: ['account-ann'] }],
  ['01920000-0000-7000-8000-0000000000b7', { by: 'client-4', at: [51, 61], reads: both, writes: ['account-bob'] }],
);

describe('a verdict', () => {
  it('says in one line what was judged', () => {
    const verdict = checkHistory(
      historyOf(
        opened,
        ['a', { end: 'rejected', reads: both }],
        ['b', { reads: both }],
        ['c', { end: 'failed', reads: both, writes: ['account-ann'] }],
        ['d', { at: [100], end: 'unknown', reads: both, writes: ['account-ann'] }],
      ),
    );
    expect(verdict.counts).toEqual({
      operations: 5,
      applied: 1,
      rejected: 1,
      empty: 1,
      failed: 1,
      unknown: 1,
      events: 2,
      edges: expect.any(Number),
    });
    expect(String(verdict)).toBe(
      'No anomaly in 5 operations (1 applied, 1 rejected, 1 empty, 1 failed, 1 unknown) and 2 events.',
    );
  });

  it('explains an anomaly: what it means, then the circle', () => {
    expect(String(checkHistory(skewed)).split('\n\n')[1]).toBe(
      [
        'G2-item: two commands each decided on what the other one changed; no order of the two explains both.',
        '  Do 0192…a1 by client-2 read account-bob at version 1, which Do 0192…b7 by client-4 overwrote (version 2)',
        '  Do 0192…b7 by client-4 read account-ann at version 1, which Do 0192…a1 by client-2 overwrote (version 2)',
      ].join('\n'),
    );
  });

  it('gives a program the same in parts', () => {
    const [, one, other] = skewed.operations;
    expect(checkHistory(skewed).anomalies).toEqual([
      {
        kind: 'G2-item',
        streams: ['account-bob', 'account-ann'],
        operations: [one, other],
        events: expect.any(Array),
        cycle: [
          { from: one, to: other, because: expect.stringContaining('read account-bob') },
          { from: other, to: one, because: expect.stringContaining('read account-ann') },
        ],
        explanation: expect.stringMatching(/^G2-item: /),
      },
    ]);
  });

  it('shows the shortest circle of those that there are', () => {
    const three = historyOf(
      ['o', { writes: ['x', 'y', 'z'] }],
      ['a', { at: [50, 60], reads: { y: 1 }, writes: ['x'] }],
      ['b', { at: [51, 61], reads: { z: 1 }, writes: ['y'] }],
      ['c', { at: [52, 62], reads: { x: 1, y: 1 }, writes: ['z'] }],
    );
    const [anomaly] = checkHistory(three).anomalies;
    expect(anomaly!.cycle.map(({ from }) => from.commandId).sort()).toEqual(['b', 'c']);
  });

  it('shows the shortest circle, also if commands that are only on a longer one come later', () => {
    const all = [...'abcdef'];
    const reads: Record<string, readonly string[]> = {
      a: ['b', 'd'],
      b: ['c'],
      c: ['a'],
      d: ['e'],
      e: ['f'],
      f: ['a'],
    };
    const rings = historyOf(
      ['o', { writes: all }],
      ...all.map((id, n): Line => {
        const read = Object.fromEntries(reads[id]!.map((stream) => [stream, 1]));
        return [id, { at: [50 + n, 70 + n], reads: read, writes: [id] }];
      }),
    );
    const [anomaly] = checkHistory(rings).anomalies;
    expect(anomaly!.cycle.map(({ from }) => from.commandId)).toEqual(['a', 'b', 'c']);
  });

  it('takes no command for a circle of its own, however often it wrote to a stream', () => {
    const skew = historyOf(
      opened,
      ['a', { at: [50, 60], reads: both, writes: ['account-ann', 'account-ann'] }],
      ['b', { at: [51, 61], reads: both, writes: ['account-bob', 'account-bob'] }],
    );
    expect(checkHistory(skew).anomalies.map(({ kind, cycle }) => [kind, cycle.length])).toEqual([['G2-item', 2]]);
  });

  it('shows what had ended before what began as one step, whatever happened in between', () => {
    const between = Array.from({ length: 6 }, (_, n): Line => [`n${n}`, { at: [60 + n, 60.5 + n], reads: { z: 0 } }]);
    const stale = historyOf(
      ['o', { writes: ['x'] }],
      ['a', { at: [50, 51], reads: { x: 1 }, writes: ['x'] }],
      ...between,
      ['b', { at: [80, 81], end: 'rejected', reads: { x: 1 } }],
    );
    expect(checkHistory(stale).anomalies[0]!.cycle.map(({ because }) => because)).toEqual([
      'Do a by process-2 had ended before Do b by process-9 (rejected) began',
      'Do b by process-9 (rejected) read x at version 1, which Do a by process-2 overwrote (version 2)',
    ]);
  });

  it('shortens ids no further than they can be told apart', () => {
    const lost = (id: string, n: number): Line => [id, { applied: false, writes: ['x'], events: [`e${n}`] }];
    const alike = ['01920000-0000-7000-8000-00000000a1b2', '01920000-0000-7000-8000-00000000c1b2'];
    const verdict = checkHistory(historyOf(opened, ...alike.map(lost)));
    expect(verdict.anomalies.map(({ explanation }) => /Do (\S+)/.exec(explanation)![1])).toEqual([
      '0192…a1b2',
      '0192…c1b2',
    ]);
    const far = ['01920000-a-7000-8000-000000000000', '01920000-b-7000-8000-000000000000'];
    const other = checkHistory(historyOf(opened, ...far.map(lost)));
    expect(other.anomalies.map(({ explanation }) => /Do (\S+)/.exec(explanation)![1])).toEqual(far);
  });

  it('names the command that a lost update overlooked', () => {
    const both = { reads: { x: 0 }, writes: ['x'] };
    const [anomaly] = checkHistory(historyOf(['a', { ...both, at: [1, 9] }], ['b', { ...both, at: [2, 8] }])).anomalies;
    expect(anomaly!.operations.map(({ commandId }) => commandId)).toEqual(['b', 'a']);
    expect(anomaly!.explanation.split('\n').slice(1)).toEqual([
      '  Do b by process-2 read x at version 0 and wrote version 2',
      '  Do a by process-1 wrote version 1',
    ]);
  });

  it('stays short, however much is wrong', () => {
    const many = historyOf(...Array.from({ length: 100 }, (_, n): Line => [`c${n}`, { writes: ['x'] }]));
    expect(checkHistory(fed(many, [])).toString().split('\n').length).toBeLessThan(20);
    const lost = historyOf(
      ...Array.from({ length: 100 }, (_, n): Line => [`c${n}`, { applied: false, writes: ['x'] }]),
    );
    expect(checkHistory(lost).anomalies).toHaveLength(100);
    expect(checkHistory(lost).toString().split('\n').length).toBeLessThan(80);
  });
});

describe('asserting that a history is serializable', () => {
  it('passes what is', () => {
    expect(() => assertSerializable(historyOf(opened))).not.toThrow();
  });

  it('throws the explanation', () => {
    expect(() => assertSerializable(skewed)).toThrow(HistoryViolation);
    expect(() => assertSerializable(skewed)).toThrow(String(checkHistory(skewed)));
  });

  it('throws an error that has its name, and the verdict', () => {
    const error = new HistoryViolation(checkHistory(skewed));
    expect([error.name, error.verdict.valid, error.stack?.split(':')[0]]).toEqual([
      'HistoryViolation',
      false,
      'HistoryViolation',
    ]);
    expect(inspect(error)).not.toContain('operations: [');
  });
});
