/**
 * `append`: any number of commands in one call, one transaction, one commit. Each is judged by itself, in order.
 *
 * In the order of its steps, which is what makes it safe: guard, lock, answer known ids, compare, draw, insert. The locks
 * are taken by a statement of its own, so that those after it see what was committed before they were granted.
 *
 * The arguments are texts, so that no driver's idea of an array comes in between; lists of ids, names and JSON are joined
 * with U+001F, which none of them can hold. Joining is also what a client does fastest.
 */
import { FUNCTION_SETTINGS } from '../sql/function-settings.js';
import { sql, type SchemaName } from '../sql/sql.js';
import { SURELY_SMALL } from './stored-size.js';

/** What conflicts may carry in all. A large answer that a client is slow to read would keep the locks with it. */
const MOST_MISSED_BYTES = 1_000_000;
/** Of one stream. Nothing is added up before that is known to be little. */
const MOST_MISSED_EVENTS = 1000;

export function append(schema: SchemaName): string {
  return sql`CREATE OR REPLACE FUNCTION ${schema}.append(
  -- The streams of the call, each once; whether a command may write to it; the lowest version that one expects of it.
  p_streams text, p_written text, p_known text,
  -- The commands. How many expectations and how many events each has. Twins: which command before it has the same id.
  p_commands text, p_fingerprints text, p_correlations text, p_causations text, p_metadata text,
  p_expectations text, p_events text, p_twins text,
  -- Their expectations: of which stream; a version, NULL for anything, -k for what command k leaves; how many events
  -- this command writes to it.
  e_stream text, e_expected text, e_writes text,
  -- Their events: by which expectation, as which of its events, as which of the command's.
  v_expectation text, v_nth text, v_index text, v_id text, v_type text, v_schema_version text, v_data text,
  hears_warnings boolean
) RETURNS text
LANGUAGE plpgsql VOLATILE ${FUNCTION_SETTINGS} AS $function$
DECLARE
  streams      text[]   := string_to_array(p_streams, E'\x1f');
  known        bigint[] := p_known;
  commands     uuid[]   := p_commands;
  fingerprints text[]   := ARRAY(SELECT json_array_elements_text(p_fingerprints::json));
  expectations int[]    := p_expectations;
  correlations text[]   := string_to_array(p_correlations, E'\x1f', '');
  causations   text[]   := string_to_array(p_causations, E'\x1f', '');
  metadata     jsonb[]  := string_to_array(p_metadata, E'\x1f', '')::jsonb[];
  events       int[]    := p_events;
  twins        int[]    := p_twins;
  stream_of    int[]    := e_stream;
  expected     bigint[] := e_expected;
  writes       int[]    := e_writes;
  datas        text[]   := string_to_array(v_data, E'\x1f');
  -- As they are kept: of each event's data, in a call that isn't small, and of each command's metadata, if one has some.
  sizes          int[];
  metadata_sizes int[];
  -- Whether anything may be too large, and what is.
  oversized    boolean  := false;
  oversizes    text[];
  -- By stream: the version before this call, the version so far, the last command that has moved it.
  before       bigint[];
  current      bigint[];
  mover        int[]    := array_fill(0, ARRAY[cardinality(streams)]);
  -- By command: the position of the record that it has or gets; for a twin of one that was applied here, which that was.
  positions    bigint[];
  origin       int[]    := array_fill(0, ARRAY[cardinality(commands)]);
  -- By expectation: the version from which its events count, and what is wrong with it.
  base         bigint[] := array_fill(-1::bigint, ARRAY[cardinality(stream_of)]);
  command_of   int[]    := array_fill(0, ARRAY[cardinality(stream_of)]);
  verdicts     text;
  outcomes     text     := repeat('c', cardinality(commands));
  applied      boolean  := false;
  highest      bigint;
  last_drawn   bigint;
  records      text[];
  missed       text[];
  room         bigint   := ${String(MOST_MISSED_BYTES)};
  last         int      := 0;
  first        int;
  last_event   int      := 0;
  first_event  int;
  oversize     text;
  twin         int;
  recorded     text;
  recorded_at  timestamptz;
  verdict      text;
  refused      boolean;
  size         bigint;
  e            bigint;
  s            int;
BEGIN
  PERFORM ${schema}.guard_transaction(hears_warnings);

  -- Measured before anybody has to wait for it.
  IF p_metadata <> '' THEN
    metadata_sizes := ARRAY(SELECT octet_length(u.metadata::text) FROM unnest(metadata) AS u(metadata));
  END IF;
  IF octet_length(v_data) + octet_length(p_metadata) > ${String(SURELY_SMALL)} THEN
    sizes := ARRAY(SELECT octet_length(u.data::jsonb::text) FROM unnest(datas) AS u(data));
    oversized := ${schema}.oversize_of(sizes || metadata_sizes, NULL) IS NOT NULL;
  END IF;
  PERFORM ${schema}.lock_streams(streams, p_written::boolean[]);

  -- Which ids are known, and how far the streams are. Scalar subqueries, so always probes of an index; the one from the
  -- known version on reads a single entry, and finds nothing only if the stream is shorter than that.
  SELECT ARRAY(SELECT coalesce((SELECT r.position FROM ${schema}.events r WHERE r.command_id = u.id AND r.index = 0), 0)
                 FROM unnest(commands) AS u(id)),
         ARRAY(SELECT coalesce((SELECT max(r.version) FROM ${schema}.events r WHERE r.stream_id = u.id AND r.version >= coalesce(u.known, 0)),
                               CASE WHEN u.known > 0 THEN (SELECT max(r.version) FROM ${schema}.events r WHERE r.stream_id = u.id) END,
                               0)
                 FROM unnest(streams, known) AS u(id, known)),
         (SELECT max(r.position) FROM ${schema}.events r)
    INTO positions, before, highest;
  current := before;

  FOR c IN 1 .. cardinality(commands) LOOP
    first := last + 1;
    last := last + expectations[c];
    first_event := last_event + 1;
    last_event := last_event + events[c];

    -- Known ids come before versions: an append that is sent again would take its own events for somebody else's.
    IF positions[c] > 0 THEN
      recorded := ${schema}.recorded_command(commands[c]);
      records := records || format('[%s,%s]', c - 1, recorded);
      outcomes := overlay(outcomes PLACING
        CASE WHEN coalesce(fingerprints[c] = recorded::json ->> 0, true) THEN 'd' ELSE 'r' END FROM c);
      CONTINUE;
    END IF;
    IF twins IS NOT NULL AND twins[c] > 0 THEN
      twin := twins[c];
      IF positions[twin] = 0 THEN twin := origin[twin]; END IF;
      IF twin > 0 THEN
        origin[c] := twin;
        outcomes := overlay(outcomes PLACING
          CASE WHEN coalesce(fingerprints[c] = fingerprints[twin], true) THEN 'd' ELSE 'r' END FROM c);
        CONTINUE;
      END IF;
    END IF;

    IF oversized THEN
      oversize := ${schema}.oversize_of(sizes[first_event : last_event], metadata_sizes[c]);
      IF oversize IS NOT NULL THEN
        oversizes := oversizes || format('[%s,%s]', c - 1, oversize);
        outcomes := overlay(outcomes PLACING 'l' FROM c);
        CONTINUE;
      END IF;
    END IF;

    refused := false;
    FOR x IN first .. last LOOP
      s := stream_of[x];
      e := expected[x];
      verdict := NULL;
      IF e >= 0 THEN
        IF before[s] <> e THEN verdict := 's';
        ELSIF mover[s] > 0 THEN verdict := 'm';
        END IF;
      ELSIF e < 0 THEN
        -- Not a number: somebody else's event could have brought the stream to that very number.
        IF positions[-e] >= 0 THEN verdict := 'c';
        ELSIF mover[s] > -e THEN verdict := 'm';
        END IF;
      END IF;
      IF verdict IS NOT NULL THEN
        verdicts := overlay(coalesce(verdicts, repeat('-', cardinality(stream_of))) PLACING verdict FROM x);
        refused := true;
      END IF;
    END LOOP;
    IF refused THEN
      outcomes := overlay(outcomes PLACING 'x' FROM c);
    ELSIF events[c] > 0 THEN
      positions[c] := -1;
      applied := true;
      FOR x IN first .. last LOOP
        IF writes[x] > 0 THEN
          s := stream_of[x];
          base[x] := current[s];
          command_of[x] := c;
          current[s] := current[s] + writes[x];
          mover[s] := c;
        END IF;
      END LOOP;
    END IF;
  END LOOP;

  IF applied THEN
    -- "Every position that I draw is greater than this one": a sign for consumers, in pg_locks until this transaction is
    -- over. Before the first draw, or a consumer could look in between.
    last_drawn := coalesce(pg_sequence_last_value('${schema}.position_sequence'), 0);
    -- Events that were copied without their sequence: a number in one of their gaps would be free, and behind every consumer.
    IF highest > last_drawn THEN
      RAISE EXCEPTION 'the sequence of positions is at %, and there are events up to %', last_drawn, highest USING ERRCODE = 'EC002';
    END IF;
    PERFORM pg_advisory_xact_lock_shared(${schema}.low_water_key(last_drawn));
    FOR c IN 1 .. cardinality(commands) LOOP
      IF positions[c] < 0 THEN positions[c] := nextval('${schema}.position_sequence'); END IF;
    END LOOP;
    -- Under the locks, so in order within a stream, unless the clock steps. Nothing rests on that.
    recorded_at := date_trunc('milliseconds', clock_timestamp());
    INSERT INTO ${schema}.events (position, version, recorded_at, event_id, command_id, index, bytes, metadata_bytes,
                             schema_version, stream_id, type, data, metadata, correlation_id, causation_id, fingerprint)
    SELECT positions[v.command], base[v.expectation] + v.nth, recorded_at, v.id, commands[v.command], v.index,
           coalesce(v.size, octet_length(v.data::text)), metadata_sizes[v.command],
           v.schema_version, streams[stream_of[v.expectation]], v.type, v.data,
           CASE WHEN v.index = 0 THEN metadata[v.command] END, correlations[v.command], causations[v.command],
           CASE WHEN v.index = 0 THEN fingerprints[v.command] END
      FROM (SELECT u.*, u.json::jsonb AS data, command_of[u.expectation] AS command
              FROM unnest(v_expectation::int[], v_nth::int[], v_index::int[], v_id::uuid[], string_to_array(v_type, E'\x1f'),
                          v_schema_version::smallint[], datas, sizes)
                AS u(expectation, nth, index, id, type, schema_version, json, size)
             -- So that JSON is parsed once.
            OFFSET 0) v
     WHERE v.command > 0;
  END IF;

  -- What was missed of each stale stream, so that a retry need not read; all of it, or nothing.
  IF verdicts LIKE '%s%' THEN
    FOR s IN SELECT DISTINCT stream_of[x] FROM generate_series(1, cardinality(stream_of)) AS x WHERE substr(verdicts, x, 1) = 's' LOOP
      CONTINUE WHEN before[s] <= known[s] OR before[s] - known[s] > ${String(MOST_MISSED_EVENTS)};
      SELECT sum(r.bytes) INTO size FROM ${schema}.events r
       WHERE r.stream_id = streams[s] AND r.version > known[s] AND r.version <= before[s];
      CONTINUE WHEN size > room;
      room := room - size;
      missed := missed || (
        SELECT format('[%s,[%s]]', s - 1, string_agg(format('[%s,%s,%s]', to_json(r.type), r.schema_version, r.data), ',' ORDER BY r.version))
          FROM ${schema}.events r WHERE r.stream_id = streams[s] AND r.version > known[s] AND r.version <= before[s]);
    END LOOP;
  END IF;

  -- What is known is visible, and perhaps not replicated yet: its own backend may have been cut off while it waited. A
  -- record of ours makes our commit wait for it.
  IF records IS NOT NULL AND NOT applied AND current_setting('synchronous_standby_names') <> '' THEN
    PERFORM pg_logical_emit_message(true, 'eventcore', '');
  END IF;

  RETURN format('["%s",%s,%s,%s,%s,%s,[%s],[%s],[%s]]', outcomes, array_to_json(positions), array_to_json(before), array_to_json(origin),
    coalesce((extract(epoch FROM recorded_at) * 1000)::bigint::text, 'null'), coalesce('"' || verdicts || '"', 'null'),
    array_to_string(missed, ','), array_to_string(records, ','), array_to_string(oversizes, ','));
END $function$`;
}
