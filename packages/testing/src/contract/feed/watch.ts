/** `watch`: a hint that something may be new. */
import type { EventStore } from '@eventcore/core';
import { commit, on } from '../section/arrange.js';
import { holds } from '../section/expectations.js';
import type { Section } from '../section/section.js';

const alice = 'account-alice';

/** Nothing may depend on a wake-up, so the suite is patient. */
const patience = 10_000;

function watching(store: EventStore, signal: AbortSignal): AsyncIterable<void> {
  holds(store.watch !== undefined, 'The store offers `watch`.');
  return store.watch(signal);
}

/** Whether it came true in time. */
async function inTime(awaited: Promise<unknown>, milliseconds = patience): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), milliseconds);
  try {
    return await Promise.race([awaited.then(() => true as const), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Appends until somebody has woken up, since a hint that came too early may be lost. */
async function appendUntil(store: EventStore, woken: Promise<unknown>): Promise<boolean> {
  for (let turn = 0; turn < patience / 100; turn++) {
    await commit(store, { expected: { [alice]: 'any' }, events: [on(alice)] });
    if (await inTime(woken, 100)) return true;
  }
  return false;
}

export const watch: Section = {
  title: 'watch',
  clauses: [
    {
      says: '`watch` wakes up when something may be new.',
      behaviours: {
        'wakes every watcher when something was appended, by whichever client': async ({ store, peer }) => {
          const end = new AbortController();
          const watchers = [store, store, peer].map((client) => watching(client, end.signal)[Symbol.asyncIterator]());
          const woken = Promise.all(watchers.map((watcher) => watcher.next()));
          holds(await appendUntil(store, woken), 'A watcher wakes up within seconds of an append.');
          end.abort();
        },
        'wakes again and again': async ({ store }) => {
          const end = new AbortController();
          const watcher = watching(store, end.signal)[Symbol.asyncIterator]();
          for (let turn = 0; turn < 3; turn++) {
            const woken = watcher.next();
            holds(await appendUntil(store, woken), `A watcher goes on watching (after ${turn} wake-ups).`);
            holds((await woken).done !== true, `A watch does not end by itself (after ${turn} wake-ups).`);
          }
          end.abort();
        },
      },
    },
    {
      says: '`watch` ends when its signal does, or the store is closed, without an error.',
      behaviours: {
        'ends when the signal is aborted': async ({ store }) => {
          const end = new AbortController();
          const ended = (async () => {
            for await (const _ of watching(store, end.signal));
          })();
          await commit(store, { expected: { [alice]: 0 }, events: [on(alice)] });
          end.abort();
          holds(await inTime(ended), 'The iteration is over when the signal is aborted.');
        },
        'ends when the store is closed': async ({ store }) => {
          const ended = (async () => {
            for await (const _ of watching(store, new AbortController().signal));
          })();
          await commit(store, { expected: { [alice]: 0 }, events: [on(alice)] });
          await store.close();
          holds(await inTime(ended, 1000), 'After `close` every watch ends.');
        },
        'ends at once when the signal is aborted already': async ({ store }) => {
          const ended = (async () => {
            for await (const _ of watching(store, AbortSignal.abort()));
          })();
          holds(await inTime(ended), 'There is nothing to wait for.');
        },
        'can be left by its reader': async ({ store }) => {
          const end = new AbortController();
          const left = (async () => {
            for await (const _ of watching(store, end.signal)) break;
          })();
          holds(await appendUntil(store, left), '`break` ends a watch.');
          end.abort();
        },
      },
    },
  ],
};
