/**
 * Everything that isn't determined by the inputs: time, sleep, chance and ids. The rest of core takes them from here,
 * so that tests need no timers and a seed can replay any interleaving. This is the one file of core that may look at
 * the clock or ask for randomness.
 */
import { randomFillSync } from 'node:crypto';
import { uuidV7 } from './uuid-v7.js';

export interface Runtime {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds with fractions that never go back, for measuring durations. */
  tick(): number;
  /** Resolves after so many milliseconds, some weeks at the most, or as soon as the signal is aborted. Never rejects. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** A number from 0 up to, not including, 1. */
  random(): number;
  /** A UUIDv7, larger than every one that this runtime gave before. */
  uuid(): string;
}

/** A runtime on the system's clock, timers and random source. */
export const systemRuntime: Runtime = {
  now: () => Date.now(),
  tick: () => performance.now(),
  sleep,
  random: () => Math.random(),
  uuid: monotonicUuids(() => Date.now(), systemBytes()),
};

/**
 * UUIDv7s in strictly ascending order, whatever the clock does: the millisecond and a sequence within it are kept here.
 *
 * Random bytes are drawn in bulk by the caller: asking the system for each id costs more than the rest of a command.
 */
export function monotonicUuids(now: () => number, bytes: (count: 16) => Uint8Array): () => string {
  let msecs = -Infinity;
  let seq = 0;
  return () => {
    const current = now();
    const random = bytes(16);
    if (current > msecs) {
      msecs = current;
      // Some room below the 32 bits of the sequence, so that a millisecond never runs out of it.
      seq = ((random[6]! << 23) | (random[7]! << 16) | (random[8]! << 8) | random[9]!) >>> 0;
    } else {
      seq += 1;
    }
    return uuidV7(msecs, seq, random);
  };
}

let lastMilliseconds = Number.NaN;
let lastText = '';

/** A moment as events and contexts hold it. Many commands share a millisecond, and writing its text costs 0.4 µs. */
export function isoTime(milliseconds: number): string {
  if (milliseconds !== lastMilliseconds) {
    lastText = new Date(milliseconds).toISOString();
    lastMilliseconds = milliseconds;
  }
  return lastText;
}

/** The same moment in milliseconds since the epoch. */
export function millisecondsOf(isoText: string): number {
  return Date.parse(isoText);
}

/** Random bytes, drawn in bulk; each piece is good until the next one is asked for. */
function systemBytes(): (count: 16) => Uint8Array {
  const pool = new Uint8Array(16 * 512);
  // A view costs more than what is done with it, so each is made once.
  const pieces = Array.from({ length: 512 }, (_, index) => pool.subarray(index * 16, index * 16 + 16));
  let next = pieces.length;
  return () => {
    if (next === pieces.length) {
      randomFillSync(pool);
      next = 0;
    }
    return pieces[next++]!;
  };
}

/** The longest that a timer can be set for: some weeks. One that is set for longer fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, Math.min(milliseconds, LONGEST_TIMER));
    signal?.addEventListener('abort', finish, { once: true });
  });
}
