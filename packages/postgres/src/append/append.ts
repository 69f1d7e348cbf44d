/** Appending: one call of `append`, and what becomes of it. */
import { StoreUnavailable, type EventStore, type StreamId, type ValidationError } from '@eventcore/core';
import {
  chainFault,
  oneByOne,
  type Append,
  type CallOptions,
  type Outcome,
  type StoreFailure,
} from '@eventcore/core/store';
import { outcomesOf } from './append-answer.js';
import { appendCall } from './append-call.js';
import { inParts } from './append-parts.js';
import { CallFailed, sqlStateOf } from '../connection/call-failed.js';
import type { Database, Run } from '../connection/database.js';
import { DatabaseRefusal } from '../connection/database-refusal.js';
import { failureOf, isOutOfLocks, OUT_OF_LOCKS } from '../connection/translate.js';
import type { StalledAppends } from './end-stalled.js';
import { NARROW } from '../sql/lock-streams.sql.js';
import type { StoreStatements } from '../sql/statements.js';

/** How often the same call is made anew since an id was taken while it ran. Each time the next one finds it. */
const MOST_RACES = 10;

/** Appends; throws only if nothing was sent, one of core's errors. */
export function appender(
  database: Database,
  statements: StoreStatements,
  schema: string,
  stalled: StalledAppends,
): EventStore['append'] {
  async function appendAll(appends: readonly Append[], call?: CallOptions): Promise<readonly Outcome[]> {
    if (appends.length === 0) return [];
    const run: Run = (statement, values) => database.run(statement, values, call);
    for (let races = 0; ; races++) {
      try {
        return await appendBy(run, statements, database.hearsWarnings, appends);
      } catch (error) {
        if (!(error instanceof CallFailed)) throw error;
        const failure = appendFailure(error, schema, appends);
        if (error.stage === 'unsent') throw failure;
        if (hasWaitedInVain(error)) stalled.suspectAt(streamsOf(appends));
        if (error.stage === 'unanswered') return appends.map(() => ({ kind: 'unknown', error: failure }));
        if (isTakenId(error, schema) && races < MOST_RACES) continue;
        // What the server refuses in one of them must not keep its neighbours out.
        if (failure instanceof DatabaseRefusal && appends.length > 1) return eachByItself(appends, call);
        return appends.map(() => ({ kind: 'failed', error: failure }));
      }
    }
  }

  const eachByItself = oneByOne(async (append, call) => {
    const [outcome] = await appendAll([append], call);
    return outcome!;
  });

  return inParts(appendAll, eachByItself);
}

/** By one statement, in whatever transaction that runs. @throws {@link CallFailed} */
export async function appendBy(
  run: Run,
  statements: StoreStatements,
  hearsWarnings: boolean,
  appends: readonly Append[],
): Promise<readonly Outcome[]> {
  const faults = faultsOf(appends);
  const call = appendCall(appends, new Set(faults.keys()), hearsWarnings);
  const [[answer] = []] = await run(statements.append, call.values);
  try {
    return outcomesOf(call, faults, answer!);
  } catch (error) {
    // It was carried out, and what came of it can't be made out.
    throw new CallFailed('unanswered', error);
  }
}

export const streamsOf = (appends: readonly Append[]): readonly StreamId[] =>
  appends.flatMap(({ expected }) => [...expected.keys()]);

/** Perhaps for streams that somebody holds who has stopped. */
export function hasWaitedInVain({ reason, cause }: CallFailed): boolean {
  const state = sqlStateOf(cause);
  return reason === 'timeout' || state === '57014' || state === '55P03';
}

/** Why appends have failed, or may have. */
export function appendFailure(error: CallFailed, schema: string, appends: readonly Append[]): StoreFailure {
  const { cause } = error;
  // Few would find room once others have finished. So many had a place of their own, and may never fit.
  if (isOutOfLocks(cause) && new Set(streamsOf(appends)).size > NARROW) {
    return new DatabaseRefusal(OUT_OF_LOCKS, { cause });
  }
  switch (sqlStateOf(cause) === 'EC002' ? 'events_pkey' : constraintOf(error, schema)) {
    case 'events_pkey':
      return new StoreUnavailable(
        'The sequence of positions is behind its table: was the database restored, or replicated, without it? Call store.migrate() to set it right.',
        { cause },
      );
    case 'events_stream_version_key':
    case 'events_command_id_key':
      return new StoreUnavailable(
        'Somebody has written the same meanwhile, without taking the locks that append takes. Events are written by append alone.',
        { cause },
      );
    default:
      return failureOf(error, schema);
  }
}

/**
 * Appends under one id may name different streams, and so hold different locks: then the later one finds nothing, waits for
 * the other at the unique index, and is refused there. Made anew, it finds the id.
 */
function isTakenId(error: CallFailed, schema: string): boolean {
  return error.stage === 'refused' && constraintOf(error, schema) === 'events_command_id_key';
}

/** The constraint of ours that was violated. One of the user's own tables, by a trigger, is another matter. */
function constraintOf({ cause }: CallFailed, schema: string): string | undefined {
  if (sqlStateOf(cause) !== '23505') return undefined;
  const violated = cause as { readonly schema?: string; readonly table?: string; readonly constraint?: string };
  return violated.schema === schema && violated.table === 'events' ? violated.constraint : undefined;
}

function faultsOf(appends: readonly Append[]): ReadonlyMap<number, ValidationError> {
  const faults = new Map<number, ValidationError>();
  for (const [index, { expected }] of appends.entries()) {
    for (const [stream, expectation] of expected) {
      if (typeof expectation !== 'object') continue;
      const fault = chainFault(appends, index, stream, expectation.after);
      if (fault !== undefined && !faults.has(index)) faults.set(index, fault);
    }
  }
  return faults;
}
