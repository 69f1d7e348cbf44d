/** A client that is checked out: asked one thing after the other, and given back once, or destroyed. */
import { CallFailed, sentAndFailed } from './call-failed.js';
import type { Row, Statement, Value } from './database.js';
import { earsOf, type Ears } from './ears.js';
import type { PostgresClient, QueryAnswer } from './postgres-pool.js';

export interface Answer {
  readonly rows: readonly Row[];
  /** The command tag. */
  readonly command: string | null;
}

export class Lease {
  readonly #client: PostgresClient;
  readonly #ears: Ears;
  readonly #patience: number;
  #hung = false;
  #over = false;

  /** `patience`: for so many milliseconds the server may keep an answer to itself. */
  constructor(client: PostgresClient, patience: number) {
    this.#client = client;
    this.#ears = earsOf(client);
    this.#patience = patience;
  }

  /** @throws {@link CallFailed} */
  async ask({ name, text }: Statement, values: readonly Value[] = []): Promise<Answer> {
    const heard = this.#ears.warnings;
    const query = { text, values, rowMode: 'array', types: AS_TEXT };
    try {
      const { rows, command } = await this.query(name === undefined ? query : { ...query, name });
      if (this.#ears.warnings !== heard) throw new CallFailed('unanswered', this.#ears.lastWarning, 'warning');
      return { rows: rows as readonly Row[], command };
    } catch (error) {
      throw this.#hung ? new CallFailed('unanswered', error, 'timeout') : sentAndFailed(error);
    }
  }

  /** As the driver answers it, and with its errors. */
  async query(query: object): Promise<QueryAnswer> {
    const timer = setTimeout(() => {
      this.#hung = true;
      this.destroy();
    }, this.#patience);
    try {
      return await this.#client.query(query);
    } finally {
      clearTimeout(timer);
    }
  }

  /** What the connection has ended with, if somebody heard. */
  get endedBy(): unknown {
    return this.#ears.firstError;
  }

  giveBack(): void {
    if (!this.#over) this.#client.release();
    this.#over = true;
  }

  /** For a connection whose state nobody can be sure of. */
  destroy(): void {
    if (!this.#over) this.#client.release(true);
    this.#over = true;
  }
}

/** Texts come as they are. */
const AS_TEXT = { getTypeParser: () => (text: string) => text };
