import { afterEach, expect, it, jest } from '@jest/globals';
import { Client, eventsOf } from './client.fixture.js';
import { memoryBank } from './memory-bank.fixture.js';

afterEach(() => {
  jest.useRealTimers();
});

it('who is told what changes is told so until his session ends', async () => {
  // Nothing but the pings, and the time: consumers rest as ever.
  jest.useFakeTimers({
    doNotFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'nextTick', 'queueMicrotask', 'performance'],
  });
  await using open = await memoryBank();
  const bob = await Client.signIn(open.app, 'bob');
  const heard: string[] = [];
  const stream = eventsOf(await bob.open('/api/live'));
  heard.push((await stream.next()).value!.event);
  jest.advanceTimersByTime(15_000);
  heard.push((await stream.next()).value!.event);
  expect(heard).toEqual(['ping', 'ping']);
  jest.setSystemTime(Date.now() + 8 * 60 * 60 * 1000);
  jest.advanceTimersByTime(15_000);
  expect(await stream.next()).toEqual({ value: undefined, done: true });
});

it('who only asks whether there is something to listen to is not told anything', async () => {
  await using open = await memoryBank();
  const bob = await Client.signIn(open.app, 'bob');
  const listen = jest.spyOn(open.bank.live, 'listen');
  const { status, body } = await bob.open('/api/live', { method: 'HEAD' });
  expect([status, body]).toEqual([200, null]);
  expect(listen).not.toHaveBeenCalled();
});
