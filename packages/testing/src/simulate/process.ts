/**
 * A process of a client: it has a clock of its own, and may die at any moment. What it had sent by then is still under way;
 * it sends nothing more, and hears of nothing.
 */
import type { EventStore, Runtime } from '@eventcore/core';
import type { Append, Outcome } from '@eventcore/core/store';
import { aroundStore } from '../chaos/around-store.js';
import type { SeededRandom } from '../chaos/seeded-random.js';
import type { World } from './world.js';

export class Process {
  readonly name: string;
  readonly runtime: Runtime;
  readonly #world: World;
  readonly #reached = new Map<object, unknown>();
  readonly #died = Promise.withResolvers<'crashed'>();
  #alive = true;
  #clockOffset = 0;

  constructor(name: string, world: World, random: SeededRandom) {
    this.name = name;
    this.#world = world;
    this.runtime = {
      ...world.runtime,
      now: () => world.time.now + this.#clockOffset,
      sleep: (milliseconds, signal) => this.#whileAlive(() => world.time.sleep(milliseconds, signal)),
      random: () => random.next(),
    };
  }

  get isAlive(): boolean {
    return this.#alive;
  }

  /** Resolves when it dies. */
  get death(): Promise<'crashed'> {
    return this.#died.promise;
  }

  die(): void {
    this.#alive = false;
    this.#died.resolve('crashed');
    this.#world.tell?.(this.name, 'crashes');
  }

  /** Somebody sets the clock. */
  setClock(offset: number): void {
    this.#clockOffset = offset;
    this.#world.tell?.(this.name, `has its clock set to ${offset < 0 ? '' : '+'}${Math.round(offset / 1000)} s`);
  }

  /** The store as this process reaches it: one store, for all that it executes. */
  reach<Metadata>(store: EventStore<Metadata>): EventStore<Metadata> {
    const reached = this.#reached.get(store) ?? this.#reach(store);
    this.#reached.set(store, reached);
    return reached as EventStore<Metadata>;
  }

  #reach<Metadata>(store: EventStore<Metadata>): EventStore<Metadata> {
    const { tell } = this.#world;
    return aroundStore(store, {
      read: async (request, call) => {
        const result = await this.#whileAlive(() => store.read(request, call));
        const known = result.recorded.some((record) => record !== undefined) ? ' and finds its command applied' : '';
        tell?.(
          this.name,
          `reads ${result.pages.map(({ stream, version }) => `${stream} at ${version}`).join(', ')}${known}`,
        );
        return result;
      },
      append: async (appends, call) => {
        tell?.(this.name, `sends ${describeAppends(appends)}`);
        const outcomes = await this.#whileAlive(() => store.append(appends, call));
        tell?.(this.name, `is told: ${describeOutcomes(outcomes)}`);
        return outcomes;
      },
      readAll: (query, call) => this.#whileAlive(() => store.readAll(query, call)),
      ...(store.hold !== undefined && {
        hold: async (queries, decide, call) => {
          const outcomes = await this.#whileAlive(() =>
            store.hold!(
              queries,
              (pages) => {
                // The store ends the session of a client that is gone: what it holds is let go of, and nothing written.
                if (!this.#alive) throw new Error('The process is gone.');
                tell?.(this.name, `holds ${pages.map(({ stream, version }) => `${stream} at ${version}`).join(', ')}`);
                const appends = decide(pages);
                if (appends.length > 0) tell?.(this.name, `sends ${describeAppends(appends)}`);
                return appends;
              },
              call,
            ),
          );
          if (outcomes.length > 0) tell?.(this.name, `is told: ${describeOutcomes(outcomes)}`);
          return outcomes;
        },
      }),
    });
  }

  /** Does something as long as this process lives; who isn't there any more never hears of how it ended. */
  #whileAlive<T>(does: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!this.#alive) return;
      does().then(
        (value) => this.#alive && resolve(value),
        (error: unknown) => this.#alive && reject(error),
      );
    });
  }
}

function describeAppends(appends: readonly Append[]): string {
  return appends
    .map(({ events }) => (events.length === 0 ? 'nothing' : events.map(describeEvent).join(', ')))
    .join('; ');
}

function describeEvent({ stream, type, data }: Append['events'][number]): string {
  return `${type} ${JSON.stringify(data)} on ${stream}`;
}

function describeOutcomes(outcomes: readonly Outcome[]): string {
  return outcomes.map(describeOutcome).join(', ');
}

function describeOutcome(outcome: Outcome): string {
  if (outcome.kind !== 'conflict') return outcome.kind;
  return `conflict, ${outcome.stale.map(({ stream, actual }) => `${stream} is at ${actual}`).join(', ')}`;
}
