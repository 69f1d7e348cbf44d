/**
 * Measures contestants that do the same work, in turns: one round of each, then the next. What else the machine does
 * meanwhile then hits all of them alike, and a ratio is taken between neighbours in time.
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

/** The engine has compiled what is hot by then. */
const WARM_UP_ROUNDS = 2;
const ROUNDS = 5;

export async function measure({ contestants, operations }: Case): Promise<readonly Result[]> {
  const times: number[][] = contestants.map(() => []);
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    for (const [index, contestant] of contestants.entries()) {
      const milliseconds = await timed(contestant);
      if (round >= 0) times[index]!.push((milliseconds * 1_000) / operations);
    }
  }
  const [reference] = times;
  return contestants.map(({ name }, index) => ({
    contestant: name,
    time: quartiles(times[index]!),
    ratio: quartiles(times[index]!.map((time, round) => time / reference![round]!)),
  }));
}

async function timed({ prepare }: Contestant): Promise<number> {
  const round = await prepare();
  // Nobody pays for what was left behind by the preparation, or by the contestant before.
  globalThis.gc?.();
  const start = performance.now();
  await round();
  return performance.now() - start;
}

function quartiles(values: readonly number[]): Quartiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.round((sorted.length - 1) * part)]!;
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}
