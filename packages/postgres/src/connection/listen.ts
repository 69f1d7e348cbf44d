/** One connection that listens, for all who wait for news: made anew whenever it breaks. */
import type { Listen } from './database.js';

/** What is needed of a client of `pg` that no pool knows of. */
export interface ListeningClient {
  connect(): Promise<unknown>;
  query(text: string): Promise<unknown>;
  on(event: 'error' | 'end' | 'notification', listener: (message?: unknown) => void): unknown;
  end(): Promise<void>;
}

/** Between two tries, in milliseconds. Who waits for news looks by itself meanwhile. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 15_000;

export function listenBy(makeClient: () => Promise<ListeningClient>): Listen {
  return (channel, hear) => {
    const listener = new Listener(makeClient, channel, hear);
    void listener.connect();
    return () => listener.stop();
  };
}

class Listener {
  readonly #makeClient: () => Promise<ListeningClient>;
  readonly #channel: string;
  readonly #hear: () => void;
  #client: ListeningClient | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pause = FIRST_PAUSE;
  #stopped = false;

  constructor(makeClient: () => Promise<ListeningClient>, channel: string, hear: () => void) {
    this.#makeClient = makeClient;
    this.#channel = channel;
    this.#hear = hear;
  }

  async connect(): Promise<void> {
    let client: ListeningClient | undefined;
    let isBroken = false;
    try {
      client = await this.#makeClient();
      const broken = (): void => {
        isBroken = true;
        this.#lost(client!);
      };
      client.on('error', broken);
      client.on('end', broken);
      client.on('notification', this.#hear);
      await client.connect();
      await client.query(`LISTEN "${this.#channel}"`);
    } catch {
      // Hints are only hints: nobody is told, and it is tried again.
      isBroken = true;
    }
    // It may have broken in the very chunk in which the server has answered.
    if (client === undefined || isBroken || this.#stopped) {
      if (client !== undefined) letGo(client);
      return this.#tryAgain();
    }
    this.#client = client;
    this.#pause = FIRST_PAUSE;
    // What came before this was heard by nobody.
    this.#hear();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    if (this.#client !== undefined) letGo(this.#client);
    this.#client = undefined;
  }

  #lost(client: ListeningClient): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    letGo(client);
    this.#tryAgain();
  }

  #tryAgain(): void {
    if (this.#stopped) return;
    // Half of it by chance, so that not all processes come at once when a server is back.
    this.#timer = setTimeout(() => void this.connect(), this.#pause * (0.5 + Math.random() / 2)).unref();
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
  }
}

/** It may be broken already, and then it can't be ended in good order. */
function letGo(client: ListeningClient): void {
  client.end().catch(() => {});
}
