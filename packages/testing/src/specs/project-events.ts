/** `given(…).project(…)`: what a projection or a keyed read model makes of what has happened. */
import { DefinitionError, type DeepReadonly, type RecordedEvent } from '@eventcore/core';
import { consumerOf, foldRows, type ReadModelDefinition, type remove } from '@eventcore/core/consumers';
import { attempt, type Attempt } from './attempt.js';
import { differences } from './differences.js';
import { listFault, type Comparison } from './list-fault.js';
import { isRows, type StatedRows } from './rows.js';
import type { SpecFault } from './spec-failure.js';
import { told } from './told.js';

/** The rows of a keyed read model, by key. */
export type ProjectedRows<Row> = ReadonlyMap<string, DeepReadonly<Row>>;

export function projectRows<Row>(
  readModel: ReadModelDefinition<Row, never>,
  events: () => Promise<readonly RecordedEvent[]>,
  onUnknownEvent: 'throw' | 'skip',
): Attempt<ProjectedRows<Row>, readonly [StatedRows<Row>]> {
  const { name } = consumerOf(readModel);
  return attempt<ProjectedRows<Row>, readonly [StatedRows<Row>]>(
    // Rows that are deleted aren't there: there was none before.
    async () =>
      foldRows(readModel, new Map(), await events(), { onUnknownEvent }) as ReadonlyMap<
        string,
        Exclude<DeepReadonly<Row>, typeof remove>
      >,
    (actual, expected) => checkRows(name, actual, expected),
  );
}

type Entry = readonly [key: string, row: unknown];

function checkRows(
  name: string,
  actual: ReadonlyMap<string, unknown>,
  expected: readonly unknown[],
): SpecFault | undefined {
  const [stated] = expected;
  if (!isRows(stated) || expected.length !== 1) {
    throw new DefinitionError('then takes the rows of a read model: then(rows({ alice: { balance: 100 } })).');
  }
  const wanted = byKey(Object.entries(stated.rows));
  const found = byKey([...actual]);
  const table = listFault('rows', wanted, found, rowComparison);
  if (table === undefined) return undefined;
  const values = { expected: Object.fromEntries(wanted), actual: Object.fromEntries(found) };
  return { message: `${name} has other rows than expected.\n\n${table}`, ...values };
}

/** Rows have no order of their own. */
function byKey(entries: Entry[]): Entry[] {
  return entries.sort(([one], [other]) => (one < other ? -1 : 1));
}

const rowComparison: Comparison<Entry, Entry> = {
  differences: ([key, row], [otherKey, other]) =>
    key === otherKey ? differences(row, other) : differences(key, otherKey, '(key)'),
  akin: ([key], [other]) => key === other,
  cellsOfExpected: ([key, row]) => [key, told(row)],
  cellsOfActual: ([key, row]) => [key, told(row)],
};
