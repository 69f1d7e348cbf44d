import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { Watchers } from './watchers.js';

const woken = { done: false, value: undefined };
const ended = { done: true, value: undefined };

describe('a watcher', () => {
  it('wakes when there is news, once for all of it', async () => {
    const { watchers, iterator } = watching();
    const waiting = iterator.next();
    expect(await settled(waiting)).toBe(false);
    for (let count = 0; count < 3; count++) watchers.wake();
    await expect(waiting).resolves.toEqual(woken);
    await expect(iterator.next()).resolves.toEqual(woken);
    expect(await settled(iterator.next())).toBe(false);
  });

  it('remembers news from the moment on in which it was asked for', async () => {
    const watchers = new Watchers();
    const iterable = watchers.watch(new AbortController().signal);
    watchers.wake();
    await expect(iterable[Symbol.asyncIterator]().next()).resolves.toEqual(woken);
  });

  it('wakes everyone who waits', async () => {
    const { watchers, iterator } = watching();
    const other = watchers.watch(new AbortController().signal)[Symbol.asyncIterator]();
    const waiting = [iterator.next(), iterator.next(), other.next()];
    watchers.wake();
    await expect(Promise.all(waiting)).resolves.toEqual([woken, woken, woken]);
  });

  it('ends with its signal, and leaves nothing behind', async () => {
    const { watchers, iterator, controller } = watching();
    const waiting = iterator.next();
    controller.abort();
    await expect(waiting).resolves.toEqual(ended);
    watchers.wake();
    await expect(iterator.next()).resolves.toEqual(ended);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    expect(watchers.size).toBe(0);
  });

  it('ends at once when its signal is aborted already', async () => {
    const watchers = new Watchers();
    const iterator = watchers.watch(AbortSignal.abort())[Symbol.asyncIterator]();
    await expect(iterator.next()).resolves.toEqual(ended);
    expect(watchers.size).toBe(0);
  });

  it('leaves nothing behind when its loop is left', async () => {
    const { watchers, iterable, controller } = watching();
    watchers.wake();
    for await (const _ of iterable) break;
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    expect(watchers.size).toBe(0);
  });

  it('ends with all the others, and so do those that come later', async () => {
    const { watchers, iterator, controller } = watching();
    const waiting = iterator.next();
    watchers.end();
    await expect(waiting).resolves.toEqual(ended);
    await expect(watchers.watch(controller.signal)[Symbol.asyncIterator]().next()).resolves.toEqual(ended);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it('has its store listen while there is anybody to be told, and no longer', async () => {
    const heard: string[] = [];
    const watchers = new Watchers(() => {
      heard.push('listens');
      return () => heard.push('stops');
    });
    const [one, other] = [new AbortController(), new AbortController()];
    expect(heard).toEqual([]);
    watchers.watch(one.signal);
    watchers.watch(other.signal);
    one.abort();
    expect(heard).toEqual(['listens']);
    other.abort();
    expect(heard).toEqual(['listens', 'stops']);
    watchers.watch(new AbortController().signal);
    watchers.end();
    watchers.watch(new AbortController().signal);
    expect(heard).toEqual(['listens', 'stops', 'listens', 'stops']);
  });
});

function watching() {
  const watchers = new Watchers();
  const controller = new AbortController();
  const iterable = watchers.watch(controller.signal);
  return { watchers, controller, iterable, iterator: iterable[Symbol.asyncIterator]() };
}

/** Whether a promise is settled after a turn of the event loop. */
function settled(promise: Promise<unknown>): Promise<boolean> {
  return Promise.race([promise.then(() => true), new Promise<boolean>((resolve) => setImmediate(resolve, false))]);
}
