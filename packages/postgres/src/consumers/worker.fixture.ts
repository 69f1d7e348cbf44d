/**
 * A process that runs consumers until it is told to end (SIGTERM), or rebuilds one. It prints what happens to them, a line
 * each. What is left open when it is done would keep it from ending.
 */
import { rebuild, runConsumers, type ConsumerHooks, type RunConsumersOptions } from '@eventcore/core/consumers';
import pg from 'pg';
import { createPostgresStore, type PostgresStoreOptions } from '../index.js';
import { definitions, emptied, type Kind } from './work.fixture.js';

export interface Work {
  readonly store: PostgresStoreOptions;
  /** By their names. */
  readonly consumers: Readonly<Record<string, Kind>>;
  readonly options?: Omit<RunConsumersOptions, 'hooks' | 'runtime' | 'signal' | 'onFailure' | 'context'>;
  /** Instead of running them, the first one is rebuilt. */
  readonly rebuilds?: boolean;
  /** Where effects elsewhere go to: a database that nothing is in front of. */
  readonly outside: string;
}

/** What is printed. */
export interface Told {
  readonly phase: keyof ConsumerHooks | 'ready' | 'rebuilt' | 'ended';
  readonly consumer?: string;
  readonly error?: string;
  readonly [more: string]: unknown;
}

const tell = (told: Told): void => void process.stdout.write(`${JSON.stringify(told)}\n`);

const hooks: ConsumerHooks = {
  started: ({ consumer, position }) => tell({ phase: 'started', consumer, position }),
  advanced: ({ consumer, position, events }) => tell({ phase: 'advanced', consumer, position, events }),
  failed: ({ consumer, error, next }) => tell({ phase: 'failed', consumer, error: String(error), next }),
  interrupted: ({ consumer, error }) => tell({ phase: 'interrupted', consumer, error: nameOf(error) }),
  leaseLost: ({ consumer }) => tell({ phase: 'leaseLost', consumer }),
  stopped: ({ consumer, error }) =>
    tell({ phase: 'stopped', consumer, ...(error !== undefined && { error: String(error) }) }),
};

const nameOf = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));

const work = JSON.parse(process.env['EVENTCORE_WORK']!) as Work;
const store = createPostgresStore(work.store);
const elsewhere = new pg.Pool({ connectionString: work.outside, max: 1 });
const context = {
  call: (consumer: string, event: string) =>
    elsewhere.query('INSERT INTO public.outside (consumer, event) VALUES ($1, $2)', [consumer, event]),
};
const consumers = Object.entries(work.consumers).map(([name, kind]) => definitions[kind](name));

async function end(): Promise<void> {
  await store.close();
  await elsewhere.end();
  tell({ phase: 'ended' });
}

if (work.rebuilds === true) {
  try {
    for await (const { finished } of rebuild(store, consumers[0]!, {
      ...work.options,
      context,
      hooks,
      interval: 1,
      reset: ({ tx }) => emptied(tx, Object.keys(work.consumers)[0]!),
    })) {
      if (finished) tell({ phase: 'rebuilt' });
    }
  } catch (error) {
    tell({ phase: 'failed', error: nameOf(error) });
  }
  await end();
} else {
  const runner = runConsumers(store, consumers as readonly object[], {
    ...work.options,
    after: 'beginning',
    context,
    hooks,
  });
  process.once('SIGTERM', () => void runner.stop().then(end));
  tell({ phase: 'ready' });
}
