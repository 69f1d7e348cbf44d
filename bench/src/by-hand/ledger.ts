/**
 * What one would write without a library: streams in a map, each an array of events, and the ids of the commands that
 * were applied. A call checks the version of every stream that was read and writes with no `await` in between; the
 * methods are async because those of any store are.
 */
import type { AccountEvent } from './account.js';

export interface Page {
  readonly stream: string;
  readonly version: number;
  readonly events: readonly AccountEvent[];
}

/** What a command was decided on. */
type Expectation = Pick<Page, 'stream' | 'version'>;

export interface Append {
  readonly commandId: string;
  readonly expected: readonly Expectation[];
  readonly events: readonly NewEvent[];
}

export type NewEvent = AccountEvent & { readonly id: string; readonly stream: string };

type StoredEvent = NewEvent & {
  readonly version: number;
  readonly position: number;
  readonly commandId: string;
  readonly recordedAt: number;
};

export class Ledger {
  readonly #streams = new Map<string, StoredEvent[]>();
  readonly #positions = new Map<string, number>();

  /** A copy of each stream, since others may append before the answer is looked at. */
  async read(streams: readonly string[]): Promise<readonly Page[]> {
    return streams.map((stream) => {
      const events = this.#streams.get(stream)?.slice() ?? [];
      return { stream, version: events.length, events };
    });
  }

  async append(commandId: string, expected: readonly Expectation[], events: readonly NewEvent[]): Promise<number> {
    return this.#append({ commandId, expected, events });
  }

  /** Several commands in one call, each judged by itself. */
  async appendAll(appends: readonly Append[]): Promise<readonly number[]> {
    return appends.map((append) => this.#append(append));
  }

  /** The position of the command: that of its first time, if it is sent again. */
  #append({ commandId, expected, events }: Append): number {
    const known = this.#positions.get(commandId);
    if (known !== undefined) return known;
    for (const { stream, version } of expected) {
      if (this.#versionOf(stream) !== version) throw new Error(`${stream} is no longer at version ${version}.`);
    }
    const position = this.#positions.size + 1;
    const recordedAt = Date.now();
    for (const event of events) {
      const stored = this.#stored(event.stream);
      stored.push({ ...event, version: stored.length + 1, position, commandId, recordedAt });
    }
    this.#positions.set(commandId, position);
    return position;
  }

  #versionOf(stream: string): number {
    return this.#streams.get(stream)?.length ?? 0;
  }

  #stored(stream: string): StoredEvent[] {
    let events = this.#streams.get(stream);
    if (events === undefined) this.#streams.set(stream, (events = []));
    return events;
  }
}
