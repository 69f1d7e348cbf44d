/**
 * `erase`: forgets what events say, for whoever has to, and records that it did. For the owner alone: it runs with the rights of
 * whoever calls it.
 *
 * The row of the log comes first; it is what lets the triggers of `events` let the change through. The fingerprint of a command
 * is made from its inputs, which may be guessed from it: without one, its id matches any command.
 */
import { sql, type SchemaName } from '../sql/sql.js';

export function erase(schema: SchemaName): string {
  return sql`CREATE OR REPLACE FUNCTION ${schema}.erase(events uuid[], data_instead jsonb, reason text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
  unknown uuid;
BEGIN
  IF coalesce(btrim(reason), '') = '' THEN
    RAISE EXCEPTION 'an erasure needs a reason' USING ERRCODE = 'EC002';
  END IF;
  IF data_instead IS NULL OR octet_length(data_instead::text) > 1000000 THEN
    RAISE EXCEPTION 'what stays in place of the data has to be JSON, of 1,000,000 bytes at most' USING ERRCODE = 'EC002';
  END IF;
  SELECT named.id INTO unknown FROM unnest(erase.events) AS named(id)
   WHERE NOT EXISTS (SELECT FROM ${schema}.events e WHERE e.event_id = named.id) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'there is no event %, and nothing was erased', coalesce(unknown::text, 'NULL') USING ERRCODE = 'EC002';
  END IF;

  INSERT INTO ${schema}.erasures (command_id, event_id, stream_id, version, reason)
  SELECT e.command_id, e.event_id, e.stream_id, e.version, erase.reason FROM ${schema}.events e WHERE e.event_id = ANY (erase.events)
      ON CONFLICT DO NOTHING;
  -- Pages go by bytes: never fewer than there are.
  UPDATE ${schema}.events e
     SET data = data_instead,
         bytes = greatest(octet_length(data_instead::text), e.bytes + octet_length(data_instead::text) - octet_length(e.data::text), e.bytes)
   WHERE e.event_id = ANY (erase.events);
  UPDATE ${schema}.events e SET fingerprint = NULL
   WHERE e.index = 0 AND e.fingerprint IS NOT NULL
     AND e.command_id IN (SELECT f.command_id FROM ${schema}.events f WHERE f.event_id = ANY (erase.events));
END $function$`;
}
