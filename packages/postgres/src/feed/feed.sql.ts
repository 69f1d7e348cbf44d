/**
 * `read_feed`: the events after a position, by whole commands, in the order of their positions.
 *
 * It answers with the position of the last committed event that was looked at, matching or not, and the events. A position
 * is a command's number and an index in it; where a page begins may be inside a command, where it ends never is.
 */
import { FUNCTION_SETTINGS } from '../sql/function-settings.js';
import { wholeCommands } from '../sql/record.sql.js';
import { sql, type SchemaName } from '../sql/sql.js';

/** How many events one call looks at of which most may not match: no index leads to them. The next one goes on from there. */
const MOST_LOOKED_AT = 20_000;
/** Of each of many types or streams, at least. */
const FEWEST_LOOKED_AT = 64;
/** In a stream no longer than this, the search for where to begin isn't worth it. */
const SHORT_STREAM = 64;

export function readFeed(schema: SchemaName): string {
  const after = sql`e.position >= p_after AND (e.position > p_after OR e.index > p_index)`;
  // Each part of a filter that is there has to match.
  const matches = sql`(types IS NULL OR e.type = ANY (types))
             AND (streams IS NULL OR e.stream_id = ANY (streams))
             AND (prefixes IS NULL OR EXISTS (SELECT FROM unnest(prefixes) AS p(prefix) WHERE starts_with(e.stream_id, p.prefix)))`;
  // The first matching events, up to the limit: how many there are, and the numbers of their commands.
  const find = (source: string): string => sql`
      SELECT count(*), array_agg(DISTINCT m.position ORDER BY m.position) INTO matching, found
        FROM (SELECT c.position FROM ${source} c ORDER BY c.position, c.index LIMIT p_limit) m;`;
  // Where only one part of a filter leads through an index, the others are judged event by event: up to where.
  const looksUpTo = (parts: string, events: string, order: string): string => sql`
    SELECT least(safe, min(b.last)) INTO top
      FROM unnest(${parts}) AS part(name) CROSS JOIN LATERAL (
        SELECT CASE WHEN count(*) = most THEN max(l.position) END AS last
          FROM (SELECT e.position FROM ${schema}.events e
                 WHERE ${events} AND e.position <= safe AND ${after} ORDER BY ${order} LIMIT most) l) b;`;
  const give = (events: string): string => wholeCommands(schema, sql`${schema}.events e WHERE ${events}`);

  return sql`CREATE OR REPLACE FUNCTION ${schema}.read_feed(
  p_after bigint, p_index integer, p_limit bigint, p_bytes bigint,
  -- Each a JSON array, or NULL for a part of the filter that isn't there.
  p_types text, p_streams text, p_prefixes text,
  OUT up_to text, OUT up_to_index text, OUT records text,
  -- There is something, and nothing of it may be read yet.
  OUT held_up text
)
LANGUAGE plpgsql VOLATILE ${FUNCTION_SETTINGS} AS $function$
DECLARE
  types    text[] := CASE WHEN p_types IS NOT NULL THEN ARRAY(SELECT json_array_elements_text(p_types::json)) END;
  streams  text[] := CASE WHEN p_streams IS NOT NULL THEN ARRAY(SELECT json_array_elements_text(p_streams::json)) END;
  prefixes text[] := CASE WHEN p_prefixes IS NOT NULL THEN ARRAY(SELECT json_array_elements_text(p_prefixes::json)) END;
  safe     bigint;
  top      bigint;
  looked   bigint;
  most     bigint;
  matching bigint;
  found    bigint[];
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'eventcore reads the feed at READ COMMITTED, and this connection begins its transactions as %',
        upper(current_setting('transaction_isolation'))
      USING ERRCODE = 'EC001', HINT = 'Set default_transaction_isolation for the connection, or for its role.';
  END IF;
  -- On a standby nobody's locks are seen, and its sequence runs ahead: events would be skipped.
  IF pg_is_in_recovery() THEN
    RAISE EXCEPTION 'eventcore reads the feed on a primary, and this server is a standby'
      USING ERRCODE = 'EC001', HINT = 'Connect to the primary: with several hosts, to the one that takes writes.';
  END IF;
  -- Nothing there: most looks end here, and need not know what is under way.
  IF NOT EXISTS (SELECT FROM ${schema}.events e WHERE ${after}) THEN
    RETURN;
  END IF;

  -- Every statement after this one has a snapshot taken later, in which nothing up to here moves any more.
  safe := ${schema}.safe_position();
  top := safe;

  IF streams IS NOT NULL THEN
    IF types IS NOT NULL OR prefixes IS NOT NULL THEN
      most := greatest(${String(MOST_LOOKED_AT)} / greatest(cardinality(streams), 1), ${String(FEWEST_LOOKED_AT)});
      ${looksUpTo('streams', sql`e.stream_id = part.name AND e.version >= ${schema}.version_at(part.name, p_after)`, 'e.version')}
    END IF;
    ${find(sql`(
          SELECT m.position, m.index FROM unnest(streams) AS s(id) CROSS JOIN LATERAL (
            SELECT e.position, e.index FROM ${schema}.events e
             WHERE e.stream_id = s.id AND e.version >= ${schema}.version_at(s.id, p_after) AND e.position <= top AND ${after} AND ${matches}
             ORDER BY e.version LIMIT p_limit) m)`)}
  ELSIF types IS NOT NULL THEN
    IF prefixes IS NOT NULL THEN
      most := greatest(${String(MOST_LOOKED_AT)} / greatest(cardinality(types), 1), ${String(FEWEST_LOOKED_AT)});
      ${looksUpTo('types', sql`e.type = part.name`, 'e.position, e.index')}
    END IF;
    ${find(sql`(
          SELECT m.position, m.index FROM unnest(types) AS t(name) CROSS JOIN LATERAL (
            SELECT e.position, e.index FROM ${schema}.events e
             WHERE e.type = t.name AND e.position <= top AND ${after} AND ${matches}
             ORDER BY e.position, e.index LIMIT p_limit) m)`)}
  ELSE
    SELECT count(*), max(l.position) INTO looked, top
      FROM (SELECT e.position FROM ${schema}.events e WHERE e.position <= safe AND ${after}
             ORDER BY e.position, e.index LIMIT CASE WHEN prefixes IS NULL THEN p_limit ELSE ${String(MOST_LOOKED_AT)} END) l;
    IF prefixes IS NOT NULL THEN
      ${find(sql`(SELECT e.position, e.index FROM ${schema}.events e WHERE e.position <= top AND ${after} AND ${matches})`)}
    END IF;
  END IF;
  IF matching >= p_limit THEN top := found[cardinality(found)]; END IF;

  IF types IS NULL AND streams IS NULL AND prefixes IS NULL THEN
    ${give(sql`e.position <= top AND ${after}`)}
  ELSIF matching > 0 THEN
    ${give(sql`e.position = ANY (found) AND ${after} AND ${matches}`)}
  END IF;

  SELECT e.position, e.index INTO up_to, up_to_index FROM ${schema}.events e
   WHERE e.position <= top AND ${after} ORDER BY e.position DESC, e.index DESC LIMIT 1;
  held_up := CASE WHEN up_to IS NULL THEN 'yes' END;
END $function$`;
}

/**
 * The version of a stream at a position, or one before it, as a place to begin to look: both only ever grow, so it is
 * halved down to. An index by stream and position would cost each append 2 µs an event.
 */
export function versionAt(schema: SchemaName): string {
  return sql`CREATE OR REPLACE FUNCTION ${schema}.version_at(id text, p_position bigint) RETURNS bigint
LANGUAGE plpgsql STABLE ${FUNCTION_SETTINGS} AS $function$
DECLARE
  low      bigint := 1;
  high     bigint := (SELECT max(e.version) FROM ${schema}.events e WHERE e.stream_id = id);
  middle   bigint;
BEGIN
  WHILE high - low > ${String(SHORT_STREAM)} LOOP
    middle := (low + high) / 2;
    IF (SELECT e.position FROM ${schema}.events e WHERE e.stream_id = id AND e.version = middle) < p_position THEN
      low := middle;
    ELSE
      high := middle;
    END IF;
  END LOOP;
  RETURN low;
END $function$`;
}
