/** A call that is under way, and that others wait for: until it is over, or until it is late. */
import type { Runtime } from '../runtime/runtime.js';

/** After so many milliseconds of waiting a call is late: perhaps it waits itself, for somebody who holds one of its streams. */
const LATE = 100;

export class UnderWay {
  late = false;
  #over: AbortController | undefined;

  /** Somebody waits for it, and is told when it is late. Where nobody does, which is most often, there is no timer. */
  watch(runtime: Runtime, isLate: () => void): void {
    if (this.#over !== undefined) return;
    const { signal } = (this.#over = new AbortController());
    void runtime.sleep(LATE, signal).then(() => {
      if (signal.aborted) return;
      this.late = true;
      isLate();
    });
  }

  end(): void {
    this.#over?.abort();
  }
}
