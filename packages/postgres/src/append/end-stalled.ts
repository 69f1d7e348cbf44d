/** Appends and steps of processes that have stopped: whoever is held up has a look, now and then. */
import type { Database } from '../connection/database.js';
import { SEPARATOR } from '../sql/sql.js';
import type { StoreStatements } from '../sql/statements.js';

/** How often is looked while somebody is held up: so many times within the limit. */
const LOOKS = 4;

export class StalledAppends {
  readonly #end: (streams: readonly string[]) => Promise<unknown>;
  readonly #pause: number;
  #looked = -Infinity;
  #looking: Promise<unknown> = Promise.resolve();

  /** `limit`: for how many milliseconds the client of an append may say nothing before it commits. */
  constructor(database: Database, { endStalled }: StoreStatements, limit: number) {
    this.#end = (streams) => database.run(endStalled, [String(limit), streams.join(SEPARATOR)]);
    this.#pause = limit / LOOKS;
  }

  /** For a consumer that is held up, or isn't told whether it may work. Mostly somebody is just about to commit, so this does little. */
  suspect(): void {
    const now = performance.now();
    if (now - this.#looked < this.#pause) return;
    this.#looked = now;
    this.#look([]);
  }

  /** For an append that has waited for streams in vain, which takes its time. */
  suspectAt(streams: readonly string[]): void {
    if (this.#looked < Infinity) this.#look(streams);
  }

  /** Resolves when nothing of it is under way any more. */
  async close(): Promise<void> {
    this.#looked = Infinity;
    await this.#looking;
  }

  /** Nobody waits for it. If it fails, whoever is held up comes again, and what he is told himself is more than this could say. */
  #look(streams: readonly string[]): void {
    const before = this.#looking;
    // Without what they have come to, or each would keep the one before it for ever.
    this.#looking = Promise.all([before, this.#end(streams).catch(() => {})]).then(() => undefined);
  }
}
