/** What every call may be given: a signal and a deadline. */
import { START, type EventStore, type StreamId } from '@eventcore/core';
import type { Append, CallOptions } from '@eventcore/core/store';
import { anAppend, at, commit, on, stream, times } from '../section/arrange.js';
import { committed, same } from '../section/expectations.js';
import { feedUpTo, partsOf, versionOf } from '../section/observe.js';
import { abortedAfter, appending, sentTwice, warmUp, type Sending } from './sent-twice.js';
import type { Section } from '../section/section.js';

const alice = 'account-alice';

const query = { streams: [{ stream: stream(alice), after: at(0) }] };

/** An append that is called off: what it answers has to be true, and what it leaves open has an answer when asked again. */
async function calledOff(store: EventStore, options: CallOptions): Promise<void> {
  const append = anAppend({ expected: { [alice]: 0 }, events: [on(alice)] });
  const { receipts } = await sentTwice(store, [append], () => store.append([append], options));
  same(await versionOf(store, alice), 1, 'It was applied once.');
  same((await feedUpTo(store, receipts[0]!.position)).length, 1, 'The feed comes to it, and gives it once.');
}

/**
 * Calls off one call after the other, from at once to long after a call should be over: so some end before anything is sent, some
 * amid their way, and some when they are over. What each of them writes is applied once.
 */
async function calledOffAtAnyMoment(
  store: EventStore,
  moments: number,
  call: () => readonly Append[],
  sending: Sending = appending,
): Promise<void> {
  const turns = await warmUp(store);
  const streams = new Set<StreamId>();
  for (let n = 0; n < moments; n++) {
    const appends = call();
    const after = Math.round((1.5 * turns * n) / moments);
    await sentTwice(store, appends, () => abortedAfter(after, (signal) => sending(store, appends, { signal })));
    for (const { stream } of appends.flatMap(({ events }) => events)) streams.add(stream);
  }
  const pages = await partsOf(store, ...[...streams].map((of) => ({ of, limit: 1 })));
  same(new Set(pages.map(({ version }) => version)), new Set([moments]), 'Each call was applied once.');
}

/** Nothing speaks against it, and it writes to each of its streams. */
const blind = (...ids: readonly string[]): Append =>
  anAppend({ expected: Object.fromEntries(ids.map((id) => [id, 'any'])), events: ids.map((id) => on(id)) });

export const calls: Section = {
  title: 'signals and deadlines',
  clauses: [
    {
      says: 'A signal and a deadline change nothing of a call that ends in time.',
      behaviours: {
        'answers calls with a signal and a deadline as it does without': async ({ store }) => {
          const options = { signal: new AbortController().signal, deadline: Date.now() + 60_000 };
          const append = anAppend({ expected: { [alice]: 0 }, events: [on(alice)] });
          const [outcome] = await store.append([append], options);
          const receipt = committed(outcome);
          same((await store.read(query, options)).pages[0]?.version, 1, 'It was read.');
          same((await store.readAll({ after: START, limit: 1 }, options)).upTo, receipt.position, 'It is in the feed.');
        },
      },
    },
    {
      says: '`append` throws only if nothing was sent; `failed` was certainly not applied; what is `unknown` is answered when it is sent again.',
      behaviours: {
        'tells the truth of an append whose signal was aborted before': async ({ store }) => {
          await calledOff(store, { signal: AbortSignal.abort() });
        },
        'tells the truth of an append whose signal is aborted meanwhile': async ({ store }) => {
          const end = new AbortController();
          setImmediate(() => end.abort());
          await calledOff(store, { signal: end.signal });
        },
        'tells the truth of an append whose deadline has passed': async ({ store }) => {
          await calledOff(store, { deadline: Date.now() - 1000 });
        },
        'tells the truth of appends that are called off at any moment, when it is warm': async ({ store }) => {
          await calledOffAtAnyMoment(store, 30, () => [blind(alice)]);
        },
        'tells the truth of appends whose deadlines pass at any moment, when it is warm': async ({ store }) => {
          await warmUp(store);
          for (let n = 0; n < 16; n++) {
            const append = blind(alice);
            await sentTwice(store, [append], () => store.append([append], { deadline: Date.now() + (n % 4) }));
          }
          same(await versionOf(store, alice), 16, 'Each was applied once.');
        },
        'tells the truth of each append of a call that is called off at any moment': async ({ store }) => {
          await calledOffAtAnyMoment(store, 12, () => times(3, (k) => blind(`account-${k}`)));
        },
        'tells the truth of wide appends that are called off at any moment': async ({ store, width }) => {
          await calledOffAtAnyMoment(store, 6, () => [blind(...times(width, (k) => `account-${k}`))]);
        },
        'tells the truth of holds that are called off at any moment, if it has holds': async ({ store }) => {
          if (store.hold === undefined) return;
          const queries = [{ stream: stream(alice), after: at(0), mode: 'write' as const }];
          const holding: Sending = (_, appends, options) => store.hold!(queries, () => appends, options);
          await calledOffAtAnyMoment(store, 12, () => [blind(alice)], holding);
        },
        'answers the next call after one that was called off': async ({ store }) => {
          await store.read(query, { signal: AbortSignal.abort() }).catch(() => undefined);
          await store.readAll({ after: START, limit: 1 }, { signal: AbortSignal.abort() }).catch(() => undefined);
          await commit(store, { expected: { [alice]: 0 }, events: [on(alice)] });
          same((await store.read(query)).pages[0]?.version, 1, 'A call that was called off leaves the store in order.');
        },
      },
    },
  ],
};
