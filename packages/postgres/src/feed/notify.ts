/**
 * Tells other processes that something was appended.
 *
 * Not in the append: a transaction that notifies takes a lock of the whole server to commit, so appends would line up for
 * it. Afterwards, from here, once for all appends of some milliseconds, and nobody waits for it.
 */
import type { Database } from '../connection/database.js';
import type { StoreStatements } from '../sql/statements.js';

/** Between two notifications, in milliseconds. */
const PAUSE = 20;

export class Notifier {
  readonly #notify: () => Promise<unknown>;
  #state: 'idle' | 'notifying' | 'again' | 'closed' = 'idle';
  #told: Promise<unknown> = Promise.resolve();

  constructor(database: Database, { notify }: StoreStatements, channel: string) {
    this.#notify = () => database.run(notify, [channel]);
  }

  /** The first one is told at once; those that come while it is being told, together. */
  tell(): void {
    if (this.#state === 'idle') void this.#run();
    else if (this.#state === 'notifying') this.#state = 'again';
  }

  /** Resolves when nothing of it is under way any more. */
  async close(): Promise<void> {
    this.#state = 'closed';
    await this.#told;
  }

  async #run(): Promise<void> {
    this.#state = 'notifying';
    // If it fails, a hint is lost. Who waits for it looks by himself.
    await (this.#told = this.#notify().catch(() => {}));
    await new Promise((resolve) => setTimeout(resolve, PAUSE).unref());
    const state = this.#state as 'notifying' | 'again' | 'closed';
    if (state === 'again') void this.#run();
    else if (state === 'notifying') this.#state = 'idle';
  }
}
