/** Checkpoints: how far each consumer has come. */
import { LeaseLost, START, type Position } from '@eventcore/core';
import type { Leases } from './leases.js';

export class Checkpoints {
  readonly #positions = new Map<string, Position>();
  readonly #leases: Leases;

  constructor(leases: Leases) {
    this.#leases = leases;
  }

  load(consumer: string): Position {
    return this.#positions.get(consumer) ?? START;
  }

  save(consumer: string, position: Position, fence: number | undefined): void {
    this.checkFence(consumer, position, fence);
    this.#positions.set(consumer, position);
  }

  /** @throws `LeaseLost` unless this fence may move the checkpoint. */
  checkFence(consumer: string, position: Position, fence: number | undefined): void {
    if (fence !== undefined && !this.#leases.isCurrent(consumer, fence)) {
      throw new LeaseLost(
        `The checkpoint of "${consumer}" was not saved: its lease with fence ${fence} has passed on. Acquire it again.`,
        { context: { consumer, position } },
      );
    }
  }
}
