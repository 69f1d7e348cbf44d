/**
 * Who listens to a client, from the moment that it exists to the moment that it is gone.
 *
 * A backend that ends says so by an `error` on its client, and one that nobody listens for ends the process. A pool listens to
 * the clients that lie idle in it, and takes its listener off as it hands one out: what the server says in the very chunk that
 * makes the client ready, or in which another call ends, comes before anybody who awaits the client can run. So the pool is
 * listened to, which tells of a client while it still listens itself.
 */
import type { PostgresClient, PostgresPool } from './postgres-pool.js';

/** What is heard of a client, for as long as it lives, whichever stores use it. */
export class Ears {
  warnings = 0;
  lastWarning: unknown;
  /** What the connection has ended with. */
  firstError: unknown;

  constructor(client: PostgresClient) {
    // Whoever waits for an answer is told by it. The first error says why; the next, that the connection is gone.
    client.on('error', (error) => (this.firstError ??= error));
    client.on('notice', (notice) => {
      // A COMMIT that waited for a standby was cancelled: it is committed here, and perhaps nowhere else.
      if (notice.code !== '01000') return;
      this.warnings += 1;
      this.lastWarning = notice;
    });
  }
}

const ears = new WeakMap<PostgresClient, Ears>();

export function earsOf(client: PostgresClient): Ears {
  let known = ears.get(client);
  if (known === undefined) ears.set(client, (known = new Ears(client)));
  return known;
}

const heard = new WeakSet<PostgresPool>();

/** Listens to a pool, and to every client that it hands out from now on, to whomever. */
export function hear(pool: PostgresPool): void {
  if (heard.has(pool)) return;
  heard.add(pool);
  // An idle connection that breaks is the pool's to replace.
  pool.on('error', () => {});
  // Said of clients that are new, in the turn in which they are, and of those that may be older than the store as well.
  pool.on('acquire', earsOf);
}
