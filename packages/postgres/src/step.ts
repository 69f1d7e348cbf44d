/** A consumer's step: its checkpoint, and what is written with it. */
import {
  CheckpointMoved,
  LeaseLost,
  ValidationError,
  type ConsumerStep,
  type Position,
  type RowChange,
} from '@eventcore/core';
import type { Run } from './connection/database.js';
import { isPossible } from './feed.js';
import { SEPARATOR } from './schema/sql.js';
import type { StoreStatements } from './statements.js';

/** @throws `LeaseLost`, `CheckpointMoved`: then nothing was written, and whatever else the transaction did is to be undone. */
export async function takeStep(run: Run, statements: StoreStatements, step: ConsumerStep): Promise<void> {
  const { consumer, from, to, fence, clear = [], rows = [] } = step;
  for (const row of rows) refuseIfImpossible(row);
  const [[answer] = []] = await run(statements.takeStep, [
    consumer,
    from ?? null,
    to,
    fence === undefined ? null : String(fence),
    clear.join(SEPARATOR),
    tablesOf(rows),
    rows.map(({ key }) => key).join(SEPARATOR),
    rows.map(({ row }) => (row === undefined ? DELETED : JSON.stringify(row))).join(SEPARATOR),
  ]);
  if (answer === 'taken') return;
  if (answer === 'lost') {
    throw new LeaseLost(
      `The step of "${consumer}" was not taken: its lease with fence ${fence} has passed on. Acquire it again.`,
      { context: { consumer, position: to } },
    );
  }
  const stands = answer!.slice('moved '.length) as Position;
  throw new CheckpointMoved(
    `The step of "${consumer}" was not taken: it was begun at "${from}", and the checkpoint is at "${stands}" by now.`,
    { context: { consumer, position: stands } },
  );
}

/** No JSON text. */
const DELETED = '-';

/** Most steps write to one table. */
function tablesOf(rows: readonly RowChange[]): string {
  const tables = rows.map(({ table }) => table);
  return new Set(tables).size === 1 ? tables[0]! : tables.join(SEPARATOR);
}

function refuseIfImpossible({ table, key }: RowChange): void {
  if (isPossible(table) && isPossible(key)) return;
  throw new ValidationError(`The row ${JSON.stringify(key)} of ${JSON.stringify(table)}`, [
    { message: 'names and keys hold no control characters and no lone surrogates', path: [] },
  ]);
}
