/** The feed, a page ahead: while one page is worked on, the store looks for the next. */
import type { Position } from '../../event/position.js';
import type { EventFilter, EventStore, FeedPage } from '../../store/event-store.js';

export class ReadAhead {
  readonly #store: EventStore;
  readonly #filter: EventFilter;
  readonly #limit: number;
  #ahead: { readonly after: Position; readonly page: Promise<FeedPage> } | undefined;

  constructor(store: EventStore, filter: EventFilter, limit: number) {
    this.#store = store;
    this.#filter = filter;
    this.#limit = limit;
  }

  /** The page after a position, which may be on its way already. */
  read(after: Position): Promise<FeedPage> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    return ahead?.after === after ? ahead.page : this.#ask(after);
  }

  /** Has the page after a position on its way. If it fails, whoever reads it is told. */
  prepare(after: Position): void {
    const page = this.#ask(after);
    page.catch(() => {});
    this.#ahead = { after, page };
  }

  /** Nothing is under way any more. */
  async end(): Promise<void> {
    await this.#ahead?.page.catch(() => {});
  }

  #ask(after: Position): Promise<FeedPage> {
    return this.#store.readAll({ after, filter: this.#filter, limit: this.#limit });
  }
}
