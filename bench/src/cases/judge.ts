/** The judge alone, over histories without an anomaly: a long one, as of a day under faults, and short ones, as of a simulator. */
import { checkHistory, digestOf, type History, type LoggedEvent, type Operation } from '@eventcore/testing';
import type { Case } from '../harness.js';

const LONG = 100_000;
const SHORT = 60;
const SHORT_ONES = 500;

/** By hand nobody judges, so there is nobody to compare with. */
export const judging: readonly Case[] = [
  {
    name: 'judge-long',
    work: `judging a history of ${LONG.toLocaleString('en')} commands, 3,000 streams and 10 processes`,
    unit: 'commands',
    operations: LONG,
    contestants: [{ name: 'checkHistory', prepare: async () => judgingOf([historyOf(LONG, 3_000, 10)]) }],
  },
  {
    name: 'judge-short',
    work: `judging histories of ${SHORT} commands, 6 streams and 5 processes`,
    unit: 'histories',
    operations: SHORT_ONES,
    contestants: [
      {
        name: 'checkHistory',
        prepare: async () => judgingOf(Array.from({ length: SHORT_ONES }, (_, seed) => historyOf(SHORT, 6, 5, seed))),
      },
    ],
  },
];

function judgingOf(histories: readonly History[]): () => void {
  return () => {
    for (const history of histories) {
      const verdict = checkHistory(history);
      if (!verdict.valid) throw new Error(`The history is valid, and was judged otherwise.\n${verdict}`);
    }
  };
}

/**
 * Commands executed one after the other, each at a moment within its time: they read four streams and write two of them;
 * every eighth is rejected.
 */
function historyOf(commands: number, streams: number, processes: number, seed = 1): History {
  const draw = drawing(seed);
  const names = Array.from({ length: streams }, (_, index) => `account-${index}`);
  const versions = new Int32Array(streams);
  const digests = new Float64Array(streams);
  const log: LoggedEvent[] = [];
  const operations: Operation[] = [];
  for (let turn = 0; turn < commands; turn++) {
    const first = draw(streams);
    const chosen = [0, 1, 2, 3].map((step) => (first + step * (1 + (turn % 7))) % streams);
    const reads = [...new Set(chosen)].map((stream) => ({
      stream: names[stream]!,
      version: versions[stream]!,
      digest: digests[stream]!,
    }));
    const commandId = idOf(turn, 0);
    // As many are under way at once as there are processes, and each takes effect in the middle.
    const common = {
      process: `client-${turn % processes}`,
      commandId,
      name: 'TransferMoney',
      invoked: 10 * turn + 1,
      completed: 10 * (turn + processes) - draw(9) - 0.5,
    };
    if (turn % 8 === 7) {
      operations.push({ ...common, end: 'rejected', reads, sent: [], acknowledged: [] });
      continue;
    }
    const events = chosen.slice(0, 2).map((stream, index) => {
      const id = idOf(turn, index + 1);
      versions[stream]! += 1;
      digests[stream] = digestOf(digests[stream]!, id);
      const position = `${String(turn).padStart(16, '0')}.${String(index).padStart(4, '0')}`;
      const version = versions[stream]!;
      log.push({ id, stream: names[stream]!, version, position, commandId, type: 'Moved', mark: id });
      return id;
    });
    operations.push({ ...common, end: 'ok', reads: [], sent: [{ reads, events }], acknowledged: events });
  }
  return { operations, log, feeds: [{ name: 'everything', events: log.map(({ id }) => id) }] };
}

function idOf(turn: number, index: number): string {
  return `0192f0c0-${String(index).padStart(4, '0')}-7000-8000-${turn.toString(16).padStart(12, '0')}`;
}

/** Numbers below a limit, the same for the same seed. */
function drawing(seed: number): (limit: number) => number {
  let state = seed + 1;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
