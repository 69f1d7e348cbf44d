/** A consumer's step: its checkpoint, and what is written with it. */
import { CheckpointMoved, LeaseLost, ValidationError, type Position } from '@eventcore/core';
import type { ConsumerStep, RowChange } from '@eventcore/core/store';
import type { Run } from '../connection/database.js';
import { isPossible } from '../sql/possible-text.js';
import type { RowTable } from './own-tables.js';
import { array } from '../read/read.js';
import { SEPARATOR } from '../sql/sql.js';
import type { StoreStatements } from '../sql/statements.js';

/** What steps are written with. */
export interface StepWriter {
  readonly statements: StoreStatements;
  readonly own: ReadonlyMap<string, RowTable>;
}

/** Whether a step is one statement. Else it needs a transaction. */
export function isOneStatement({ own }: StepWriter, { clear = [], rows = [] }: ConsumerStep): boolean {
  return own.size === 0 || !(clear.some((table) => own.has(table)) || rows.some(({ table }) => own.has(table)));
}

/** @throws `LeaseLost`, `CheckpointMoved`: then nothing was written, and whatever else the transaction did is to be undone. */
export async function takeStep(run: Run, { statements, own }: StepWriter, step: ConsumerStep): Promise<void> {
  const { rows = [], clear = [] } = step;
  for (const row of rows) refuseIfImpossible(row);
  const tables = Map.groupBy(rows, ({ table }) => table);
  const kept = new Map([...tables].filter(([table]) => !own.has(table)));
  // First of all: the fence and the checkpoint are compared, and nobody else is let in.
  await keep(run, statements, step, kept);
  for (const table of clear) await own.get(table)?.clear(run);
  for (const [table, changes] of tables) await own.get(table)?.write(run, changes);
}

async function keep(
  run: Run,
  statements: StoreStatements,
  { consumer, from, to, fence, clear = [] }: ConsumerStep,
  tables: ReadonlyMap<string, readonly RowChange[]>,
): Promise<void> {
  const inOrder = [...tables.values()].flat();
  const [[answer] = []] = await run(statements.takeStep, [
    consumer,
    from ?? null,
    to,
    fence === undefined ? null : String(fence),
    clear.join(SEPARATOR),
    [...tables.keys()].join(SEPARATOR),
    array([...tables.values()].map(({ length }) => length)),
    inOrder.map(({ key }) => key).join(SEPARATOR),
    inOrder.map(({ row }) => (row === undefined ? DELETED : JSON.stringify(row))).join(SEPARATOR),
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

function refuseIfImpossible({ table, key }: RowChange): void {
  if (isPossible(table) && isPossible(key)) return;
  throw new ValidationError(`The row ${JSON.stringify(key)} of ${JSON.stringify(table)}`, [
    { message: 'names and keys hold no control characters and no lone surrogates', path: [] },
  ]);
}
