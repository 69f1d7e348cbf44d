/** `acquire_lease`, `take_lease_over`, `renew_lease`, `release_lease`, `lease_holder`: one active worker for each name. Time is the server's. */
import { FUNCTION_SETTINGS } from '../sql/function-settings.js';
import { sql, type SchemaName } from '../sql/sql.js';

export function leases(schema: SchemaName): readonly string[] {
  return [
    // The fence, or NULL while another holder's lease is running. Who has it already gets a higher fence as well: he may
    // have been started anew, with his old self still around.
    sql`CREATE OR REPLACE FUNCTION ${schema}.acquire_lease(p_consumer text, p_holder text, p_ms float8) RETURNS text
LANGUAGE plpgsql VOLATILE ${FUNCTION_SETTINGS} AS $function$
DECLARE
  granted bigint;
BEGIN
  INSERT INTO ${schema}.leases AS l (consumer, holder, fence, expires_at)
  VALUES (p_consumer, p_holder, 1, clock_timestamp() + p_ms * interval '1 ms')
  ON CONFLICT (consumer) DO UPDATE SET holder = excluded.holder, fence = l.fence + 1, expires_at = clock_timestamp() + p_ms * interval '1 ms'
    WHERE l.expires_at <= clock_timestamp() OR l.holder = excluded.holder
  RETURNING l.fence INTO granted;
  RETURN granted;
END $function$`,

    // Whoever has it. A step that holds the row of his lease is waited for; the next one finds a higher fence.
    sql`CREATE OR REPLACE FUNCTION ${schema}.take_lease_over(p_consumer text, p_holder text, p_ms float8) RETURNS text
LANGUAGE plpgsql VOLATILE ${FUNCTION_SETTINGS} AS $function$
DECLARE
  granted bigint;
BEGIN
  INSERT INTO ${schema}.leases AS l (consumer, holder, fence, expires_at)
  VALUES (p_consumer, p_holder, 1, clock_timestamp() + p_ms * interval '1 ms')
  ON CONFLICT (consumer) DO UPDATE SET holder = excluded.holder, fence = l.fence + 1, expires_at = clock_timestamp() + p_ms * interval '1 ms'
  RETURNING l.fence INTO granted;
  RETURN granted;
END $function$`,

    sql`CREATE OR REPLACE FUNCTION ${schema}.renew_lease(p_consumer text, p_fence bigint, p_ms float8) RETURNS text
LANGUAGE plpgsql VOLATILE ${FUNCTION_SETTINGS} AS $function$
BEGIN
  UPDATE ${schema}.leases l SET expires_at = clock_timestamp() + p_ms * interval '1 ms'
   WHERE l.consumer = p_consumer AND l.fence = p_fence AND l.expires_at > clock_timestamp();
  RETURN FOUND;
END $function$`,

    // Its row stays: the fence remains the current one until the next grant.
    sql`CREATE OR REPLACE FUNCTION ${schema}.release_lease(p_consumer text, p_fence bigint) RETURNS text
LANGUAGE plpgsql VOLATILE ${FUNCTION_SETTINGS} AS $function$
BEGIN
  UPDATE ${schema}.leases l SET expires_at = '-infinity' WHERE l.consumer = p_consumer AND l.fence = p_fence;
  RETURN FOUND;
END $function$`,

    sql`CREATE OR REPLACE FUNCTION ${schema}.lease_holder(p_consumer text) RETURNS text
LANGUAGE plpgsql STABLE ${FUNCTION_SETTINGS} AS $function$
BEGIN
  RETURN (SELECT l.holder FROM ${schema}.leases l WHERE l.consumer = p_consumer AND l.expires_at > clock_timestamp());
END $function$`,
  ];
}
