/** Chance that can be repeated: the same seed gives the same numbers, on every machine. */
export interface SeededRandom {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number from `least` to `most`, both included. */
  integer(least: number, most: number): number;
  /** Whether something happens that happens with this probability. */
  chance(probability: number): boolean;
  /** One of them. */
  pick<T>(choices: readonly T[]): T;
  /** So many of them, all different, in any order; all of them, unless it says how many. */
  sample<T>(choices: readonly T[], count: 2): [T, T];
  sample<T>(choices: readonly T[], count: 3): [T, T, T];
  sample<T>(choices: readonly T[], count?: number): T[];
  /** Another one, independent of how this one goes on. Drawing from it moves this one by one number. */
  fork(): SeededRandom;
}

/**
 * Chance from a seed.
 *
 * @example
 * ```ts
 * import { seededRandom } from '@eventcore/testing';
 *
 * const random = seededRandom(42);
 * const [from, to] = random.sample(['ann', 'bob', 'cid'], 2);
 * const amount = random.integer(1, 100);
 * ```
 */
export function seededRandom(seed: number): SeededRandom {
  const next = numbersFrom(seed);
  const integer = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    integer,
    chance: (probability) => next() < probability,
    pick(choices) {
      if (choices.length === 0) throw new RangeError('There is nothing to pick from: the list of choices is empty.');
      return choices[integer(0, choices.length - 1)]!;
    },
    sample: <T>(choices: readonly T[], count = choices.length) => {
      if (count > choices.length) throw new RangeError(`${count} can't be chosen of ${choices.length}.`);
      const rest = [...choices];
      // The overloads say how many there are.
      return Array.from({ length: count }, () => rest.splice(integer(0, rest.length - 1), 1)[0]!) as never;
    },
    fork: () => seededRandom(Math.floor(next() * 2 ** 32)),
  };
}

/** The generator sfc32 of Chris Doty-Humphrey: 128 bits of state, and good enough to choose interleavings. */
function numbersFrom(seed: number): () => number {
  let a = seed | 0;
  let b = Math.floor(seed / 2 ** 32) | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // Neighbouring seeds start out alike, and have parted after a few rounds.
  for (let round = 0; round < 12; round++) next();
  return next;
}
