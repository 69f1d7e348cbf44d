/**
 * Commits that come late: an append draws its position, others draw later ones and commit, and only then does it commit,
 * or not at all. Left to chance this is rare; a store that can stop an append right there (`holdCommits`) is shown to
 * cope with it, every time.
 */
import { START, type EventFilter, type EventStore, type Position, type StreamId } from '@eventcore/core';
import type { Append, FeedPage, Outcome } from '@eventcore/core/store';
import { anAppend, commit, on, send, stream, together } from '../section/arrange.js';
import { committed, contents, duplicate, holds, same } from '../section/expectations.js';
import { feedPage, versionOf, wholeFeed, wholeStream } from '../section/observe.js';
import type { Behaviour, Given, Section } from '../section/section.js';

/**
 * An append that has stopped on its way, and what becomes of it.
 *
 * @example
 * ```ts
 * import type { HeldCommits } from '@eventcore/testing';
 *
 * const gate = Promise.withResolvers<'commit' | 'roll back'>(); // what an append waits for
 * const stands = Promise.withResolvers<void>(); // resolved by an append that waits
 *
 * const held: HeldCommits = {
 *   reached: stands.promise,
 *   release: async () => gate.resolve('commit'),
 *   rollBack: async () => gate.resolve('roll back'),
 * };
 * ```
 */
export interface HeldCommits {
  /** Fulfilled when an append has stopped: its position is drawn, and nobody sees it yet. */
  readonly reached: Promise<void>;
  /** Lets it commit, and whatever comes after it. */
  release(): Promise<void>;
  /** Ends it without a commit, as when its connection is cut, and lets pass whatever comes after it. */
  rollBack(): Promise<void>;
}

/**
 * From now on, appends that write to the stream stop when their position is drawn, and before anybody can see them.
 *
 * @example
 * ```ts
 * import type { HeldCommits, HoldCommits } from '@eventcore/testing';
 *
 * declare function lockOutInserts(stream: string): Promise<HeldCommits>; // a trigger and a lock, say
 *
 * const holdCommits: HoldCommits = (store, stream) => lockOutInserts(stream);
 * ```
 */
export type HoldCommits = (store: EventStore, stream: StreamId) => Promise<HeldCommits>;

const late = 'late-alice';
const later = 'late-bob';
const others = ['account-0', 'account-1', 'account-2'];

const matching: EventFilter = { streamPrefixes: ['account-'] };

/** Long enough for whatever doesn't wait for the late commit. Nothing is concluded from what takes longer. */
const grace = 300;

/** What it came to; undefined if it is still waiting, as it may. */
async function meanwhile<Result>(running: Promise<Result>): Promise<Result | undefined> {
  const { promise: waiting, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), grace);
  try {
    return await Promise.race([running, waiting]);
  } finally {
    clearTimeout(timer);
  }
}

/** An append of three events to the stream that is held, and to another one. */
const lateAppend = (id: string): Append =>
  anAppend({ expected: { [id]: 0, [`${id}-2`]: 'any' }, events: [on(id), on(`${id}-2`), on(id)] });

/** Others commit: one on each of their streams. They may have to wait, too. */
function commitOthers({ store, peer }: Given): Promise<readonly Position[]> {
  const appended = others.map(
    async (id, n) =>
      (await commit(n % 2 === 0 ? store : peer, { expected: { [id]: 'any' }, events: [on(id)] })).position,
  );
  return together(appended);
}

/** A consumer that remembers only `upTo`. */
class Consumer {
  readonly pages: FeedPage[] = [];
  readonly #store: EventStore;
  readonly #limit: number;
  readonly #filter: EventFilter | undefined;
  #after = START;
  #reading: Promise<void> = Promise.resolve();

  constructor(store: EventStore, limit: number, filter?: EventFilter) {
    this.#store = store;
    this.#limit = limit;
    this.#filter = filter;
  }

  get seen(): readonly string[] {
    return this.pages.flatMap(({ events }) => events.map(({ id }) => id));
  }

  get upTo(): Position {
    return this.#after;
  }

  /** Reads on until the end for now, once it has done so before. */
  readOn(): Promise<void> {
    const reading = this.#reading.catch(() => undefined).then(() => this.#readToTheEnd());
    this.#reading = reading;
    return reading;
  }

  async #readToTheEnd(): Promise<void> {
    for (;;) {
      const page = await feedPage(this.#store, {
        after: this.#after,
        limit: this.#limit,
        ...(this.#filter && { filter: this.#filter }),
      });
      this.pages.push(page);
      if (page.upTo === this.#after) return;
      this.#after = page.upTo;
    }
  }
}

const consumersOf = ({ store, peer }: Given): readonly Consumer[] => [
  new Consumer(store, 1),
  new Consumer(peer, 100),
  new Consumer(store, 1, matching),
];

/** All consumers read on, as far as they can for now. Whoever has to wait goes on later, by itself. */
async function readOnMeanwhile(consumers: readonly Consumer[]): Promise<{ readonly reading: Promise<unknown> }> {
  const reading = together(consumers.map((consumer) => consumer.readOn()));
  // If it fails, it does so where it is awaited.
  await meanwhile(reading.catch(() => undefined));
  return { reading };
}

/** Consumers come to the end: at once, or when the store has noticed that an append is over. */
async function comeToTheEnd(store: EventStore, consumers: readonly Consumer[]): Promise<void> {
  const everything = await endOf(store);
  for (const consumer of consumers) {
    for (let turn = 0; turn < 40 && consumer.upTo < everything; turn++) {
      await consumer.readOn();
      if (consumer.upTo < everything) await new Promise((resolve) => setTimeout(resolve, 25));
    }
    holds(
      consumer.upTo === everything,
      `A consumer comes to the end, "${everything}": it stands still at "${consumer.upTo}".`,
    );
  }
}

/** The position of the last event of any stream, whatever the feed says. */
async function endOf(store: EventStore): Promise<Position> {
  const streams = [late, `${late}-2`, later, `${later}-2`, ...others];
  const events = (await Promise.all(streams.map((id) => wholeStream(store, id)))).flat();
  return events.reduce<Position>((last, { position }) => (position > last ? position : last), START);
}

/** Nothing was skipped, nothing came twice, and everything in order. */
async function missedNothing(store: EventStore, consumers: readonly Consumer[]): Promise<void> {
  await comeToTheEnd(store, consumers);
  const [all, few, filtered] = consumers;
  const everything = await wholeFeed(store);
  const ids = everything.map(({ id }) => id);
  same(all?.seen, ids, 'A consumer is given every event, once and in order, also what was committed late.');
  same(few?.seen, ids, 'So is one that reads large pages.');
  const accounts = everything.filter(({ stream }) => stream.startsWith('account-'));
  same(
    filtered?.seen,
    accounts.map(({ id }) => id),
    'And one that filters.',
  );
}

/** Starts an append to a stream whose commits are held, and waits until it stands there. */
async function stopped(
  hold: HoldCommits,
  given: Given,
  id: string,
): Promise<{ held: HeldCommits; append: Append; outcome: Promise<Outcome | undefined> }> {
  const held = await hold(given.store, stream(id));
  const append = lateAppend(id);
  const outcome = given.store.append([append]).then(
    ([first]) => first,
    () => undefined,
  );
  const stands = await Promise.race([held.reached.then(() => true), outcome.then(() => false)]);
  holds(stands, 'The hook stops an append to the stream that it was given, and this one went on.');
  return { held, append, outcome };
}

/** What a consumer sees before, while, and after an append is late; `end` says how that ends. */
async function whileOneIsLate(hold: HoldCommits, given: Given, end: (held: HeldCommits) => Promise<void>) {
  await commitOthers(given);
  const consumers = consumersOf(given);
  const { held, outcome } = await stopped(hold, given, late);
  const committing = commitOthers(given);
  const before = await meanwhile(committing.catch(() => undefined));
  const { reading } = await readOnMeanwhile(consumers);
  const upTo = consumers.map((consumer) => consumer.upTo);
  await end(held);
  const [ended] = await together([outcome, committing, reading]);
  return { consumers, upTo, ended, before };
}

/** The section, for a store that can hold a commit. */
export function lateCommits(hold: HoldCommits): Section {
  const behaviours: Readonly<Record<string, Behaviour>> = {
    'skips no event that commits late, for no consumer': async (given) => {
      const { consumers, ended } = await whileOneIsLate(hold, given, (held) => held.release());
      committed(ended);
      await missedNothing(given.store, consumers);
    },
    'passes with no `upTo` what may yet commit': async (given) => {
      const { upTo, ended, before = [] } = await whileOneIsLate(hold, given, (held) => held.release());
      const { events } = committed(ended);
      const first = events[0]!.position;
      for (const position of before) {
        holds(
          first < position,
          'The append that was held had drawn its position: whoever came after it stands after it.',
        );
      }
      for (const each of upTo) holds(each < first, `While "${first}" was open, \`upTo\` was "${each}", beyond it.`);
    },
    'delivers what others have committed meanwhile, as soon as nothing before it is open': async (given) => {
      const { consumers, ended } = await whileOneIsLate(hold, given, (held) => held.release());
      committed(ended);
      const everything = await endOf(given.store);
      for (const consumer of consumers) {
        await consumer.readOn();
        holds(
          consumer.upTo === everything,
          `Everything is acknowledged, so the end is "${everything}", not "${consumer.upTo}".`,
        );
      }
    },
    'skips nothing of two that are late, whichever of them commits first': async (given) => {
      const consumers = consumersOf(given);
      const one = await stopped(hold, given, late);
      const between = commitOthers(given);
      await meanwhile(between.catch(() => undefined));
      const other = await stopped(hold, given, later);
      const committing = commitOthers(given);
      await meanwhile(committing.catch(() => undefined));
      const first = await readOnMeanwhile(consumers);
      await other.held.release();
      await meanwhile(other.outcome);
      const second = await readOnMeanwhile(consumers);
      await one.held.release();
      const [a, b] = await together([one.outcome, other.outcome, between, committing, first.reading, second.reading]);
      committed(a);
      committed(b);
      await missedNothing(given.store, consumers);
    },
  };
  return {
    title: 'commits that come late',
    clauses: [
      {
        says: 'A reader that remembers only `upTo` never skips an event, whatever commits late, and is not held up for ever.',
        behaviours,
      },
      {
        says: 'What was rolled back leaves no hole that holds anybody up.',
        behaviours: {
          'goes on when an append was rolled back whose position was drawn': async (given) => {
            const { consumers, ended } = await whileOneIsLate(hold, given, (held) => held.rollBack());
            holds(ended?.kind !== 'committed', 'What was rolled back is not called committed.');
            same(await versionOf(given.store, late), 0, 'Nothing of it is there.');
            await missedNothing(given.store, consumers);
            await commitOthers(given);
            await missedNothing(given.store, consumers);
          },
        },
      },
      {
        says: '`read` gives what is committed.',
        behaviours: {
          'shows nothing of an append before it commits, and all of it afterwards': async (given) => {
            const { held, outcome } = await stopped(hold, given, late);
            const reading = together([versionOf(given.peer, late), wholeFeed(given.store)]);
            const seen = await meanwhile(reading.catch(() => undefined));
            await held.release();
            committed(await outcome);
            await reading;
            if (seen !== undefined)
              same(seen, [0, []], 'Nobody sees what is not committed, in a stream or in the feed.');
            same(await versionOf(given.peer, late), 2, 'And then everybody sees it.');
          },
        },
      },
      {
        says: 'An append in flight under the same id is waited for; the unique constraint on the id has the last word.',
        behaviours: {
          'applies an append once that is sent again while the first one is still on its way': async (given) => {
            const { held, append, outcome } = await stopped(hold, given, late);
            const again = send(given.peer, append);
            await meanwhile(again.catch(() => undefined));
            await held.release();
            const [first, [second]] = await together([outcome, again]);
            same(contents(duplicate(second)), contents(committed(first)), 'The second is told what the first one did.');
            same(await versionOf(given.store, late), 2, 'It was applied once.');
          },
          'applies an append that is sent again when the first one is rolled back': async (given) => {
            const { held, append } = await stopped(hold, given, late);
            const again = send(given.peer, append);
            await meanwhile(again.catch(() => undefined));
            await held.rollBack();
            committed((await again)[0]);
            same(await versionOf(given.store, late), 2, 'It was applied once.');
          },
        },
      },
    ],
  };
}
