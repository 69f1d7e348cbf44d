import { describe, expect, it } from '@jest/globals';
import { VirtualTime } from './virtual-time.js';

const never = (): boolean => false;

describe('virtual time', () => {
  it('wakes sleepers in the order of time, and of going to sleep', async () => {
    const time = new VirtualTime();
    const woken: string[] = [];
    const start = time.now;
    const times = [30, 10, 20, 10, 0, 25, 5, 5, 40, 1];
    times.forEach((after, index) => void time.sleep(after).then(() => woken.push(`${time.now - start} ${index}`)));
    await time.pass(never, Infinity);
    expect(woken).toEqual(['0 4', '1 9', '5 6', '5 7', '10 1', '10 3', '20 2', '25 5', '30 0', '40 8']);
  });

  it('lets whoever was woken go on until it sleeps again, before the next one is', async () => {
    const time = new VirtualTime();
    const seen: string[] = [];
    const sleeper = async (name: string): Promise<void> => {
      for (let n = 0; n < 3; n++) {
        await time.sleep(10);
        for (let turn = 0; turn < 5; turn++) {
          await Promise.resolve();
          seen.push(name);
        }
      }
    };
    void sleeper('a');
    void sleeper('b');
    await time.pass(never, Infinity);
    expect(seen.join('')).toBe('aaaaabbbbb'.repeat(3));
  });

  it('passes until something is done', async () => {
    const time = new VirtualTime();
    const start = time.now;
    let done = false;
    void time.sleep(10).then(() => (done = true));
    void time.sleep(20);
    await time.pass(() => done, Infinity);
    expect(time.now - start).toBe(10);
  });

  it('goes no further than a moment, and goes on from there', async () => {
    const time = new VirtualTime();
    const start = time.now;
    const woken: number[] = [];
    for (const after of [10, 50]) void time.sleep(after).then(() => woken.push(after));
    await time.pass(never, start + 20);
    expect(woken).toEqual([10]);
    await time.pass(never, Infinity);
    expect([woken, time.now - start]).toEqual([[10, 50], 50]);
  });

  it('ends a sleep by its signal', async () => {
    const time = new VirtualTime();
    const start = time.now;
    const controller = new AbortController();
    const slept = time.sleep(1_000, controller.signal);
    controller.abort();
    await slept;
    await time.sleep(1_000, controller.signal);
    expect(time.now).toBe(start);
  });
});
