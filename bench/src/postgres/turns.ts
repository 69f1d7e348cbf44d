/** One turn of a contestant: callers who each do one thing after the other, for some time. */
export interface Figures {
  /** Commands a second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

const TURN_MS = 2_000;

let turns = 0;

export async function run(perform: (turn: number) => Promise<unknown>, callers: number): Promise<Figures> {
  const times: number[] = [];
  const began = performance.now();
  const end = began + TURN_MS;
  const caller = async (): Promise<void> => {
    for (;;) {
      const start = performance.now();
      if (start >= end) return;
      await perform(turns++);
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const seconds = (performance.now() - began) / 1_000;
  times.sort((a, b) => a - b);
  const at = (part: number): number => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? NaN;
  return { rate: times.length / seconds, p50: at(0.5), p99: at(0.99) };
}
