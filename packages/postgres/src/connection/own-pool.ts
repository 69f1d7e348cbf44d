/** A pool of the store's own, made from a connection string when the first call needs it. */
import { DefinitionError } from '@eventcore/core';
import type pg from 'pg';
import { hear } from './ears.js';
import type { Connecting } from './postgres-pool.js';

export interface OwnPoolOptions {
  readonly connectionString: string;
  /** The most connections at a time. */
  readonly size: number;
  readonly connectTimeout: number;
  readonly answerTimeout: number;
  /** After so many milliseconds without work a connection is closed. */
  readonly idleTimeout: number;
  /** Whether the server may be told settings when a connection begins. Poolers refuse that. */
  readonly startupSettings: boolean;
}

export interface OwnPool extends Connecting {
  end(): Promise<void>;
}

/** `pg` is loaded by who needs it, and not by those who run on PGlite. */
export function ownPool(options: OwnPoolOptions): OwnPool {
  let made: Promise<pg.Pool> | undefined;

  async function make(): Promise<pg.Pool> {
    const { default: driver } = await import('pg');
    const pool = new driver.Pool(poolConfig(options));
    hear(pool);
    return pool;
  }

  return {
    connect: async () => (await (made ??= make())).connect(),
    // One that could not be made has nothing to end, and whoever asked for it was told.
    end: async () => (await made?.catch(() => undefined))?.end(),
  };
}

/** What `pg` is given, for a pool and for the connection that listens. */
export function poolConfig(options: OwnPoolOptions) {
  const { connectionString, size, connectTimeout, answerTimeout, idleTimeout, startupSettings } = options;
  refuseIfNoUrl(connectionString);
  return {
    connectionString,
    max: size,
    connectionTimeoutMillis: connectTimeout,
    idleTimeoutMillis: idleTimeout,
    keepAlive: true,
    // Else with the system's: two hours, in which a connection that only listens would hear nothing and know nothing.
    keepAliveInitialDelayMillis: 10_000,
    application_name: 'eventcore',
    ...(startupSettings && { options: startupOptions(answerTimeout) }),
  };
}

/**
 * What the store rests on, whatever a role's or a database's defaults say. A server whose client has vanished gives up by
 * `tcp_user_timeout` and keep-alives: until then an append that was cut off would hold its locks, and consumers with them.
 */
function startupOptions(answerTimeout: number): string {
  const settings = {
    default_transaction_isolation: 'read\\ committed',
    client_min_messages: 'warning',
    statement_timeout: String(answerTimeout),
    idle_in_transaction_session_timeout: String(answerTimeout),
    tcp_user_timeout: String(answerTimeout),
    tcp_keepalives_idle: '10',
    tcp_keepalives_interval: '5',
    tcp_keepalives_count: '3',
  };
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
}

/** `pg` would say so itself, in an error that holds all of the string, and the password with it. */
function refuseIfNoUrl(connectionString: unknown): void {
  if (typeof connectionString === 'string' && /^(postgres(ql)?:\/\/|\/|socket:)/.test(connectionString)) {
    // A path to a socket needs no more. The host of a URL may be left out, which URL itself doesn't take.
    if (!connectionString.startsWith('postgres')) return;
    if (URL.canParse(connectionString) || URL.canParse(connectionString.replace('@/', '@localhost/'))) return;
  }
  throw new DefinitionError(
    'The connection string is none. It looks like postgres://user@host:5432/database; special characters in a password are percent-encoded.',
  );
}
