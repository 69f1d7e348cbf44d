/** Checkpoints: how far each consumer has come. */
import { LeaseLost, START, type Position } from '@eventcore/core';
import type { CheckpointStore } from '@eventcore/core/store';
import type { Database } from '../connection/database.js';
import type { StoreStatements } from '../sql/statements.js';

export function checkpointStore(database: Database, statements: StoreStatements): CheckpointStore {
  return {
    async load(consumer) {
      const [[position] = []] = await database.run(statements.loadCheckpoint, [consumer]);
      return (position ?? START) as Position;
    },
    async save(consumer, position, fence) {
      const [[answer] = []] = await database.run(statements.saveCheckpoint, [
        consumer,
        position,
        fence === undefined ? null : String(fence),
      ]);
      if (answer !== 'saved') {
        throw new LeaseLost(
          `The checkpoint of "${consumer}" was not saved: its lease with fence ${fence} has passed on. Acquire it again.`,
          { context: { consumer, position } },
        );
      }
    },
  };
}
