/** What the store says to the server, all of it: each statement is a call of a function that stands in a `.sql.ts` file. */
import type { Statement } from '../connection/database.js';
import type { SchemaName } from './sql.js';

export interface StoreStatements {
  readonly read: Statement;
  readonly append: Statement;
  readonly hold: Statement;
  readonly feed: Statement;
  readonly endStalled: Statement;
  readonly loadCheckpoint: Statement;
  readonly saveCheckpoint: Statement;
  readonly acquireLease: Statement;
  readonly takeLeaseOver: Statement;
  readonly renewLease: Statement;
  readonly releaseLease: Statement;
  readonly leaseHolder: Statement;
  readonly loadRows: Statement;
  readonly listRows: Statement;
  readonly countRows: Statement;
  readonly takeStep: Statement;
  readonly head: Statement;
  readonly find: Statement;
  readonly list: Statement;
  readonly distance: Statement;
  readonly erase: Statement;
  readonly notify: Statement;
}

export function storeStatements(schema: SchemaName): StoreStatements {
  /** Named after the function and its schema, so that several stores may share a pool. */
  const call = (name: string, columns: string, argumentTypes: readonly string[]): Statement => ({
    name: `${schema}.${name}/1`,
    text: `SELECT ${columns} FROM ${schema}.${name}(${argumentTypes.map((type, index) => `$${index + 1}::${type}`).join(', ')}) AS answer`,
  });
  const texts = (count: number): readonly string[] => Array<string>(count).fill('text');
  const pages = 'version_now, types, schema_versions, datas, records';

  return {
    read: call('read', pages, [...texts(4), 'boolean', ...texts(2)]),
    append: call('append', 'answer', [...texts(21), 'boolean']),
    hold: call('hold', pages, [...texts(3), 'boolean', 'text', 'boolean']),
    feed: call('read_feed', 'up_to, up_to_index, records, held_up', [
      'bigint',
      'integer',
      'bigint',
      'bigint',
      ...texts(3),
    ]),
    endStalled: call('end_stalled', 'answer', texts(2)),
    loadCheckpoint: call('load_checkpoint', 'answer', texts(1)),
    saveCheckpoint: call('save_checkpoint', 'answer', ['text', 'text', 'bigint']),
    acquireLease: call('acquire_lease', 'answer', ['text', 'text', 'float8']),
    takeLeaseOver: call('take_lease_over', 'answer', ['text', 'text', 'float8']),
    renewLease: call('renew_lease', 'answer', ['text', 'bigint', 'float8']),
    releaseLease: call('release_lease', 'answer', ['text', 'bigint']),
    leaseHolder: call('lease_holder', 'answer', texts(1)),
    loadRows: call('load_rows', 'keys, datas', texts(2)),
    listRows: call('list_rows', 'key, data', ['text', 'text', 'bigint']),
    countRows: call('count_rows', 'answer', texts(1)),
    takeStep: call('take_step', 'answer', ['text', 'text', 'text', 'bigint', ...texts(5)]),
    head: call('feed_head', 'number, nth', []),
    find: call('find_events', 'records, up_to', [...texts(2), 'bigint', 'bigint', 'bigint']),
    list: call('list_streams', 'id, version_now', ['text', 'text', 'bigint']),
    distance: call('count_events', 'events, exact', ['bigint', 'integer', 'bigint', 'integer']),
    erase: call('erase', 'answer::text', ['text::uuid[]', 'text::jsonb', 'text']),
    // No commit has to wait for the disk for the sake of a hint.
    notify: {
      text: "SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, '')::text",
    },
  };
}
