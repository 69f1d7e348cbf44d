/** An append whose transaction is left open: what a writer looks like that stalls between drawing a position and committing. */
import { prepareAppend, systemRuntime, type Append, type AppendDraft } from '@eventcore/core';
import pg from 'pg';
import { appendCall } from './append-call.js';
import { schemaName } from './schema/sql.js';
import { storeStatements } from './statements.js';

export interface OpenAppend {
  /** Of the session, for whoever wants to end it. */
  readonly pid: number;
  readonly commit: () => Promise<void>;
  readonly rollBack: () => Promise<void>;
}

/** One event on each stream, whatever its version. */
export function blindAppend(streams: readonly string[], change: Partial<AppendDraft> = {}): Append {
  return prepareAppend({
    commandId: systemRuntime.uuid(),
    fingerprint: 'Note',
    expected: new Map(streams.map((stream) => [stream, 'any'])),
    events: streams.map((stream) => ({ id: systemRuntime.uuid(), stream, type: 'Noted', data: {} })),
    ...change,
  });
}

export async function openAppend(url: string, append: Append, schema = 'eventcore'): Promise<OpenAppend> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const { values } = appendCall([append], new Set(), true);
  await client.query(storeStatements(schemaName(schema)).append.text, [...values]);
  const end = async (statement: string): Promise<void> => {
    await client.query(statement);
    await client.end();
  };
  return { pid: rows[0]!.pid, commit: () => end('COMMIT'), rollBack: () => end('ROLLBACK') };
}
