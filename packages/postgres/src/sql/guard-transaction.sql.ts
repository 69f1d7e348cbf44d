/** What has to be true of a transaction that appends, whatever a role's or a database's defaults say. */
import { sql, type SchemaName } from './sql.js';

/**
 * `hears_warnings`: whether the caller sees notices. Somebody who cancels a COMMIT that waits for a standby turns it into
 * success with a warning, so where there are standbys, who can't hear must not append.
 */
export function guardTransaction(schema: SchemaName): string {
  return sql`CREATE OR REPLACE FUNCTION ${schema}.guard_transaction(hears_warnings boolean) RETURNS void
LANGUAGE plpgsql VOLATILE AS $function$
BEGIN
  -- Versions have to be compared in a snapshot taken after the locks were granted. Only READ COMMITTED takes a new one for
  -- each statement; elsewhere write skew was seen.
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'eventcore needs READ COMMITTED, and this connection begins its transactions as %',
        upper(current_setting('transaction_isolation'))
      USING ERRCODE = 'EC001', HINT = 'Set default_transaction_isolation for the connection, or for its role.';
  END IF;
  -- Acknowledged means durable. Local to the transaction, and so in force at its commit; a SET clause of a function is
  -- undone before that.
  IF current_setting('synchronous_commit') = 'off'
     OR (current_setting('synchronous_commit') = 'local' AND current_setting('synchronous_standby_names') <> '') THEN
    PERFORM set_config('synchronous_commit', 'on', true);
  END IF;
  IF current_setting('synchronous_standby_names') <> '' THEN
    IF NOT hears_warnings THEN
      RAISE EXCEPTION 'eventcore does not append through this kind of connection where there are synchronous standbys'
        USING ERRCODE = 'EC001', HINT = 'Give the store a pool or a connection string: it has to hear the warnings of a COMMIT.';
    END IF;
    IF current_setting('client_min_messages') = 'error' THEN
      PERFORM set_config('client_min_messages', 'warning', true);
    END IF;
  END IF;
END $function$`;
}
