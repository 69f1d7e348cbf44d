/** What has gone wrong, in core's words. Core never sees an SQLSTATE, and nobody sees a password. */
import {
  Aborted,
  DeadlineExceeded,
  DefinitionError,
  StoreMisconfigured,
  StoreUnavailable,
  ValidationError,
  type EventCoreError,
} from '@eventcore/core';
import { CallFailed, sqlStateOf } from './call-failed.js';
import { DatabaseRefusal } from './database-refusal.js';

/** An error for the caller: core's own, or what came from elsewhere as it was. */
export function translate(error: unknown, schema: string): unknown {
  return error instanceof CallFailed ? failureOf(error, schema) : error;
}

/** Why a call has no answer. */
export function failureOf({ stage, reason, cause }: CallFailed, schema: string): EventCoreError & { code: string } {
  const sent = stage === 'unanswered' ? 'after it was sent' : 'before it was carried out';
  switch (reason) {
    case 'signal':
      return new Aborted(`The call was aborted ${sent}.`, { cause });
    case 'deadline':
      return new DeadlineExceeded(`The deadline passed ${sent}.`);
    case 'timeout':
      return stage === 'unsent'
        ? new StoreUnavailable(
            'No connection came free in time. Is the pool large enough, and is none of its connections kept for ever?',
          )
        : new StoreUnavailable('The server gave no answer in time, and the connection was given up.');
    case 'warning':
      return new StoreUnavailable(
        `The commit came with a warning, so it may be missing on a standby: ${messageOf(cause)}`,
      );
    default:
      return (
        serverError(cause, schema) ??
        new StoreUnavailable(`PostgreSQL could not be reached, or went away: ${messageOf(cause)}`, { cause })
      );
  }
}

/** Of an error that has an SQLSTATE. */
function serverError(cause: unknown, schema: string): (EventCoreError & { code: string }) | undefined {
  if (isNoUrl(cause)) {
    // Its cause would hold all of the string, and the password with it.
    return new DefinitionError('The connection string is none. It looks like postgres://user@host:5432/database.');
  }
  if (isNotInstalled(cause)) {
    return new DefinitionError(
      'A connection string needs the package pg, which is not installed: npm install pg. Or give the store a pool, a Kysely or a PGlite.',
      { cause },
    );
  }
  const state = sqlStateOf(cause);
  if (state === undefined) return undefined;
  const message = messageOf(cause);
  switch (state) {
    case '3F000': // no such schema
    case '42P01': // … table
    case '42883': // … function
      return new StoreMisconfigured(
        `The schema ${schema} holds no store, or one of an older release: ${message}. Call store.migrate() once, before the application starts.`,
        { cause },
      );
    case '42501':
      return new StoreMisconfigured(
        `The role that the store runs under may not do this: ${message}. Grant it what it needs: store.migrate({ grantTo: ['role'] }), run by the owner.`,
        { cause },
      );
    case '42P05': // a plan of that name is there already: another client's, whose connection this one was until now
      return new StoreMisconfigured(`${message}. ${TELL_OF_POOLER}`, { cause });
    case '26000': // a plan is not there: on another connection, or somebody has thrown all of them away
      return new StoreUnavailable(`${message}. ${TELL_OF_POOLER}`, { cause });
    case '08P01':
      if (message.includes('startup parameter')) {
        return new StoreMisconfigured(
          `A pooler refused the settings with which the store connects: ${message}. ${TELL_OF_POOLER}`,
          { cause },
        );
      }
      return new StoreUnavailable(`PostgreSQL could not carry out the call now: ${message}.`, { cause });
    case 'EC001': {
      const { hint } = cause as { readonly hint?: string };
      return new StoreMisconfigured(`${message}. ${hint ?? ''}`.trim(), { cause });
    }
    case 'EC002':
      return new ValidationError('The erasure', [{ path: [], message }], { cause });
    case '28000': // no such role, no entry in pg_hba.conf
    case '28P01': // wrong password
    case '3D000': // no such database
      return new StoreMisconfigured(`PostgreSQL refused the connection: ${message}.`, { cause });
    default:
      if (isOutOfLocks(cause)) return new StoreUnavailable(`${OUT_OF_LOCKS} (${message})`, { cause });
      return passes(state)
        ? new StoreUnavailable(`PostgreSQL could not carry out the call now: ${message}.`, { cause })
        : new DatabaseRefusal(`PostgreSQL refused the call (${state}): ${message}.`, { cause });
  }
}

const TELL_OF_POOLER = "Where a pooler stands in between, tell the store so: pooler: 'transaction'.";

/** The table of locks is full. Its name isn't translated, as the message may be. */
export function isOutOfLocks(cause: unknown): boolean {
  const { hint } = Object(cause) as { readonly hint?: unknown };
  return sqlStateOf(cause) === '53200' && String(hint).includes('max_locks_per_transaction');
}

export const OUT_OF_LOCKS =
  'The server has no room for more locks, and each stream of a command is one until its commit. Set max_locks_per_transaction higher and restart the server, or let commands name fewer streams.';

/** Whether the same call may succeed later: nothing is wrong with what it says. */
function passes(state: string): boolean {
  const kind = state.slice(0, 2);
  return (
    ['08', '25', '40', '53', '57', '58', 'XX'].includes(kind) ||
    state === '55P03' || // a lock was not to be had in time
    state === '0A000' // a plan that was kept no longer fits, after a migration
  );
}

function isNoUrl(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ERR_INVALID_URL';
}

/** Of the modules that are asked for while a call is on its way, `pg` is the only one. */
function isNotInstalled(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND';
}

function messageOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return cause.errors.map(messageOf).join('; ');
  if (typeof cause === 'object' && cause !== null && 'message' in cause) return String(cause.message);
  return 'no more is known';
}
