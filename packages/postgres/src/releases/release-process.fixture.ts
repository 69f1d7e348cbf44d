/**
 * A process of one release, until it is told to end (SIGTERM): it executes commands, one after the other, and runs the consumers.
 * It prints what comes of both, a line each.
 */
import { execute, isEventCoreError, systemRuntime, type AnyCommand } from '@eventcore/core';
import { caughtUp, runConsumers, type ConsumerHooks } from '@eventcore/core/consumers';
import { createPostgresStore, type PostgresStoreOptions } from '../index.js';
import { release, type ReleaseName } from './release.fixture.js';

/** What it is to do. */
export interface Deployment {
  readonly release: ReleaseName;
  readonly store: PostgresStoreOptions;
}

/** What is printed. */
export type Told =
  | { readonly phase: 'ready' | 'ended' }
  | { readonly phase: 'committed'; readonly cents: number }
  | { readonly phase: 'refused'; readonly code: string; readonly message: string }
  | { readonly phase: 'advanced'; readonly consumer: string; readonly events: number }
  | { readonly phase: 'outdated' | 'failed' | 'stopped'; readonly consumer: string; readonly message: string };

const tell = (told: Told): void => void process.stdout.write(`${JSON.stringify(told)}\n`);

const hooks: ConsumerHooks = {
  advanced: ({ consumer, events }) => {
    if (events > 0) tell({ phase: 'advanced', consumer, events });
  },
  failed: ({ consumer, error }) => tell({ phase: 'failed', consumer, message: String(error) }),
  outdated: ({ consumer, error }) => tell({ phase: 'outdated', consumer, message: error.message }),
  stopped: ({ consumer, error }) => {
    if (error !== undefined) tell({ phase: 'stopped', consumer, message: String(error) });
  },
};

const deployment = JSON.parse(process.env['EVENTCORE_DEPLOYMENT']!) as Deployment;
const store = createPostgresStore(deployment.store);
const { deposit, consumers } = release(deployment.release);
const runner = runConsumers(store, consumers, { after: 'beginning', leaseDuration: 300, pollInterval: 20, hooks });

const ending = new AbortController();
process.once('SIGTERM', () => ending.abort());
tell({ phase: 'ready' });

for (let n = 1; !ending.signal.aborted; n++) {
  // Amounts that are no whole number of euros, and accounts that the other release writes as well.
  const cents = (n * 37) % 500;
  try {
    const { position } = await execute(deposit(`a${n % 3}`, cents) as AnyCommand, store);
    tell({ phase: 'committed', cents });
    // Commands don't run away from the consumers, whichever process has them.
    await caughtUp(store, consumers, position, { timeout: Infinity, signal: ending.signal });
  } catch (error) {
    if (!isEventCoreError(error)) throw error;
    if (error.code === 'ABORTED') break;
    tell({ phase: 'refused', code: error.code, message: error.message });
    // What this release can't do it can't do in a moment either.
    await systemRuntime.sleep(50, ending.signal);
  }
}
await runner.stop();
await store.close();
tell({ phase: 'ended' });
