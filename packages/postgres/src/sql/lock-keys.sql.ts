/**
 * The keys of advisory locks. All kinds live in the space of keys that are one bigint. Two of them carry the store's number,
 * so that two stores in one database never see each other's locks; the third is about what all of them share.
 *
 * | | bit 62 | the rest |
 * |---|---|---|
 * | a stream | set | a hash of its id, seeded by the store's number |
 * | a low-water mark | clear | 0x2000 + the store's number, then 48 bits for a position |
 * | a place for a wide call | clear | 0x1000, then 48 bits for its number |
 *
 * A hash may bring two streams to one key. Then they wait for each other, and nothing else happens: locks are taken in the
 * order of keys, not of ids.
 */
import { sql, type SchemaName } from './sql.js';

/** Store numbers have 13 bits. */
export const STORE_NUMBERS = 8192;

/** A constant costs nothing where a table would cost a look. Others read the number in `pg_proc.prosrc`. */
export function storeNumber(schema: SchemaName, number: number): string {
  return sql`CREATE OR REPLACE FUNCTION ${schema}.eventcore_store_number() RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $function$ SELECT ${number} $function$`;
}

export function lockKeys(schema: SchemaName): readonly string[] {
  return [
    sql`CREATE OR REPLACE FUNCTION ${schema}.stream_key(id text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $function$
  SELECT hashtextextended(id, ${schema}.eventcore_store_number()) | (1::bigint << 62)
$function$`,
    sql`CREATE OR REPLACE FUNCTION ${schema}.low_water_key(last_position bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $function$
  SELECT (8192 + ${schema}.eventcore_store_number())::bigint << 48 | last_position
$function$`,
    sql`CREATE OR REPLACE FUNCTION ${schema}.wide_key(place int) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $function$
  SELECT ${WIDE_CLASS}::bigint << 48 | place
$function$`,
  ];
}

const WIDE_CLASS = 0x1000;

/** Which locks are places for wide calls, of any store of this database; for a query of `pg_locks l`. */
export const widePlaces = sql`l.locktype = 'advisory' AND l.objsubid = 1 AND l.classid::bigint >> 16 = ${WIDE_CLASS}
     AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())`;

/** Which locks are low-water marks of this store; for a query of `pg_locks l`. */
export const lowWaterMarks = (schema: SchemaName): string => sql`l.locktype = 'advisory' AND l.objsubid = 1
     AND l.classid::bigint >> 16 = ${schema}.low_water_key(0) >> 48
     AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())`;
