/**
 * Measures contestants that do the same work, each in processes of its own, and in turns: one of the first, one of the
 * next, and again. What else the machine does meanwhile then hits all of them alike, a ratio is taken between neighbours
 * in time, and nobody collects another one's garbage.
 *
 * Counted is processor time of all threads, since the engine's collector and compiler work beside the program: what one
 * core would need, however many there are. And nothing forces the collector to run. A full collection at a moment when no
 * command is alive forgets what the engine had learned of them, and what follows takes half as long again; where
 * commands keep coming, there is no such moment.
 */
export interface Case {
  readonly name: string;
  /** What is done, in a few words. */
  readonly work: string;
  /** What one operation is called: `commands`, `events`. */
  readonly unit: string;
  /** Operations in a round. */
  readonly operations: number;
  /** The one that the others are compared with, then the others. */
  readonly contestants: readonly [Contestant, ...Contestant[]];
}

export interface Contestant {
  readonly name: string;
  /** Sets the stage afresh for each round, and gives what is measured. */
  readonly prepare: () => Promise<Round>;
}

export type Round = () => void | Promise<void>;

export interface Result {
  readonly contestant: string;
  /** Microseconds for each operation. */
  readonly time: Quartiles;
  /** How many times as long as the first contestant took in the same turn; of the first, 1. */
  readonly ratio: Quartiles;
}

export interface Quartiles {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

export const TURNS = 3;
/** The engine has compiled what is hot by then. */
const WARM_UP_ROUNDS = 2;
export const ROUNDS = 3;

/** Microseconds for each operation, a number for each round. For a process that does nothing else. */
export async function roundsOf({ prepare }: Contestant, operations: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    const perform = await prepare();
    const before = process.cpuUsage();
    await perform();
    const { user, system } = process.cpuUsage(before);
    if (round >= 0) times.push((user + system) / operations);
  }
  return times;
}

/** Lets the contestants take turns; `apart` gives the rounds of one of them, from a process of its own. */
export function compare({ contestants }: Case, apart: (contestant: Contestant) => readonly number[]): Result[] {
  const turns = Array.from({ length: TURNS }, () => contestants.map(apart));
  return contestants.map(({ name }, index) => ({
    contestant: name,
    time: quartiles(turns.flatMap((turn) => turn[index]!)),
    ratio: quartiles(turns.map((turn) => quartiles(turn[index]!).median / quartiles(turn[0]!).median)),
  }));
}

function quartiles(values: readonly number[]): Quartiles {
  const sorted = values.toSorted((a, b) => a - b);
  const last = sorted.length - 1;
  return {
    low: sorted[Math.floor(last * 0.25)]!,
    median: sorted[Math.round(last * 0.5)]!,
    high: sorted[Math.ceil(last * 0.75)]!,
  };
}
