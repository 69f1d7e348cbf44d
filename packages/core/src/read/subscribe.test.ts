import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { sequencePosition, START, type Position } from '../event/position.js';
import type { RecordedEvent } from '../event/recorded-event.js';
import type { Runtime } from '../runtime/runtime.js';
import type { EventStore, FeedPage, FeedQuery } from '../store/event-store.js';
import { raised } from '../raised.fixture.js';
import { subscribe, type Batch, type SubscribeOptions } from './subscribe.js';

/** A feed to subscribe to, and nothing else of a store. */
class Feed {
  readonly events: RecordedEvent[] = [];
  readonly queries: FeedQuery[] = [];
  readonly capabilities = {};
  /** What happens between the looking and the answering of the next read. */
  meanwhile: (() => unknown) | undefined;
  watch?: NonNullable<EventStore['watch']>;

  record(...types: string[]): this {
    for (const type of types) {
      const position = sequencePosition(this.events.length + 1, 0);
      this.events.push({ type, position } as RecordedEvent);
    }
    return this;
  }

  /** The filter applies before the limit; `upTo` is the last event that was looked at. */
  async readAll(query: FeedQuery): Promise<FeedPage> {
    this.queries.push(query);
    const events: RecordedEvent[] = [];
    let upTo = query.after;
    for (const event of this.events) {
      if (event.position <= query.after) continue;
      if (events.length === query.limit) break;
      if (query.filter?.types?.includes(event.type) ?? true) events.push(event);
      upTo = event.position;
    }
    const { meanwhile } = this;
    this.meanwhile = undefined;
    await meanwhile?.();
    return { events, upTo };
  }
}

/** Hints as a store gives them; `open` tells whether somebody watches. */
class Hints {
  open = false;
  #due = false;
  #wake: (() => void) | undefined;

  give(): void {
    this.#due = true;
    this.#wake?.();
  }

  watch = async function* (this: Hints, signal: AbortSignal): AsyncGenerator<void> {
    this.open = true;
    try {
      while (!signal.aborted) {
        if (this.#due) {
          this.#due = false;
          yield;
          continue;
        }
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      }
    } finally {
      this.open = false;
    }
  }.bind(this);
}

/** Time stands still until a test lets it pass. */
class StandingTime implements Pick<Runtime, 'sleep'> {
  readonly asleep = new Set<{ readonly milliseconds: number; readonly wake: () => void }>();
  slept = 0;

  sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> => {
    this.slept += 1;
    return new Promise((resolve) => {
      const wake = (): void => {
        this.asleep.delete(sleeper);
        resolve();
      };
      const sleeper = { milliseconds, wake };
      if (signal?.aborted === true) return resolve();
      this.asleep.add(sleeper);
      signal?.addEventListener('abort', wake, { once: true });
    });
  };

  pass(): void {
    for (const { wake } of this.asleep) wake();
  }
}

/** Lets everything that is due happen. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

function arrange(options: { readonly hints?: boolean } = {}) {
  const feed = new Feed();
  const time = new StandingTime();
  const hints = new Hints();
  if (options.hints === true) feed.watch = hints.watch;
  const subscription = (given: SubscribeOptions = {}) =>
    subscribe(feed as unknown as EventStore, { runtime: time as unknown as Runtime, ...given });
  /** Consumes events, and tells which ones were seen so far, and whether the loop was left. */
  const consume = (given?: SubscribeOptions) => {
    const seen: string[] = [];
    const state = { seen, over: false, error: undefined as unknown };
    void (async () => {
      for await (const { type } of subscription(given)) seen.push(type);
    })()
      .catch((error: unknown) => (state.error = error))
      .finally(() => (state.over = true));
    return state;
  };
  return { feed, time, hints, subscription, consume };
}

afterEach(() => void jest.restoreAllMocks());

describe('catching up', () => {
  it('gives the events that are there, in their order, page by page', async () => {
    const { feed, consume } = arrange();
    feed.record('a', 'b', 'c', 'd', 'e');
    const { seen } = consume({ batchSize: 2 });
    await settled();
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(feed.queries.map(({ after, limit }) => [after, limit])).toEqual([
      [START, 2],
      [feed.events[1]?.position, 2],
      [feed.events[3]?.position, 2],
      [feed.events[4]?.position, 2],
    ]);
  });

  it('begins after a position', async () => {
    const { feed, consume } = arrange();
    feed.record('a', 'b', 'c');
    const { seen } = consume({ after: feed.events[1]!.position });
    await settled();
    expect(seen).toEqual(['c']);
  });

  it('asks for 500 events at once, unless told otherwise, and for no filter where there is none', async () => {
    const { feed, consume } = arrange();
    consume();
    await settled();
    expect(feed.queries).toEqual([{ after: START, limit: 500 }]);
  });

  it('hands the filter to the store', async () => {
    const { feed, consume } = arrange();
    const filter = { types: ['b'], streamPrefixes: ['account-'] };
    feed.record('a', 'b', 'c');
    const { seen } = consume({ filter });
    await settled();
    expect(seen).toEqual(['b']);
    expect(feed.queries[0]?.filter).toEqual(filter);
  });

  it('begins anew for every loop over the subscription', async () => {
    const { feed, subscription } = arrange();
    feed.record('a', 'b');
    const both = subscription();
    for (let round = 0; round < 2; round++) {
      const seen: string[] = [];
      for await (const { type } of both) {
        seen.push(type);
        if (seen.length === 2) break;
      }
      expect(seen).toEqual(['a', 'b']);
    }
  });
});

describe('what comes later', () => {
  it('is given when the store hints at it, with no time passing', async () => {
    const { feed, time, hints, consume } = arrange({ hints: true });
    const { seen } = consume();
    await settled();
    for (const type of ['a', 'b']) {
      feed.record(type);
      hints.give();
      await settled();
    }
    expect(seen).toEqual(['a', 'b']);
    expect(time.asleep.size).toBe(1);
  });

  it('is found by looking, where the store gives no hints', async () => {
    const { feed, time, consume } = arrange();
    const { seen } = consume({ pollInterval: 250 });
    await settled();
    expect([...time.asleep].map(({ milliseconds }) => milliseconds)).toEqual([250]);
    feed.record('a');
    await settled();
    expect(seen).toEqual([]);
    time.pass();
    await settled();
    expect(seen).toEqual(['a']);
  });

  it('is looked for every second, unless told otherwise', async () => {
    const { time, consume } = arrange();
    consume();
    await settled();
    expect([...time.asleep].map(({ milliseconds }) => milliseconds)).toEqual([1000]);
  });

  it('is found by looking, also where a hint never comes', async () => {
    const { feed, time, consume } = arrange({ hints: true });
    const { seen } = consume();
    await settled();
    feed.record('a');
    time.pass();
    await settled();
    expect(seen).toEqual(['a']);
  });

  it('is not missed when the hint comes while the store is being read', async () => {
    const { feed, time, hints, consume } = arrange({ hints: true });
    feed.meanwhile = async () => {
      feed.record('a');
      hints.give();
      await settled();
    };
    const { seen } = consume();
    await settled();
    await settled();
    expect(seen).toEqual(['a']);
    expect(time.slept).toBeLessThanOrEqual(2);
  });

  it('is not missed when the hint comes while an event is being handled', async () => {
    const { feed, time, hints, subscription } = arrange({ hints: true });
    feed.record('a');
    const events = subscription()[Symbol.asyncIterator]();
    await events.next();
    feed.record('b');
    hints.give();
    await settled();
    expect(await events.next()).toMatchObject({ value: { type: 'b' } });
    expect(time.slept).toBe(0);
    await events.return?.();
  });

  it('is read once for many hints', async () => {
    const { feed, hints, consume } = arrange({ hints: true });
    consume();
    await settled();
    const before = feed.queries.length;
    for (let hint = 0; hint < 100; hint++) hints.give();
    await settled();
    expect(feed.queries.length - before).toBeLessThanOrEqual(2);
  });
});

describe('back-pressure', () => {
  it('fetches nothing before somebody asks', async () => {
    const { feed, hints, subscription } = arrange({ hints: true });
    feed.record('a');
    const made = subscription();
    const events = made[Symbol.asyncIterator]();
    made.batches();
    await settled();
    expect(feed.queries).toEqual([]);
    expect(hints.open).toBe(false);
    await events.next();
    expect(feed.queries).toHaveLength(1);
    await events.return?.();
  });

  it('fetches the next page only when the last one was taken', async () => {
    const { feed, subscription } = arrange();
    feed.record('a', 'b', 'c', 'd');
    const events = subscription({ batchSize: 2 })[Symbol.asyncIterator]();
    await events.next();
    await events.next();
    await settled();
    expect(feed.queries).toHaveLength(1);
    await events.next();
    expect(feed.queries).toHaveLength(2);
    await events.return?.();
  });
});

describe('batches', () => {
  const take = async (batches: AsyncIterable<Batch>, count: number): Promise<Batch[]> => {
    const taken: Batch[] = [];
    for await (const batch of batches) if (taken.push(batch) === count) break;
    return taken;
  };

  it('hold the events of a page, and how far the store has looked', async () => {
    const { feed, subscription } = arrange();
    feed.record('a', 'b', 'c');
    const [first, second] = await take(subscription({ batchSize: 2 }).batches(), 2);
    expect(first).toEqual({ events: feed.events.slice(0, 2), upTo: feed.events[1]?.position });
    expect(second).toEqual({ events: feed.events.slice(2), upTo: feed.events[2]?.position });
  });

  it('move on without a matching event: who filters has a checkpoint too', async () => {
    const { feed, subscription, consume } = arrange();
    feed.record('a', 'b', 'b', 'b');
    const filter = { types: ['a'] };
    const [first, second] = await take(subscription({ filter, batchSize: 1 }).batches(), 2);
    expect(first).toEqual({ events: [feed.events[0]], upTo: feed.events[0]?.position });
    expect(second).toEqual({ events: [], upTo: feed.events[3]?.position });
    const { seen } = consume({ filter, batchSize: 1 });
    await settled();
    expect(seen).toEqual(['a']);
  });

  it('look further than their last event, where the store has', async () => {
    const { feed, subscription } = arrange();
    feed.record('a', 'b', 'b');
    const [only] = await take(subscription({ filter: { types: ['a'] } }).batches(), 1);
    expect(only).toEqual({ events: [feed.events[0]], upTo: feed.events[2]?.position });
  });

  it('are none while nothing was looked at', async () => {
    const { feed, time, subscription } = arrange();
    const next = subscription().batches()[Symbol.asyncIterator]().next();
    await settled();
    time.pass();
    await settled();
    feed.record('a');
    time.pass();
    expect(await next).toMatchObject({ value: { upTo: feed.events[0]?.position } });
  });

  it('go on from a checkpoint, without a gap and without a repetition', async () => {
    const { feed, subscription } = arrange();
    const seen: string[] = [];
    let after: Position = START;
    for (const types of [['a', 'b', 'c'], ['d'], ['e', 'f']]) {
      feed.record(...types);
      const [batch] = await take(subscription({ after, batchSize: 2 }).batches(), 1);
      seen.push(...batch!.events.map(({ type }) => type));
      after = batch!.upTo;
    }
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });
});

describe('the end of a subscription', () => {
  it('is leaving the loop: nobody watches, sleeps or reads any more', async () => {
    const { feed, time, hints, subscription } = arrange({ hints: true });
    feed.record('a', 'b');
    for await (const _ of subscription()) break;
    await settled();
    expect(hints.open).toBe(false);
    expect(time.asleep.size).toBe(0);
    hints.give();
    time.pass();
    await settled();
    expect(feed.queries).toHaveLength(1);
  });

  it('is an error that is thrown in the loop, too', async () => {
    const { feed, hints, subscription } = arrange({ hints: true });
    feed.record('a');
    const oops = new Error('oops');
    const loop = async () => {
      for await (const _ of subscription()) throw oops;
    };
    await expect(loop()).rejects.toBe(oops);
    await settled();
    expect(hints.open).toBe(false);
  });

  it('is the signal, while it waits: the loop is left as if there were no more events', async () => {
    const { feed, time, hints, consume } = arrange({ hints: true });
    feed.record('a');
    const controller = new AbortController();
    const state = consume({ signal: controller.signal });
    await settled();
    expect(state).toEqual({ seen: ['a'], over: false, error: undefined });
    controller.abort(new Error('enough'));
    await settled();
    expect(state).toEqual({ seen: ['a'], over: true, error: undefined });
    expect([hints.open, time.asleep.size]).toEqual([false, 0]);
  });

  it('is the signal, while it reads: what is read then is not given any more', async () => {
    const { feed, consume } = arrange();
    feed.record('a');
    const controller = new AbortController();
    feed.meanwhile = () => controller.abort();
    const state = consume({ signal: controller.signal });
    await settled();
    expect(state).toEqual({ seen: [], over: true, error: undefined });
  });

  it.each(Array.from({ length: 12 }, (_, turns) => turns))(
    'is the signal also %p turns after the store was asked: nobody goes to sleep any more',
    async (turns) => {
      const { feed, time, consume } = arrange();
      const controller = new AbortController();
      feed.meanwhile = () => {
        void (async () => {
          for (let turn = 0; turn < turns; turn++) await Promise.resolve();
          controller.abort();
        })();
      };
      const state = consume({ signal: controller.signal });
      await settled();
      expect(state).toEqual({ seen: [], over: true, error: undefined });
      expect(time.asleep.size).toBe(0);
    },
  );

  it('is a signal from the beginning: nothing is read', async () => {
    const { feed, hints, consume } = arrange({ hints: true });
    feed.record('a');
    const state = consume({ signal: AbortSignal.abort() });
    await settled();
    expect(state).toEqual({ seen: [], over: true, error: undefined });
    expect([feed.queries.length, hints.open]).toEqual([0, false]);
  });

  it('is the signal, also in the middle of a page', async () => {
    const { feed, subscription } = arrange();
    feed.record('a', 'b', 'c');
    const controller = new AbortController();
    const seen: string[] = [];
    for await (const { type } of subscription({ signal: controller.signal })) {
      seen.push(type);
      controller.abort();
    }
    expect(seen).toEqual(['a']);
  });

  it('is the signal, also while the store does not answer', async () => {
    const { feed, consume } = arrange();
    const controller = new AbortController();
    feed.meanwhile = () => new Promise(() => undefined);
    const state = consume({ signal: controller.signal });
    await settled();
    controller.abort();
    await settled();
    expect(state.over).toBe(true);
  });

  it('is an error of the store, which the loop throws', async () => {
    const { feed, hints, time, consume } = arrange({ hints: true });
    const away = new Error('away');
    feed.record('a');
    const state = consume();
    await settled();
    feed.meanwhile = () => {
      throw away;
    };
    hints.give();
    await settled();
    expect(state).toEqual({ seen: ['a'], over: true, error: away });
    expect([hints.open, time.asleep.size]).toEqual([false, 0]);
  });
});

describe('a watch that fails', () => {
  it('is warned of, and the subscription goes on by looking', async () => {
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const { feed, time, consume } = arrange();
    feed.watch = async function* () {
      throw new Error('no more hints');
    };
    const state = consume();
    await settled();
    expect(warned.mock.calls).toEqual([
      [
        "The store's watch failed, and the subscription goes on by looking at intervals: Error: no more hints",
        expect.objectContaining({ type: 'EventCoreWarning', code: 'EVENTCORE_WATCH_FAILED' }),
      ],
    ]);
    feed.record('a');
    time.pass();
    await settled();
    expect(state).toEqual({ seen: ['a'], over: false, error: undefined });
  });

  it('may fail at once', async () => {
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const { feed, consume } = arrange();
    feed.watch = () => {
      throw new Error('no hints at all');
    };
    feed.record('a');
    const { seen } = consume();
    await settled();
    expect(seen).toEqual(['a']);
    expect(warned).toHaveBeenCalledTimes(1);
  });

  it('may fail after some hints', async () => {
    jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const { feed, time, hints, consume } = arrange();
    feed.watch = async function* (signal) {
      for await (const _ of hints.watch(signal)) {
        yield;
        throw new Error('no more hints');
      }
    };
    const { seen } = consume();
    await settled();
    feed.record('a');
    hints.give();
    await settled();
    feed.record('b');
    hints.give();
    await settled();
    expect(seen).toEqual(['a']);
    time.pass();
    await settled();
    expect(seen).toEqual(['a', 'b']);
  });

  it('may also just end: the subscription goes on by looking', async () => {
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const { feed, time, consume } = arrange();
    feed.watch = async function* () {};
    const { seen } = consume();
    await settled();
    feed.record('a');
    time.pass();
    await settled();
    expect(seen).toEqual(['a']);
    expect(warned).not.toHaveBeenCalled();
  });
});

describe('options that no store could be asked with', () => {
  it.each<[string, unknown, string]>([
    ['batchSize', 0, 'batchSize: must be a whole number from 1 on, not 0'],
    ['batchSize', -5, 'not -5'],
    ['batchSize', 2.5, 'not 2.5'],
    ['batchSize', '10', "not '10'"],
    ['batchSize', 10n, 'not 10n'],
    ['batchSize', Number.POSITIVE_INFINITY, 'not Infinity'],
    ['pollInterval', 0, 'pollInterval: must be a positive number of milliseconds, not 0'],
    ['pollInterval', Number.NaN, 'not NaN'],
    ['pollInterval', '1s', "not '1s'"],
    ['filter', null, 'filter: must be an object, not null'],
    ['filter', { types: 'MoneyDeposited' }, "filter.types: must be an array, not 'MoneyDeposited'"],
    ['filter', { streamPrefixes: 'account-' }, "filter.streamPrefixes: must be an array, not 'account-'"],
    ['filter', { streams: new Set() }, 'filter.streams: must be an array, not Set(0) {}'],
  ])('are refused at once: %s %p', (option, value, message) => {
    const { feed } = arrange();
    // The feed has what a subscription calls of a store, and no more.
    const error = raised(() => subscribe(feed as unknown as EventStore, { [option]: value } as SubscribeOptions));
    expect(error.code).toBe('VALIDATION');
    expect(error.message).toContain(message);
    expect(feed.queries).toEqual([]);
  });
});
