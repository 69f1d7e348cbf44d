/**
 * Events are never changed, by nobody who doesn't say so first.
 *
 * The application's role has no right to; these triggers are for the others, the owner included. They fire for each
 * statement, so an INSERT pays nothing; TRUNCATE fires no trigger for rows. ALWAYS, since `session_replication_role =
 * replica` would pass by ordinary ones. Who really has to erase something disables them, as the owner, for that.
 */
import { sql, type SchemaName } from '../sql/sql.js';

export function immutable(schema: SchemaName): readonly string[] {
  return [
    sql`CREATE FUNCTION ${schema}.refuse_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
  RAISE EXCEPTION 'events are immutable: % on %.% was refused', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', HINT = 'Append an event that says what has changed.';
END $function$`,
    sql`CREATE TRIGGER events_are_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON ${schema}.events
  FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.refuse_change()`,
    sql`ALTER TABLE ${schema}.events ENABLE ALWAYS TRIGGER events_are_immutable`,
  ];
}
