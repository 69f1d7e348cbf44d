/** A session that appends in transactions of its own, and stops wherever a test wants it to. */
import type { Append, Outcome } from '@eventcore/core';
import pg from 'pg';
import { outcomesOf } from '../append-answer.js';
import { appendCall } from '../append-call.js';
import { schemaName } from '../schema/sql.js';
import { storeStatements } from '../statements.js';

export interface Writer {
  readonly pid: number;
  /** Appends; in a transaction that is left open if one was begun, else in one of its own. */
  append(append: Append): Promise<Outcome>;
  query(text: string): Promise<void>;
  end(): Promise<void>;
}

export async function makeWriter(url: string, schema: string): Promise<Writer> {
  const client = new pg.Client({ connectionString: url });
  // It may be ended by the server.
  client.on('error', () => {});
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const { text } = storeStatements(schemaName(schema)).append;
  return {
    pid: rows[0]!.pid,
    async append(append) {
      const call = appendCall([append], new Set(), true);
      const { rows: answers } = await client.query<{ answer: string }>(text, [...call.values]);
      return outcomesOf(call, new Map(), answers[0]!.answer)[0]!;
    },
    query: async (statement) => void (await client.query(statement)),
    end: () => client.end(),
  };
}
