/** Everything that a run takes from outside: time, chance and ids, all from one seed. */
import type { Runtime } from '@eventcore/core';
import { seededRandom, type SeededRandom } from '../chaos/seeded-random.js';
import { VirtualTime } from './virtual-time.js';

export class World {
  readonly seed: number;
  readonly time = new VirtualTime();
  readonly random: SeededRandom;
  readonly began = this.time.now;
  /** Told what happens, line by line, while a failure is replayed. */
  readonly tell: ((who: string, what: string) => void) | undefined;
  #ids = 0;

  constructor(seed: number, tell?: (moment: number, who: string, what: string) => void) {
    this.seed = seed;
    this.random = seededRandom(seed);
    this.tell = tell && ((who, what) => tell(this.time.now - this.began, who, what));
  }

  /** Ids are counted, so that they are short to read: the last digits tell them apart. */
  readonly uuid = (): string => `00000000-0000-7000-8000-${(++this.#ids).toString(16).padStart(12, '0')}`;

  readonly runtime: Runtime = {
    now: () => this.time.now,
    tick: () => this.time.now,
    sleep: (milliseconds, signal) => this.time.sleep(milliseconds, signal),
    random: () => this.random.next(),
    uuid: this.uuid,
  };
}
