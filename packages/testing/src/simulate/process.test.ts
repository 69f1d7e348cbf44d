/** A process that has died sends nothing more, and hears of nothing; and each has a clock of its own. */
import { describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '@eventcore/memory';
import { seededRandom } from '../chaos/seeded-random.js';
import { anAppend, on } from '../contract/section/arrange.js';
import { wholeFeed } from '../contract/section/observe.js';
import { Process } from './process.js';
import { World } from './world.js';

const deposit = () => anAppend({ expected: { 'account-a': 'any' }, events: [on('account-a')] });
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function made() {
  const world = new World(1);
  const process = new Process('p', world, seededRandom(1));
  const store = createMemoryStore({ runtime: world.runtime });
  return { world, process, store, reached: process.reach(store) };
}

describe('a simulated process', () => {
  it('has a clock that can be set, and leaves that of the world alone', () => {
    const { world, process } = made();
    process.setClock(-5_000);
    expect(process.runtime.now()).toBe(world.time.now - 5_000);
  });

  it('that has died sends nothing, and waits for ever', async () => {
    const { process, store, reached } = made();
    process.die();
    let heard = 0;
    void reached.append([deposit()]).finally(() => (heard += 1));
    void reached.hold!([], () => [deposit()]).finally(() => (heard += 1));
    await turn();
    expect([(await wholeFeed(store)).length, heard]).toEqual([0, 0]);
  });

  it('that dies meanwhile has sent what it sent, and never hears of it', async () => {
    const { process, store, reached } = made();
    let heard = 0;
    void reached.append([deposit()]).finally(() => (heard += 1));
    process.die();
    await turn();
    expect([(await wholeFeed(store)).length, heard]).toEqual([1, 0]);
  });

  it('that dies before it has decided under a hold writes nothing', async () => {
    const { world, process, store } = made();
    const { hold, ...rest } = store;
    const slow = process.reach({
      ...rest,
      hold: async (...given) => (await world.time.sleep(5), hold(...given)),
    });
    let decided = 0;
    void slow.hold!([], () => ((decided += 1), [deposit()]));
    process.die();
    await world.time.pass(() => false, Infinity);
    expect([decided, (await wholeFeed(store)).length]).toEqual([0, 0]);
  });
});
