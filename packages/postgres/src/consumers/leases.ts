/** Leases: one active worker for each consumer, for as long as it keeps saying so. */
import type { LeaseStore } from '@eventcore/core/store';
import type { Database, Statement, Value } from '../connection/database.js';
import type { StalledAppends } from '../append/end-stalled.js';
import type { StoreStatements } from '../sql/statements.js';

export function leaseStore(database: Database, statements: StoreStatements, stalled: StalledAppends): LeaseStore {
  /** Whoever is granted a lease waits for a step under the one before, and perhaps in vain. */
  async function granted(statement: Statement, values: readonly Value[]): Promise<string | null | undefined> {
    try {
      const [[fence] = []] = await database.run(statement, values);
      return fence;
    } catch (error) {
      stalled.suspect();
      throw error;
    }
  }

  return {
    async acquire(consumer, holder, ttlMs) {
      const fence = await granted(statements.acquireLease, [consumer, holder, String(ttlMs)]);
      return typeof fence === 'string' ? { fence: Number(fence) } : undefined;
    },
    async takeOver(consumer, holder, ttlMs) {
      const fence = await granted(statements.takeLeaseOver, [consumer, holder, String(ttlMs)]);
      return { fence: Number(fence) };
    },
    async renew(consumer, fence, ttlMs) {
      const [[renewed] = []] = await database.run(statements.renewLease, [consumer, String(fence), String(ttlMs)]);
      return renewed === 'true';
    },
    async release(consumer, fence) {
      await database.run(statements.releaseLease, [consumer, String(fence)]);
    },
    async holder(consumer) {
      const [[name] = []] = await database.run(statements.leaseHolder, [consumer]);
      return name ?? undefined;
    },
  };
}
