/** Reading streams. */
import { version, type Json } from '@eventcore/core';
import type { CallOptions, LeanEvent, ReadRequest, ReadResult, StreamPage, StreamQuery } from '@eventcore/core/store';
import type { Database, Row, Value } from '../connection/database.js';
import { commandRecordOf, recordsOf, type CommandRow, type Commands } from '../sql/record.js';
import { SEPARATOR } from '../sql/sql.js';
import type { StoreStatements } from '../sql/statements.js';

/** What a page may hold. */
export interface PageLimits {
  readonly events: number;
  /** Of all pages of a call together, in bytes of data and metadata, except that each has its first event. */
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
    streams.some(isFull),
    String(Math.ceil(limits.bytes / Math.max(1, streams.length))),
    array(commands),
  ];
  const rows = await database.run(statements.read, values, call);
  return {
    pages: pagesOf(streams, rows),
    recorded: commands.map((id, index) => {
      const json = rows[streams.length + index]![4];
      return typeof json === 'string' ? commandRecordOf(id, JSON.parse(json) as CommandRow) : undefined;
    }),
  };
}

export const array = (items: readonly (string | number)[]): string => `{${items.join(',')}}`;

/** Pages, as the rows of `read` hold them: all of them whole records, where one of them has to be. */
export function pagesOf(queries: readonly PageQuery[], rows: readonly Row[]): readonly StreamPage[] {
  const commands: Commands = new Map();
  return queries.map((query, index): StreamPage => {
    const [now, types, schemaVersions, datas, records] = rows[index]!;
    const page = { stream: query.stream, version: version(Number(now)) };
    if (typeof records !== 'string') return { ...page, events: leanEvents(types, schemaVersions, datas) };
    const events = recordsOf(records, commands);
    return { ...page, events: isFull(query) ? events : events.map(leanOf) };
  });
}

type PageQuery = Pick<StreamQuery, 'stream' | 'detail'>;

export const isFull = ({ detail }: PageQuery): boolean => detail === 'full';

const leanOf = ({ type, schemaVersion, data }: LeanEvent): LeanEvent => ({ type, schemaVersion, data });

function leanEvents(...[types, schemaVersions, datas]: (string | null | undefined)[]): readonly LeanEvent[] {
  if (typeof datas !== 'string') return [];
  const names = types!.split(SEPARATOR);
  const versions = schemaVersions?.split(',');
  return (JSON.parse(`[${datas}]`) as readonly Json[]).map((data, index) => {
    return { type: names[index]!, schemaVersion: versions === undefined ? 1 : Number(versions[index]), data };
  });
}
