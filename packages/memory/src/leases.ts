/** Leases: one active worker for each consumer, for as long as it keeps saying so. */
import type { Runtime } from '@eventcore/core';

interface Lease {
  readonly holder: string;
  readonly fence: number;
  /** When it ends, if nobody renews it. */
  until: number;
}

export class Leases {
  readonly #runtime: Pick<Runtime, 'now'>;
  /** The last lease of each consumer, also when it is over: its fence stays the current one until the next grant. */
  readonly #leases = new Map<string, Lease>();
  #fences = 0;

  constructor(runtime: Pick<Runtime, 'now'>) {
    this.#runtime = runtime;
  }

  /** A holder that asks again gets a new fence as well: it may have been started anew, with its old self still around. */
  acquire(consumer: string, holder: string, ttlMs: number): { readonly fence: number } | undefined {
    const now = this.#runtime.now();
    const lease = this.#leases.get(consumer);
    if (lease !== undefined && lease.until > now && lease.holder !== holder) return undefined;
    return this.takeOver(consumer, holder, ttlMs);
  }

  takeOver(consumer: string, holder: string, ttlMs: number): { readonly fence: number } {
    const fence = ++this.#fences;
    this.#leases.set(consumer, { holder, fence, until: this.#runtime.now() + ttlMs });
    return { fence };
  }

  renew(consumer: string, fence: number, ttlMs: number): boolean {
    const now = this.#runtime.now();
    const lease = this.#leases.get(consumer);
    if (lease === undefined || lease.fence !== fence || lease.until <= now) return false;
    lease.until = now + ttlMs;
    return true;
  }

  release(consumer: string, fence: number): void {
    const lease = this.#leases.get(consumer);
    if (lease?.fence === fence) lease.until = -Infinity;
  }

  holder(consumer: string): string | undefined {
    const lease = this.#leases.get(consumer);
    return lease !== undefined && lease.until > this.#runtime.now() ? lease.holder : undefined;
  }

  /** Whether nobody was granted the lease after this fence. Time plays no part: who is late but alone harms nobody. */
  isCurrent(consumer: string, fence: number): boolean {
    return this.#leases.get(consumer)?.fence === fence;
  }
}
