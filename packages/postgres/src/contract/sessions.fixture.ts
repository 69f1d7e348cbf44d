/**
 * Sessions whose clients have left. A client that is destroyed amid a call is gone at once; its session is there until it has done
 * what it was told, which the server may not even have read by then.
 */
import type pg from 'pg';
import type { TestDatabase } from '../fixtures/test-database.fixture.js';

/** Whether the server has no other sessions of that name than the pools know of. */
export async function noSessionLeft(
  { query }: Pick<TestDatabase, 'query'>,
  name: string,
  pools: readonly pg.Pool[],
): Promise<boolean> {
  const sessions = await query(
    'SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1',
    [name],
  );
  return sessions.length === pools.reduce((known, { totalCount }) => known + totalCount, 0);
}

/** Whether nobody is connected to the pooler, and the server has no other sessions of that role than the pooler knows of. */
export async function noSessionLeftBehindPooler(
  { query }: Pick<TestDatabase, 'query'>,
  role: string,
  pooler: { readonly show: (what: 'CLIENTS' | 'SERVERS') => Promise<readonly { readonly user: string }[]> },
): Promise<boolean> {
  const ofRole = async (what: 'CLIENTS' | 'SERVERS'): Promise<number> =>
    (await pooler.show(what)).filter(({ user }) => user === role).length;
  if ((await ofRole('CLIENTS')) > 0) return false;
  const known = await ofRole('SERVERS');
  return (await query('SELECT FROM pg_stat_activity WHERE usename = $1', [role])).length === known;
}
