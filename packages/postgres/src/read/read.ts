/** Reading streams. */
import { version, type Json, type StreamId } from '@eventcore/core';
import type { CallOptions, LeanEvent, ReadRequest, ReadResult, StreamPage } from '@eventcore/core/store';
import type { Database, Row, Value } from '../connection/database.js';
import { commandRecordOf, recordsOf, type CommandRow } from '../sql/record.js';
import { SEPARATOR } from '../sql/sql.js';
import type { StoreStatements } from '../sql/statements.js';

/** What a page may hold. */
export interface PageLimits {
  readonly events: number;
  /** Of all pages of a call together, in bytes of data, except that each has its first event. */
  readonly bytes: number;
}

export async function readStreams(
  database: Database,
  statements: StoreStatements,
  { streams, commands = [] }: ReadRequest,
  limits: PageLimits,
  call?: CallOptions,
): Promise<ReadResult> {
  if (streams.length === 0 && commands.length === 0) return { pages: [], recorded: [] };
  const values: readonly Value[] = [
    streams.map(({ stream }) => stream).join(SEPARATOR),
    array(streams.map(({ after }) => after)),
    array(streams.map(({ upTo }) => upTo ?? 'NULL')),
    array(streams.map(({ limit = limits.events }) => Math.max(1, Math.min(limit, limits.events)))),
    array(streams.map(({ detail }) => String(detail === 'full'))),
    String(Math.ceil(limits.bytes / Math.max(1, streams.length))),
    array(commands),
  ];
  const rows = await database.run(statements.read, values, call);
  return {
    pages: streams.map(({ stream }, index) => pageOf(stream, rows[index]!)),
    recorded: commands.map((id, index) => {
      const json = rows[streams.length + index]![4];
      return typeof json === 'string' ? commandRecordOf(id, JSON.parse(json) as CommandRow) : undefined;
    }),
  };
}

export const array = (items: readonly (string | number)[]): string => `{${items.join(',')}}`;

/** A page, as a row of `read` holds it. */
export function pageOf(stream: StreamId, [now, types, schemaVersions, datas, records]: Row): StreamPage {
  const count = version(Number(now));
  if (typeof records === 'string') return { stream, version: count, events: recordsOf(records) };
  if (typeof datas !== 'string') return { stream, version: count, events: [] };
  const names = types!.split(SEPARATOR);
  const versions = schemaVersions?.split(',');
  const events = (JSON.parse(`[${datas}]`) as readonly Json[]).map((data, index): LeanEvent => {
    return { type: names[index]!, schemaVersion: versions === undefined ? 1 : Number(versions[index]), data };
  });
  return { stream, version: count, events };
}
