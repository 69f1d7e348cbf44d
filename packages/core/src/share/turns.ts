/**
 * One thing at a time: what comes up amid it is done after it. Deciding runs code of the user's, and that may execute a command, or
 * abort one, while the queue is being changed.
 */
export class Turns {
  readonly #next: (() => void)[] = [];
  #taking = false;

  take(turn: () => void): void {
    this.#next.push(turn);
    if (this.#taking) return;
    this.#taking = true;
    try {
      for (let next = this.#next.shift(); next !== undefined; next = this.#next.shift()) next();
    } finally {
      this.#taking = false;
    }
  }
}
