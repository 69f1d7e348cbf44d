/** Appends of processes that have stopped: whoever is held up has a look, now and then. */
import type { Database } from './connection/database.js';
import type { StoreStatements } from './statements.js';

/** How often is looked while somebody is held up: so many times within the limit. */
const LOOKS = 4;

export class StalledAppends {
  readonly #end: () => Promise<unknown>;
  readonly #pause: number;
  #looked = -Infinity;
  #looking: Promise<unknown> = Promise.resolve();

  /** `limit`: for how many milliseconds the client of an append may say nothing before it commits. */
  constructor(database: Database, { endStalled }: StoreStatements, limit: number) {
    this.#end = () => database.run(endStalled, [String(limit)]);
    this.#pause = limit / LOOKS;
  }

  /** For whoever is held up. Mostly it is by somebody who is just about to commit, so this does little, and nobody waits for it. */
  suspect(): void {
    const now = performance.now();
    if (now - this.#looked < this.#pause) return;
    this.#looked = now;
    // If it fails, whoever is held up comes again, and what he is told himself is more than this could say.
    this.#looking = this.#end().catch(() => {});
  }

  /** Resolves when nothing of it is under way any more. */
  async close(): Promise<void> {
    this.#looked = Infinity;
    await this.#looking;
  }
}
