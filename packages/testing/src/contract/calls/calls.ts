/** What every call may be given: a signal and a deadline. */
import { START, type EventStore } from '@eventcore/core';
import type { CallOptions } from '@eventcore/core/store';
import { anAppend, at, commit, on, stream } from '../section/arrange.js';
import { committed, holds, same } from '../section/expectations.js';
import { wholeFeed } from '../section/observe.js';
import type { Section } from '../section/section.js';

const alice = 'account-alice';

const query = { streams: [{ stream: stream(alice), after: at(0) }] };

/** An append that is called off: what it answers has to be true, and what it leaves open has an answer when asked again. */
async function calledOff(store: EventStore, options: CallOptions): Promise<void> {
  const append = anAppend({ expected: { [alice]: 0 }, events: [on(alice)] });
  const outcome = await store.append([append], options).then(
    ([first]) => first?.kind,
    () => 'nothing was sent',
  );
  const written = (await wholeFeed(store)).length;
  if (outcome === 'committed') same(written, 1, 'What is committed is there.');
  else if (outcome !== 'unknown') same(written, 0, `An append that ended as "${outcome}" was certainly not applied.`);
  const [again] = await store.append([append]);
  holds(again?.kind === 'committed' || again?.kind === 'duplicate', 'Sent again, the same append is answered.');
  same((await wholeFeed(store)).length, 1, 'It was applied once.');
}

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
