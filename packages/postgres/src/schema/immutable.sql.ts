/**
 * Events are never changed, but by `erase`, which says so in the log of erasures.
 *
 * The application's role has no right to; these triggers are for the others, the owner included. None fires for an INSERT, so
 * an append pays nothing; TRUNCATE fires no trigger for rows. ALWAYS, since `session_replication_role = replica` would pass by
 * ordinary ones.
 */
import { sql, type SchemaName } from '../sql/sql.js';

/** What the triggers call. */
export function refusals(schema: SchemaName): readonly string[] {
  return [
    sql`CREATE OR REPLACE FUNCTION ${schema}.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
  RAISE EXCEPTION '% are immutable: % on %.% was refused', TG_TABLE_NAME, TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', HINT = 'Append an event that says what has changed. What has to be forgotten is erased by the function erase.';
END $function$`,
    // What an erasure may change are the data of the events that it names, and the fingerprints of their commands. It is one
    // of this very transaction: a row of the log that is older allows nothing.
    sql`CREATE OR REPLACE FUNCTION ${schema}.refuse_unrecorded_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
  rest ${schema}.events := NEW;
BEGIN
  rest.data := OLD.data;
  rest.bytes := OLD.bytes;
  rest.fingerprint := OLD.fingerprint;
  IF rest IS NOT DISTINCT FROM OLD AND (NEW.fingerprint IS NULL OR NEW.fingerprint = OLD.fingerprint) AND EXISTS (
    SELECT FROM ${schema}.erasures r
     WHERE r.command_id = OLD.command_id AND r.erased_at = transaction_timestamp() AND r.erased_by = session_user
       AND (r.event_id = OLD.event_id OR (NEW.data = OLD.data AND NEW.bytes = OLD.bytes)))
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'events are immutable: UPDATE on %.% was refused', TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', HINT = 'Append an event that says what has changed. What has to be forgotten is erased by the function erase.';
END $function$`,
  ];
}

/** A trigger that has to be there, and to fire whatever a session says. */
export interface GuardTrigger {
  readonly name: string;
  readonly table: string;
  /** As `pg_trigger.tgtype` has it: 1 for each row, 2 before, 8 DELETE, 16 UPDATE, 32 TRUNCATE. */
  readonly type: number;
  readonly calls: string;
  /** Makes it, whatever is there. */
  readonly statements: readonly string[];
}

export function guardTriggers(schema: SchemaName): readonly GuardTrigger[] {
  const trigger = (name: string, table: string, when: string, calls: string, type: number): GuardTrigger => ({
    name,
    table,
    type,
    calls,
    statements: [
      sql`CREATE OR REPLACE TRIGGER ${name} BEFORE ${when} EXECUTE FUNCTION ${schema}.${calls}()`,
      sql`ALTER TABLE ${schema}.${table} ENABLE ALWAYS TRIGGER ${name}`,
    ],
  });
  return [
    trigger(
      'events_are_immutable',
      'events',
      sql`DELETE OR TRUNCATE ON ${schema}.events FOR EACH STATEMENT`,
      'refuse_change',
      2 + 8 + 32,
    ),
    trigger(
      'events_change_on_record',
      'events',
      sql`UPDATE ON ${schema}.events FOR EACH ROW`,
      'refuse_unrecorded_change',
      1 + 2 + 16,
    ),
    trigger(
      'erasures_are_immutable',
      'erasures',
      sql`UPDATE OR DELETE OR TRUNCATE ON ${schema}.erasures FOR EACH STATEMENT`,
      'refuse_change',
      2 + 8 + 16 + 32,
    ),
  ];
}
