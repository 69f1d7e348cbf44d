/** Deciding under locks: no conflict is possible on what is held. */
import { ValidationError, type StreamId } from '@eventcore/core';
import { MAX_STREAMS } from '@eventcore/core/store';
import type { Append, CallOptions, HoldQuery, Outcome, StreamPage } from '@eventcore/core/store';
import { appendBy, appendFailure, hasWaitedInVain, streamsOf } from './append.js';
import { CallFailed } from '../connection/call-failed.js';
import type { Database } from '../connection/database.js';
import { translate } from '../connection/translate.js';
import type { StalledAppends } from './end-stalled.js';
import { array, isFull, pagesOf } from '../read/read.js';
import { SEPARATOR } from '../sql/sql.js';
import type { StoreStatements } from '../sql/statements.js';

export interface HoldSettings {
  readonly schema: string;
  /** For how many milliseconds streams are held while nobody says anything. */
  readonly limit: number;
  readonly stalled: StalledAppends;
}

/** Throws what `decide` throws, what came before it, and what is too wide to be locked; then nothing was written. */
export async function holdStreams(
  database: Database,
  statements: StoreStatements,
  { schema, limit, stalled }: HoldSettings,
  queries: readonly HoldQuery[],
  decide: (pages: readonly StreamPage[]) => readonly Append[],
  call?: CallOptions,
): Promise<readonly Outcome[]> {
  const values = [
    queries.map(({ stream }) => stream).join(SEPARATOR),
    array(queries.map(({ mode }) => String(mode === 'write'))),
    array(queries.map(({ after }) => after)),
    queries.some(isFull),
    String(limit),
    database.hearsWarnings,
  ];
  refuseIfTooWide(queries.map(({ stream }) => stream));
  let decided: readonly Append[] = [];
  try {
    return await database.transaction(async (run) => {
      const rows = await run(statements.hold, values);
      const appends = decide(pagesOf(queries, rows));
      if (appends.length === 0) return [];
      refuseIfTooWide([...queries.map(({ stream }) => stream), ...streamsOf(appends)]);
      decided = appends;
      return appendBy(run, statements, database.hearsWarnings, appends);
    }, call);
  } catch (error) {
    if (error instanceof CallFailed && hasWaitedInVain(error)) stalled.suspectAt(queries.map(({ stream }) => stream));
    if (!(error instanceof CallFailed) || decided.length === 0) throw translate(error, schema);
    const kind = error.stage === 'unanswered' ? 'unknown' : 'failed';
    const failure = appendFailure(error, schema, decided);
    return decided.map(() => ({ kind, error: failure }));
  }
}

function refuseIfTooWide(streams: readonly StreamId[]): void {
  const { size } = new Set(streams);
  if (size <= MAX_STREAMS) return;
  throw new ValidationError('The hold', [{ path: [], message: `is of ${size} streams; ${MAX_STREAMS} at most` }]);
}
