/** Histories by hand: each thing that can be wrong, and beside it what looks alike and is right. */
import { describe, expect, it } from '@jest/globals';
import { checkHistory } from './check-history.js';
import { fed, historyOf, logging, positionOf, type Line } from './history.fixture.js';
import type { History } from './history.js';

type Case = readonly [says: string, history: History, kinds: readonly string[]];

const told = (says: string, lines: readonly Line[], ...kinds: readonly string[]): Case => [
  says,
  historyOf(...lines),
  kinds,
];

function judge(cases: readonly Case[]): void {
  it.each(cases)('%s', (_, history, kinds) => {
    const verdict = checkHistory(history);
    expect({ kinds: verdict.anomalies.map(({ kind }) => kind), text: String(verdict) }).toEqual({
      kinds,
      text: expect.any(String),
    });
    expect(verdict.valid).toBe(kinds.length === 0);
  });
}

const opened: Line = ['o', { writes: ['x', 'y'] }];

describe('what is right', () => {
  judge([
    ['an empty history', { operations: [], log: [] }, []],
    told('one command after the other', [
      ['a', { reads: { x: 0 }, writes: ['x'] }],
      ['b', { reads: { x: 1, y: 0 }, writes: ['y', 'x'] }],
      ['c', { reads: { x: 2, y: 1 }, writes: ['x'] }],
    ]),
    told('commands that overlap, in the order in which they were invoked', [
      opened,
      ['a', { at: [50, 60], reads: { x: 1 }, writes: ['x'] }],
      ['b', { at: [51, 61], reads: { x: 2 }, writes: ['x'] }],
    ]),
    told('commands that overlap, in the other order', [
      opened,
      ['b', { at: [51, 61], reads: { x: 1 }, writes: ['x'] }],
      ['a', { at: [50, 60], reads: { x: 2 }, writes: ['x'] }],
    ]),
    told('a read that is overwritten by a command which the reader does not depend on', [
      opened,
      ['a', { at: [50, 60], reads: { x: 1, y: 1 }, writes: ['x'] }],
      ['b', { at: [51, 61], reads: { y: 1 }, writes: ['y'] }],
    ]),
    told('an unknown end, applied', [
      opened,
      ['a', { end: 'unknown', applied: true, reads: { x: 1 }, writes: ['x'] }],
      ['b', { reads: { x: 2 }, writes: ['x'] }],
    ]),
    told('an unknown end, not applied', [
      opened,
      ['a', { end: 'unknown', reads: { x: 1 }, writes: ['x'] }],
      ['b', { reads: { x: 1 }, writes: ['x'] }],
    ]),
    told('an unknown end, applied long after it was told of, though its process went on', [
      opened,
      ['b', { by: 'p', at: [60, 61], reads: { x: 1 }, writes: ['x'] }],
      ['a', { by: 'p', at: [50, 51], end: 'unknown', applied: true, reads: { y: 1 }, writes: ['x', 'y'] }],
    ]),
    told('an operation that never ended, applied or not', [
      opened,
      ['a', { at: [50], end: 'unknown', applied: true, reads: { x: 1 }, writes: ['x'] }],
      ['b', { at: [52], end: 'unknown', reads: { x: 1 }, writes: ['x'] }],
    ]),
    told('a failure that left nothing', [opened, ['a', { end: 'failed', reads: { x: 1 }, writes: ['x'] }]]),
    told('a command that was sent again by another process, and was applied the first time', [
      opened,
      ['a', { at: [50], end: 'unknown', applied: true, reads: { x: 1 }, writes: ['x'] }],
      ['b', { at: [60, 61], reads: { x: 2 }, writes: ['x'] }],
      ['a', { at: [80, 81], acknowledged: ['a.1'] }],
    ]),
    told('a command that was sent again, decided anew and then applied', [
      opened,
      ['a', { at: [50], end: 'unknown', reads: { x: 1 }, writes: ['x'], events: ['a.old'] }],
      ['b', { at: [60, 61], reads: { x: 1 }, writes: ['x'] }],
      ['a', { at: [80, 81], reads: { x: 2 }, writes: ['x'] }],
    ]),
    told('the very same append sent again after it was reported as failed, and applied then', [
      opened,
      ['a', { end: 'failed', reads: { x: 1 }, writes: ['x'] }],
      ['a', { reads: { x: 1 }, writes: ['x'] }],
    ]),
    told('a command that was rejected when it was sent again, while the first one was on its way', [
      opened,
      ['a', { at: [90, 91], end: 'rejected', reads: { x: 1 } }],
      ['a', { at: [50], end: 'unknown', applied: true, reads: { x: 1 }, writes: ['x'] }],
    ]),
    told('a command that was rejected, and applied when it was sent again', [
      opened,
      ['a', { at: [50, 51], end: 'rejected', reads: { x: 1 } }],
      ['b', { at: [60, 61], reads: { x: 1 }, writes: ['x'] }],
      ['a', { at: [70, 71], reads: { x: 2 }, writes: ['x'] }],
    ]),
    told('a command that had nothing to do after a conflict, and was applied when it was sent again', [
      opened,
      ['a', { at: [50, 51], applied: false, acknowledged: [], reads: { x: 0 }, writes: ['x'], events: ['a.old'] }],
      ['b', { at: [60, 61], end: 'rejected', reads: { x: 1 } }],
      ['a', { at: [70, 71], reads: { x: 1 }, writes: ['x'] }],
    ]),
    told('a command that was sent again under the same ids of events, and wrote more than it would have before', [
      opened,
      ['a', { at: [50], end: 'unknown', reads: { x: 1 }, writes: ['x'] }],
      ['b', { at: [60, 61], reads: { x: 1 }, writes: ['x'] }],
      ['a', { at: [70, 71], reads: { x: 2 }, writes: ['x', 'x'] }],
    ]),
    told('blind writes to streams that others have moved', [
      opened,
      ['a', { at: [50, 60], reads: { x: 1 }, writes: ['y'] }],
      ['b', { at: [51, 61], reads: { x: 1 }, writes: ['y'] }],
    ]),
    told('rejections that rest on what there was', [
      opened,
      ['a', { end: 'rejected', reads: { x: 1, z: 0 } }],
      ['b', { reads: { x: 1 }, writes: ['x'] }],
      ['c', { end: 'rejected', reads: { x: 2, y: 1 } }],
    ]),
    told('a receipt without events', [opened, ['a', { reads: { x: 1 } }]]),
    told('a receipt without events, after an append that met a conflict', [
      opened,
      ['a', { applied: false, acknowledged: [], reads: { x: 0 }, writes: ['x'] }],
    ]),
    told('a rejection on what was overwritten while it was being decided', [
      opened,
      ['b', { at: [50, 60], reads: { x: 1 }, writes: ['x'] }],
      ['a', { at: [59, 70], end: 'rejected', reads: { x: 1 } }],
    ]),
    told('a decision on a stream that comes into being while it is made', [
      ['a', { at: [1, 10], reads: { x: 0 }, writes: ['y'] }],
      ['b', { at: [2, 9], reads: { x: 0 }, writes: ['x'] }],
    ]),
    told('a command that writes several events to one stream', [
      ['a', { reads: { x: 0 }, writes: ['x', 'x', 'x'] }],
      ['b', { reads: { x: 3 }, writes: ['x'] }],
    ]),
    told('the process of a crashed operation under another name, which sends it again', [
      opened,
      ['a', { by: 'p', at: [50], end: 'unknown', applied: true, reads: { x: 1 }, writes: ['x'] }],
      ['b', { by: 'p2', at: [60, 61], end: 'rejected', reads: { x: 2 } }],
      ['a', { by: 'p2', at: [70, 71], acknowledged: ['a.1'] }],
      ['c', { by: 'p2', at: [80, 81], end: 'rejected', reads: { x: 2 } }],
    ]),
    [
      'digests of a stream of which one event has no mark',
      withoutFirstMark(historyOf(opened, ['a', { reads: { x: 1 } }])),
      [],
    ],
    ['reads without digests', withoutDigests(historyOf(opened, ['a', { reads: { x: 1 }, writes: ['x'] }])), []],
  ]);
});

function reversed(history: History): History {
  return { ...history, operations: history.operations.toReversed() };
}

/** The versions of its first two events. */
function swapped(history: History): History {
  const [first, second, ...rest] = history.log;
  const swap = [
    { ...first!, version: second!.version },
    { ...second!, version: first!.version },
  ];
  return logging(history, [...swap, ...rest]);
}

function withoutFirstMark(history: History): History {
  const [{ mark: _, ...first }, ...rest] = history.log as [History['log'][number], ...History['log']];
  return { ...history, log: [first, ...rest] };
}

function withoutDigests(history: History): History {
  const log = history.log.map(({ mark: _, ...event }) => event);
  return { ...history, log };
}

describe('the log', () => {
  const right = historyOf(['a', { writes: ['x', 'y'] }], ['b', { writes: ['x', 'x'] }]);
  const [first, second, third, fourth] = right.log;
  judge([
    [
      'is disordered if positions do not ascend',
      logging(right, [first!, second!, { ...third!, position: second!.position }, fourth!]),
      ['disordered'],
    ],
    [
      'is misnumbered if a version is left out',
      logging(right, [first!, second!, { ...third!, version: 3 }, { ...fourth!, version: 4 }]),
      ['misnumbered'],
    ],
    [
      'is misnumbered if a version is there twice',
      logging(right, [first!, second!, third!, { ...fourth!, version: 2 }]),
      ['misnumbered', 'disordered'],
    ],
    [
      'is misnumbered if a later version comes first, and so is the feed that gives it',
      logging(right, [first!, second!, { ...third!, version: 3 }, { ...fourth!, version: 2 }]),
      ['misnumbered', 'disordered'],
    ],
    [
      'is misnumbered, and nothing else, if a command wrote two versions in the wrong order',
      swapped(historyOf(['a', { reads: { x: 0 }, writes: ['x', 'x'] }])),
      ['misnumbered', 'disordered'],
    ],
    [
      'repeats an event if two commands have one of the same id',
      logging(right, [first!, second!, third!, { ...fourth!, id: 'a.1' }]),
      ['repeated', 'lost', 'phantom', 'partial', 'repeated'],
    ],
    [
      'is torn if the events of a command do not stand together',
      logging(
        right,
        [first!, third!, second!, fourth!].map((event, place) => ({ ...event, position: positionOf(place) })),
      ),
      ['torn', 'torn', 'torn'],
    ],
    [
      'comes in the order of cause',
      logging(
        historyOf(opened, ['a', { reads: { x: 1 }, writes: ['z'] }]),
        ['a.1', 'o.1', 'o.2'].map((id, place) => ({
          ...historyOf(opened, ['a', { reads: { x: 1 }, writes: ['z'] }]).log.find((event) => event.id === id)!,
          position: positionOf(place),
        })),
      ),
      ['causality', 'causality'],
    ],
  ]);
});

describe('what was answered', () => {
  judge([
    told('is lost if it was acknowledged and is not there', [opened, ['a', { applied: false, writes: ['x'] }]], 'lost'),
    told(
      'is lost and partial if a part of it is there',
      [opened, ['a', { applied: ['a.2'], writes: ['x', 'y'] }]],
      'lost',
      'partial',
    ),
    told(
      'is lost if an empty receipt follows, but not that one',
      [opened, ['a', { applied: false, writes: ['x'] }], ['a', { reads: { x: 1 } }]],
      'lost',
    ),
    ['is a phantom if nobody sent it', { operations: [], log: historyOf(opened).log }, ['phantom']],
    told(
      'is a phantom if all that was sent under its id ended as failed',
      [opened, ['a', { end: 'failed', applied: true, writes: ['x'] }]],
      'phantom',
    ),
    told(
      'is a phantom if it was reported as failed, also if it is acknowledged later',
      [opened, ['a', { end: 'failed', applied: true, writes: ['x'] }], ['a', { acknowledged: ['a.1'] }]],
      'phantom',
    ),
    told(
      'is a phantom if the call that sent it was rejected, also if it is acknowledged later',
      [opened, ['a', { end: 'rejected', applied: true, writes: ['x'] }], ['a', { acknowledged: ['a.1'] }]],
      'phantom',
    ),
    told(
      'is a phantom if it was rejected',
      [opened, ['a', { end: 'rejected', applied: true, writes: ['x'] }]],
      'phantom',
    ),
    [
      'is a phantom if the command sent other events, which are lost',
      logging(
        historyOf(opened, ['a', { writes: ['x'] }]),
        historyOf(opened, ['a', { writes: ['x'], events: ['strange'] }]).log,
      ),
      ['lost', 'phantom'],
    ],
    told(
      'is duplicated if two appends of one command id are there',
      [
        opened,
        ['a', { at: [50], end: 'unknown', applied: true, writes: ['x'], events: ['a.old'] }],
        ['b', { writes: ['x'] }],
        ['a', { end: 'unknown', applied: true, writes: ['x'] }],
      ],
      'duplicated',
      'torn',
    ),
    [
      'is duplicated whichever of the two is known first, and then nothing is made of what it read',
      reversed(
        historyOf(
          opened,
          ['a', { end: 'unknown', applied: true, reads: { x: 1 }, writes: ['x'], events: ['a.old'] }],
          ['a', { end: 'unknown', applied: true, reads: { x: 2 }, writes: ['x'] }],
        ),
      ),
      ['duplicated'],
    ],
    [
      'is duplicated if one append is there twice',
      logging(historyOf(opened, ['a', { writes: ['x'] }]), [
        ...historyOf(opened, ['a', { writes: ['x'] }]).log,
        { ...historyOf(opened, ['a', { writes: ['x'] }]).log[2]!, version: 3, position: positionOf(3) },
      ]),
      ['duplicated', 'repeated'],
    ],
    told(
      'is partial if only some of the events are there, though nobody heard of it',
      [opened, ['a', { end: 'unknown', applied: ['a.1'], writes: ['x', 'y'] }]],
      'partial',
    ),
    told(
      'is partial if the events are there in another order',
      [opened, ['a', { end: 'unknown', applied: ['a.2', 'a.1'], writes: ['x', 'y'] }]],
      'partial',
    ),
    told(
      'is mistold if the receipt leaves out an event',
      [opened, ['a', { acknowledged: ['a.1'], writes: ['x', 'y'] }]],
      'mistold',
    ),
    told(
      'is mistold if the receipt names the events of another command',
      [opened, ['a', { acknowledged: ['o.1', 'o.2'], applied: false, writes: ['x'] }]],
      'mistold',
    ),
    told('is mistold if the receipt is empty', [opened, ['a', { acknowledged: [], writes: ['x'] }]], 'mistold'),
  ]);
});

describe('what was read', () => {
  judge([
    told(
      'is bad if the log never reached it',
      [opened, ['a', { end: 'rejected', reads: { x: 2 } }], ['b', { reads: { z: 1 }, writes: ['y'] }]],
      'badRead',
      'badRead',
    ),
    told(
      'is bad if it is no version',
      [opened, ['a', { end: 'rejected', reads: { x: -1, y: 0.5 } }]],
      'badRead',
      'badRead',
    ),
    told(
      'is bad if other events were folded',
      [opened, ['a', { reads: { x: { version: 1, digest: 7 } }, writes: ['y'] }]],
      'badRead',
    ),
    told(
      'is bad if events were folded of a stream that does not exist',
      [opened, ['a', { reads: { x: { version: 0, digest: 7 }, z: { version: 0, digest: 7 } }, writes: ['y'] }]],
      'badRead',
      'badRead',
    ),
    told('may have no digest', [opened, ['a', { reads: { x: { version: 1 } }, writes: ['x'] }]]),
    told(
      'is a lost update if another command wrote in between',
      [
        opened,
        ['a', { at: [50, 60], reads: { x: 1 }, writes: ['x'] }],
        ['b', { at: [51, 61], reads: { x: 1 }, writes: ['x'] }],
      ],
      'lostUpdate',
    ),
    told(
      'is a lost update if it had read what it was about to write',
      [opened, ['a', { at: [50, 60], reads: { x: 2 }, writes: ['x'] }]],
      'lostUpdate',
    ),
    told(
      'is of its own effect if a command that was applied is rejected on what it wrote',
      [
        opened,
        ['a', { at: [50, 60], reads: { x: 1 }, writes: ['x'] }],
        ['a', { at: [70, 80], end: 'rejected', reads: { x: 2 } }],
      ],
      'ownEffect',
    ),
    told(
      'is of its own effect if a command that may have been applied, and was, finds nothing to do any more',
      [
        opened,
        ['a', { at: [50], end: 'unknown', applied: true, reads: { x: 1 }, writes: ['x', 'y'] }],
        ['a', { at: [70, 80], reads: { y: 2 } }],
      ],
      'ownEffect',
    ),
    told('is right if a command is rejected before what was sent under the same id takes effect', [
      opened,
      ['a', { at: [50], end: 'unknown', applied: true, reads: { x: 1 }, writes: ['x'] }],
      ['a', { at: [51, 60], end: 'rejected', reads: { x: 1, y: 1 } }],
    ]),
    told('is of no account if the append was not applied', [
      opened,
      ['a', { end: 'unknown', reads: { x: { version: 9, digest: 9 } }, writes: ['x'] }],
    ]),
  ]);
});

describe('the order of commands', () => {
  judge([
    ['is G0 if two commands wrote two streams in opposite orders', interleaved({ reads: {} }), ['torn', 'G0', 'torn']],
    told(
      'is G1c if two commands each read what the other one wrote',
      [
        opened,
        ['a', { at: [50, 60], reads: { y: 2 }, writes: ['x'] }],
        ['b', { at: [51, 61], reads: { x: 2 }, writes: ['y'] }],
      ],
      'G1c',
      'causality',
      'causality',
    ),
    told(
      'is G-single if a command read one stream before and another one after a command that wrote both',
      [
        opened,
        ['a', { at: [50, 60], writes: ['x', 'y'] }],
        ['b', { at: [51, 61], end: 'rejected', reads: { x: 1, y: 2 } }],
      ],
      'G-single',
    ),
    told(
      'is G-single if a command read one stream at two versions',
      [
        opened,
        ['a', { at: [50, 60], reads: { x: 1 }, writes: ['x'] }],
        ['b', { at: [51, 61], reads: { x: [1, 2] }, writes: ['y'] }],
      ],
      'G-single',
    ),
    told(
      'is G2-item if two commands each decided on what the other one changed',
      [
        opened,
        ['a', { at: [50, 60], reads: { x: 1, y: 1 }, writes: ['x'] }],
        ['b', { at: [51, 61], reads: { x: 1, y: 1 }, writes: ['y'] }],
      ],
      'G2-item',
    ),
    told(
      'is G2-item if two commands each decided on a stream that did not exist, and the other one created it',
      [
        ['a', { at: [50, 60], reads: { x: 0, y: 0 }, writes: ['x'] }],
        ['b', { at: [51, 61], reads: { x: 0, y: 0 }, writes: ['y'] }],
      ],
      'G2-item',
    ),
    told(
      'is G2-item if an answer that wrote nothing saw one of two, and its neighbour the other',
      [
        opened,
        ['a', { at: [50, 60], reads: { x: 1 }, writes: ['x'] }],
        ['b', { at: [51, 61], reads: { y: 1 }, writes: ['y'] }],
        ['c', { at: [52, 62], end: 'rejected', reads: { x: 2, y: 1 } }],
        ['d', { at: [53, 63], reads: { x: 1, y: 2 } }],
      ],
      'G2-item',
    ),
    told(
      'is G2-item among three commands',
      [
        ['o', { writes: ['x', 'y', 'z'] }],
        ['a', { at: [50, 60], reads: { y: 1 }, writes: ['x'] }],
        ['b', { at: [51, 61], reads: { z: 1 }, writes: ['y'] }],
        ['c', { at: [52, 62], reads: { x: 1 }, writes: ['z'] }],
      ],
      'G2-item',
    ),
    told(
      'is reported for each circle that has nothing to do with another one',
      [
        ['o', { writes: ['x', 'y', 'z', 'w'] }],
        ['a', { at: [50, 60], reads: { x: 1, y: 1 }, writes: ['x'] }],
        ['b', { at: [51, 61], reads: { x: 1, y: 1 }, writes: ['y'] }],
        ['c', { at: [52, 62], reads: { z: 1, w: 1 }, writes: ['z'] }],
        ['d', { at: [53, 63], reads: { z: 1, w: 1 }, writes: ['w'] }],
      ],
      'G2-item',
      'G2-item',
    ),
    told(
      'is G0-process if a process overwrote blindly, and before, what it wrote later',
      [
        ['b', { by: 'p', at: [60, 61], writes: ['x'] }],
        ['a', { by: 'p', at: [50, 51], writes: ['x'] }],
      ],
      'G0-process',
    ),
    told(
      'is G1c-process if a process read what it wrote later',
      [
        opened,
        ['b', { by: 'p', at: [60, 61], reads: { x: 1 }, writes: ['x'] }],
        ['a', { by: 'p', at: [50, 51], end: 'rejected', reads: { x: 2 } }],
      ],
      'G1c-process',
    ),
    told(
      'is G-single-process if a process does not see what it wrote',
      [
        opened,
        ['a', { by: 'p', at: [50, 51], reads: { x: 1 }, writes: ['x'] }],
        ['b', { by: 'p', at: [60, 61], end: 'rejected', reads: { x: 1 } }],
      ],
      'G-single-process',
    ),
    told(
      'is G2-item-process if two processes each fail to see the other one, after they wrote',
      [
        opened,
        ['a', { by: 'p', at: [50, 53], reads: { x: 1 }, writes: ['x'] }],
        ['b', { by: 'q', at: [51, 54], reads: { y: 1 }, writes: ['y'] }],
        ['c', { by: 'p', at: [55, 62], end: 'rejected', reads: { y: 1 } }],
        ['d', { by: 'q', at: [56, 61], end: 'rejected', reads: { x: 1 } }],
      ],
      'G2-item-process',
    ),
    told(
      'is G0-realtime if a blind write is put before one that had ended',
      [
        ['b', { at: [60, 61], writes: ['x'] }],
        ['a', { at: [50, 51], writes: ['x'] }],
      ],
      'G0-realtime',
    ),
    told(
      'is G1c-realtime if a read sees what is invoked later',
      [
        opened,
        ['b', { at: [60, 61], reads: { x: 1 }, writes: ['x'] }],
        ['a', { at: [50, 51], end: 'rejected', reads: { x: 2 } }],
      ],
      'G1c-realtime',
    ),
    told(
      'is G-single-realtime if a rejection rests on what had been overwritten',
      [
        opened,
        ['a', { at: [50, 51], reads: { x: 1 }, writes: ['x'] }],
        ['b', { at: [60, 61], end: 'rejected', reads: { x: 1 } }],
      ],
      'G-single-realtime',
    ),
    told(
      'is G-single-realtime if a command decided on what had been overwritten, and wrote elsewhere',
      [
        opened,
        ['a', { at: [50, 51], reads: { x: 1 }, writes: ['x'] }],
        ['b', { at: [60, 61], reads: { x: 1 }, writes: ['y'] }],
      ],
      'G-single-realtime',
    ),
    told(
      'is G2-item-realtime if an answer misses a command that had to be before one that had ended',
      [
        opened,
        ['a', { at: [50, 90], reads: { y: 1 }, writes: ['x'] }],
        ['b', { at: [51, 53], reads: { y: 1 }, writes: ['y'] }],
        ['c', { at: [60, 61], end: 'rejected', reads: { x: 1 } }],
      ],
      'G2-item-realtime',
    ),
    told('allows the same if that one had not ended', [
      opened,
      ['a', { at: [50, 90], reads: { y: 1 }, writes: ['x'] }],
      ['b', { at: [51, 60.5], reads: { y: 1 }, writes: ['y'] }],
      ['c', { at: [60, 61], end: 'rejected', reads: { x: 1 } }],
    ]),
    told(
      'counts a command as done from the first receipt on, whoever was told',
      [
        opened,
        ['a', { at: [50], end: 'unknown', applied: true, reads: { x: 1 }, writes: ['x'] }],
        ['a', { at: [60, 61], acknowledged: ['a.1'] }],
        ['b', { at: [70, 71], end: 'rejected', reads: { x: 1 } }],
        ['a', { at: [80, 81], acknowledged: ['a.1'] }],
      ],
      'G-single-realtime',
    ),
    told(
      'does not let a command be under way while it was answered that there is nothing to do',
      [
        opened,
        ['a', { at: [50, 51], reads: { x: 1 } }],
        ['a', { at: [70, 71], reads: { x: 1 }, writes: ['x'] }],
        ['b', { at: [60, 61], end: 'rejected', reads: { x: 2 } }],
      ],
      'G1c-realtime',
    ),
    told(
      'is not of a process that could not know whether its command was applied',
      [
        opened,
        ['a', { by: 'p', at: [50, 51], end: 'unknown', applied: true, reads: { x: 1 }, writes: ['x'] }],
        ['b', { by: 'q', at: [62, 63], end: 'rejected', reads: { x: 2 } }],
        ['c', { by: 'p', at: [64, 65], end: 'rejected', reads: { x: 1 } }],
      ],
      'G-single-realtime',
    ),
    told(
      'is of a process that was told by sending it again',
      [
        opened,
        ['a', { by: 'p', at: [50, 51], end: 'unknown', applied: true, reads: { x: 1 }, writes: ['x'] }],
        ['a', { by: 'p', at: [60, 61], acknowledged: ['a.1'] }],
        ['c', { by: 'p', at: [64, 65], end: 'rejected', reads: { x: 1 } }],
      ],
      'G-single-process',
    ),
    told(
      'is of a process that sends again what another one began after it had seen it',
      [
        opened,
        ['a', { by: 'q', at: [60], end: 'unknown', applied: true, reads: { x: 1 }, writes: ['x'] }],
        ['b', { by: 'p', at: [50, 51], end: 'rejected', reads: { x: 2 } }],
        ['a', { by: 'p', at: [70, 71], acknowledged: ['a.1'] }],
      ],
      'G1c-process',
    ),
    told('lets a command be under way from the first invocation on, whoever was told', [
      opened,
      ['a', { at: [50], end: 'unknown', applied: true, reads: { x: 1 }, writes: ['x'] }],
      ['b', { at: [60, 61], end: 'rejected', reads: { x: 2 } }],
      ['a', { at: [70, 71], acknowledged: ['a.1'] }],
    ]),
  ]);

  function interleaved({ reads }: { readonly reads: Record<string, number> }): History {
    const history = historyOf(
      ['a', { at: [1, 10], reads, writes: ['x', 'y'] }],
      ['b', { at: [2, 11], reads, writes: ['y', 'x'] }],
    );
    const at = (id: string) => history.log.find((event) => event.id === id)!;
    const log = [at('a.1'), at('b.1'), at('b.2'), at('a.2')].map((event, place) => ({
      ...event,
      version: event.id === 'b.1' ? 1 : event.id === 'a.2' ? 2 : event.version,
      position: positionOf(place),
    }));
    return logging(history, log);
  }
});

describe('a feed', () => {
  const history = historyOf(
    ['a', { writes: ['x', 'y'] }],
    ['b', { reads: { x: 1 }, writes: ['z'] }],
    ['c', { writes: ['x'] }],
  );
  judge([
    ['gives all of the log, in its order', history, []],
    ['may stop early, if that is what was expected', fed(history, ['a.1', 'a.2'], ['a.1', 'a.2']), []],
    ['may have come further than was expected', fed(history, ['a.1', 'a.2', 'b.1'], ['a.1', 'a.2']), []],
    ['may be filtered', fed(history, ['a.1', 'c.1'], ['a.1', 'c.1']), []],
    ['misses what is not there in the end', fed(history, ['a.1', 'a.2', 'b.1']), ['missing']],
    ['misses everything', fed(history, []), ['missing']],
    ['misses what is not in the log either', fed(history, ['a.1', 'a.2', 'b.1', 'c.1'], ['a.1', 'lost']), ['missing']],
    ['has skipped what it left out', fed(history, ['a.1', 'a.2', 'c.1']), ['skipped']],
    ['does not repeat itself', fed(history, ['a.1', 'a.2', 'a.1', 'a.2', 'b.1', 'c.1']), ['repeated']],
    ['has nothing foreign', fed(history, ['a.1', 'a.2', 'who', 'b.1', 'c.1']), ['foreign']],
    ['keeps the order of the log', fed(history, ['a.1', 'a.2', 'c.1', 'b.1']), ['disordered']],
    ['keeps the order of a stream', fed(history, ['c.1', 'a.1', 'a.2', 'b.1']), ['disordered']],
    ['does not tear commands', fed(history, ['a.1', 'b.1', 'a.2', 'c.1']), ['disordered', 'torn']],
    ['gives causes first', fed(history, ['b.1', 'a.1', 'a.2', 'c.1']), ['disordered', 'causality']],
    [
      'gives no effect alone before a cause of its cause',
      fed(
        historyOf(opened, ['a', { reads: { x: 1 }, writes: ['x'] }], ['b', { reads: { x: 2 }, writes: ['z'] }]),
        ['b.1', 'o.1', 'o.2'],
        ['o.1', 'o.2', 'b.1'],
      ),
      ['disordered', 'causality'],
    ],
  ]);

  it('is named', () => {
    const [anomaly] = checkHistory(fed(history, ['a.1', 'a.2', 'c.1'])).anomalies;
    expect(anomaly).toMatchObject({ kind: 'skipped', feed: 'feed', events: ['b.1'], streams: ['z'] });
  });
});
