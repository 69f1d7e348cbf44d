/** A consumer of the feed that remembers only how far it has come, and starts from there again whenever it fails. */
import { isEventCoreError, START, subscribe, type EventStore, type Position, type Runtime } from '@eventcore/core';

/** How long a consumer waits after a failure, in milliseconds. */
const PAUSE = 250;

export interface ConsumerOptions {
  readonly store: EventStore;
  readonly runtime: Runtime;
  readonly batchSize: number;
  readonly given: (event: { readonly id: string }) => void;
  readonly signal: AbortSignal;
}

/** Consumes until the signal; `upTo()` says how far it has come. */
export function runConsumer(options: ConsumerOptions): { readonly ended: Promise<void>; upTo(): Position } {
  const { store, runtime, batchSize, given, signal } = options;
  let after = START;

  async function consume(): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const { events, upTo } of subscribe(store, { after, batchSize, runtime, signal }).batches()) {
          events.forEach(given);
          after = upTo;
        }
      } catch (error) {
        if (!isEventCoreError(error, 'STORE_UNAVAILABLE')) throw error;
        await runtime.sleep(PAUSE);
      }
    }
  }

  return { ended: consume(), upTo: () => after };
}
