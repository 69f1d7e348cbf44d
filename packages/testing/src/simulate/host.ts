/** Where clients run: a process, and after a crash another one. Several clients of a host share what a process shares. */
import type { SeededRandom } from '../chaos/seeded-random.js';
import { Process } from './process.js';
import type { World } from './world.js';

export class Host {
  readonly #name: string;
  readonly #world: World;
  readonly #random: SeededRandom;
  #process: Process;
  #processes = 1;

  constructor(name: string, world: World, random: SeededRandom) {
    this.#name = name;
    this.#world = world;
    this.#random = random;
    this.#process = new Process(name, world, random);
  }

  get process(): Process {
    if (!this.#process.isAlive) {
      this.#processes += 1;
      this.#process = new Process(`${this.#name}/${this.#processes}`, this.#world, this.#random);
    }
    return this.#process;
  }
}
