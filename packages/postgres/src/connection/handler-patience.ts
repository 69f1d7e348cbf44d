/** How long handlers may do something else in the middle of their transaction, which keeps what it has locked meanwhile. */

/** What a handler's event fails with. */
export function tooSlow(timeout: number, cause?: unknown): Error {
  return new Error(
    `A handler did something else for more than ${timeout} ms in the middle of its transaction, which was ended therefore. Leave slow work to a reaction, or raise timeouts.handler.`,
    { cause },
  );
}

export function transactionIsOver(): Error {
  return new Error('The transaction of this handler is over. Await all that a handler does, and keep its tx nowhere.');
}

/** The time between two statements of a transaction, where no server sees to it, or where nobody would hear what it says. */
export class HandlerPatience {
  readonly #timeout: number;
  readonly #over = Promise.withResolvers<never>();
  #timer: NodeJS.Timeout | undefined;
  #asking = 0;
  #isOver = false;

  constructor(timeout: number) {
    this.#timeout = timeout;
  }

  /** The work, as long as it asks for something now and then. What it does afterwards, it does for nobody. */
  async limit<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#wait();
    try {
      const working = work();
      working.catch(() => {});
      return await Promise.race([working, this.#over.promise]);
    } finally {
      clearTimeout(this.#timer);
      this.#isOver = true;
    }
  }

  /**
   * A statement is under way: that is the server's time. None is, when nobody waits for the work any more: what it asks then would
   * be said outside of the transaction, which has been undone.
   */
  async during<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    if (this.#isOver) throw transactionIsOver();
    this.#asking += 1;
    clearTimeout(this.#timer);
    try {
      return await ask();
    } finally {
      this.#asking -= 1;
      if (this.#asking === 0 && !this.#isOver) this.#wait();
    }
  }

  #wait(): void {
    this.#timer = setTimeout(() => this.#over.reject(tooSlow(this.#timeout)), this.#timeout);
  }
}
