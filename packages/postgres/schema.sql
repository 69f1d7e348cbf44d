-- What a fresh database holds after migrate(), with the rights of an application that was named in grantTo.
-- Written by schema-dump.pg.test.ts, which fails where this file is another. To look at, not to run: migrate() does that.

CREATE SCHEMA eventcore;

CREATE SEQUENCE eventcore.position_sequence AS bigint INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1 NO CYCLE;

CREATE TABLE eventcore.checkpoints (
  consumer text COLLATE "C" NOT NULL,
  position text COLLATE "C" NOT NULL,
  saved_at timestamp with time zone NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE eventcore.erasures (
  command_id uuid NOT NULL,
  event_id uuid NOT NULL,
  stream_id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  erased_at timestamp with time zone NOT NULL DEFAULT transaction_timestamp(),
  erased_by text NOT NULL DEFAULT SESSION_USER,
  reason text NOT NULL
);

CREATE TABLE eventcore.events (
  position bigint NOT NULL,
  version bigint NOT NULL,
  recorded_at timestamp with time zone NOT NULL,
  event_id uuid NOT NULL,
  command_id uuid NOT NULL,
  index integer NOT NULL,
  bytes integer NOT NULL,
  metadata_bytes integer,
  schema_version smallint NOT NULL,
  stream_id text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  data jsonb NOT NULL,
  metadata jsonb,
  correlation_id text COLLATE "C",
  causation_id text COLLATE "C",
  fingerprint text COLLATE "C"
) WITH (autovacuum_vacuum_insert_scale_factor=0.02, autovacuum_analyze_scale_factor=0.02);

CREATE TABLE eventcore.leases (
  consumer text COLLATE "C" NOT NULL,
  holder text NOT NULL,
  fence bigint NOT NULL,
  expires_at timestamp with time zone NOT NULL
);

CREATE TABLE eventcore.migrations (
  version integer NOT NULL,
  applied_at timestamp with time zone NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE eventcore.rows (
  table_name text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  data jsonb NOT NULL
) WITH (fillfactor=80);

ALTER TABLE eventcore.checkpoints ADD CONSTRAINT checkpoints_pkey PRIMARY KEY (consumer);

ALTER TABLE eventcore.erasures ADD CONSTRAINT erasures_pkey PRIMARY KEY (command_id, event_id, erased_at);

ALTER TABLE eventcore.events ADD CONSTRAINT events_pkey PRIMARY KEY ("position", index);

ALTER TABLE eventcore.events ADD CONSTRAINT events_stream_version_key UNIQUE (stream_id, version);

ALTER TABLE eventcore.leases ADD CONSTRAINT leases_pkey PRIMARY KEY (consumer);

ALTER TABLE eventcore.migrations ADD CONSTRAINT migrations_pkey PRIMARY KEY (version);

ALTER TABLE eventcore.rows ADD CONSTRAINT rows_pkey PRIMARY KEY (table_name, key);

CREATE INDEX events_causation_id_idx ON eventcore.events USING btree (causation_id, "position") WHERE ((index = 0) AND (causation_id IS NOT NULL));

CREATE UNIQUE INDEX events_command_id_key ON eventcore.events USING btree (command_id) WHERE (index = 0);

CREATE INDEX events_correlation_id_idx ON eventcore.events USING btree (correlation_id, "position") WHERE ((index = 0) AND (correlation_id IS NOT NULL));

CREATE INDEX events_event_id_idx ON eventcore.events USING btree (event_id);

CREATE INDEX events_type_idx ON eventcore.events USING btree (type, "position", index);

CREATE OR REPLACE FUNCTION eventcore.eventcore_store_number()
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$ SELECT 1526 $function$;

CREATE OR REPLACE FUNCTION eventcore.stream_key(id text)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  SELECT hashtextextended(id, "eventcore".eventcore_store_number()) | (1::bigint << 62)
$function$;

CREATE OR REPLACE FUNCTION eventcore.low_water_key(last_position bigint)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  SELECT (8192 + "eventcore".eventcore_store_number())::bigint << 48 | last_position
$function$;

CREATE OR REPLACE FUNCTION eventcore.wide_key(place integer)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  SELECT 4096::bigint << 48 | place
$function$;

CREATE OR REPLACE FUNCTION eventcore.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  RAISE EXCEPTION '% are immutable: % on %.% was refused', TG_TABLE_NAME, TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', HINT = 'Append an event that says what has changed. What has to be forgotten is erased by the function erase.';
END $function$;

CREATE OR REPLACE FUNCTION eventcore.refuse_unrecorded_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  rest "eventcore".events := NEW;
BEGIN
  rest.data := OLD.data;
  rest.bytes := OLD.bytes;
  rest.fingerprint := OLD.fingerprint;
  IF rest IS NOT DISTINCT FROM OLD AND (NEW.fingerprint IS NULL OR NEW.fingerprint = OLD.fingerprint) AND EXISTS (
    SELECT FROM "eventcore".erasures r
     WHERE r.command_id = OLD.command_id AND r.erased_at = transaction_timestamp() AND r.erased_by = session_user
       AND (r.event_id = OLD.event_id OR (NEW.data = OLD.data AND NEW.bytes = OLD.bytes)))
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'events are immutable: UPDATE on %.% was refused', TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', HINT = 'Append an event that says what has changed. What has to be forgotten is erased by the function erase.';
END $function$;

CREATE OR REPLACE FUNCTION eventcore.guard_transaction(hears_warnings boolean)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
END $function$;

CREATE OR REPLACE FUNCTION eventcore.lock_streams(ids text[], written boolean[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
DECLARE
  connections int;
  places      int;
  place       int     := 0;
  taken       boolean := false;
BEGIN
  IF cardinality(ids) > 32 THEN
    connections := current_setting('max_connections')::int;
    places := (current_setting('max_locks_per_transaction')::int - 32) * connections / 1000;
    places := least(greatest(places, 1), 64);
    WHILE NOT taken AND place < places LOOP
      place := place + 1;
      taken := pg_try_advisory_xact_lock("eventcore".wide_key(place));
    END LOOP;
    -- Before any stream, and so never in a deadlock; in a queue, which is fair.
    IF NOT taken THEN
      PERFORM pg_advisory_xact_lock("eventcore".wide_key(1 + pg_backend_pid() % places));
    END IF;
  END IF;
  -- In the order of keys, the stronger lock of one key first: whoever comes in another order would deadlock. OFFSET 0 keeps
  -- the planner from taking the locks before it has sorted.
  PERFORM CASE WHEN stream.written THEN pg_advisory_xact_lock(stream.key) ELSE pg_advisory_xact_lock_shared(stream.key) END
    FROM (SELECT "eventcore".stream_key(u.id) AS key, u.written
            FROM unnest(ids, written) AS u(id, written) ORDER BY 1, 2 DESC OFFSET 0) AS stream;
END $function$;

CREATE OR REPLACE FUNCTION eventcore.recorded_command(id uuid)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
AS $function$
BEGIN
  RETURN (
    SELECT format('[%s,%s,%s,[%s],%s]', coalesce(to_json(min(e.fingerprint))::text, 'null'), min(e.position),
             (extract(epoch FROM min(e.recorded_at)) * 1000)::bigint,
             string_agg(format('["%s",%s,%s,%s]', e.event_id, to_json(e.stream_id), to_json(e.type), e.version), ',' ORDER BY e.index),
             coalesce(to_json(min(e.correlation_id))::text, 'null'))
      FROM "eventcore".events e
     WHERE e.position = (SELECT f.position FROM "eventcore".events f WHERE f.command_id = id AND f.index = 0)
    HAVING count(*) > 0);
END $function$;

CREATE OR REPLACE FUNCTION eventcore.oversize_of(sizes integer[], metadata_size integer)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE
AS $function$
DECLARE
  largest bigint;
  total   bigint;
BEGIN
  SELECT max(u.size), coalesce(sum(u.size), 0) + coalesce(metadata_size, 0) INTO largest, total FROM unnest(sizes) AS u(size);
  RETURN CASE WHEN largest > 1500000 THEN format('%s,%s', array_position(sizes, largest::int) - 1, largest)
              WHEN metadata_size > 1500000 THEN format('-1,%s', metadata_size)
              WHEN total > 24000000 THEN format('-2,%s', total) END;
END $function$;

CREATE OR REPLACE FUNCTION eventcore.append(p_streams text, p_written text, p_known text, p_commands text, p_fingerprints text, p_correlations text, p_causations text, p_metadata text, p_expectations text, p_events text, p_twins text, e_stream text, e_expected text, e_writes text, v_expectation text, v_nth text, v_index text, v_id text, v_type text, v_schema_version text, v_data text, hears_warnings boolean)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
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
  room         bigint   := 1000000;
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
  PERFORM "eventcore".guard_transaction(hears_warnings);

  -- Measured before anybody has to wait for it.
  IF p_metadata <> '' THEN
    metadata_sizes := ARRAY(SELECT octet_length(u.metadata::text) FROM unnest(metadata) AS u(metadata));
  END IF;
  IF octet_length(v_data) + octet_length(p_metadata) > 28846 THEN
    sizes := ARRAY(SELECT octet_length(u.data::jsonb::text) FROM unnest(datas) AS u(data));
    oversized := "eventcore".oversize_of(sizes || metadata_sizes, NULL) IS NOT NULL;
  END IF;
  PERFORM "eventcore".lock_streams(streams, p_written::boolean[]);

  -- Which ids are known, and how far the streams are. Scalar subqueries, so always probes of an index; the one from the
  -- known version on reads a single entry, and finds nothing only if the stream is shorter than that.
  SELECT ARRAY(SELECT coalesce((SELECT r.position FROM "eventcore".events r WHERE r.command_id = u.id AND r.index = 0), 0)
                 FROM unnest(commands) AS u(id)),
         ARRAY(SELECT coalesce((SELECT max(r.version) FROM "eventcore".events r WHERE r.stream_id = u.id AND r.version >= coalesce(u.known, 0)),
                               CASE WHEN u.known > 0 THEN (SELECT max(r.version) FROM "eventcore".events r WHERE r.stream_id = u.id) END,
                               0)
                 FROM unnest(streams, known) AS u(id, known)),
         (SELECT max(r.position) FROM "eventcore".events r)
    INTO positions, before, highest;
  current := before;

  FOR c IN 1 .. cardinality(commands) LOOP
    first := last + 1;
    last := last + expectations[c];
    first_event := last_event + 1;
    last_event := last_event + events[c];

    -- Known ids come before versions: an append that is sent again would take its own events for somebody else's.
    IF positions[c] > 0 THEN
      recorded := "eventcore".recorded_command(commands[c]);
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
      oversize := "eventcore".oversize_of(sizes[first_event : last_event], metadata_sizes[c]);
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
    last_drawn := coalesce(pg_sequence_last_value('"eventcore".position_sequence'), 0);
    -- Events that were copied without their sequence: a number in one of their gaps would be free, and behind every consumer.
    IF highest > last_drawn THEN
      RAISE EXCEPTION 'the sequence of positions is at %, and there are events up to %', last_drawn, highest USING ERRCODE = 'EC002';
    END IF;
    PERFORM pg_advisory_xact_lock_shared("eventcore".low_water_key(last_drawn));
    FOR c IN 1 .. cardinality(commands) LOOP
      IF positions[c] < 0 THEN positions[c] := nextval('"eventcore".position_sequence'); END IF;
    END LOOP;
    -- Under the locks, so in order within a stream, unless the clock steps. Nothing rests on that.
    recorded_at := date_trunc('milliseconds', clock_timestamp());
    INSERT INTO "eventcore".events (position, version, recorded_at, event_id, command_id, index, bytes, metadata_bytes,
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
      CONTINUE WHEN before[s] <= known[s] OR before[s] - known[s] > 1000;
      SELECT sum(r.bytes) INTO size FROM "eventcore".events r
       WHERE r.stream_id = streams[s] AND r.version > known[s] AND r.version <= before[s];
      CONTINUE WHEN size > room;
      room := room - size;
      missed := missed || (
        SELECT format('[%s,[%s]]', s - 1, string_agg(format('[%s,%s,%s]', to_json(r.type), r.schema_version, r.data), ',' ORDER BY r.version))
          FROM "eventcore".events r WHERE r.stream_id = streams[s] AND r.version > known[s] AND r.version <= before[s]);
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
END $function$;

CREATE OR REPLACE FUNCTION eventcore.read(p_streams text, p_after text, p_up_to text, p_limits text, p_full boolean, p_bytes text, p_commands text)
 RETURNS TABLE(version_now text, types text, schema_versions text, datas text, records text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
BEGIN
  -- A standby lags behind: what is decided on it may be wrong, and a rejection is checked by nobody.
  IF pg_is_in_recovery() THEN
    RAISE EXCEPTION 'eventcore reads streams on a primary, and this server is a standby'
      USING ERRCODE = 'EC001', HINT = 'Connect to the primary: with several hosts, to the one that takes writes.';
  END IF;

  IF p_full THEN
    -- What belongs to a command is said once in the whole answer, in how many of the streams it may have written.
    RETURN QUERY
    SELECT coalesce((SELECT max(v.version) FROM "eventcore".events v WHERE v.stream_id = e.id), 0)::text, NULL, NULL, NULL,
           string_agg(format('["%s",%s,%s,%s,%s,%s,%s,%s%s]',
           e.event_id, to_json(e.stream_id), e.version, e.position, e.index,
           to_json(e.type), e.schema_version, e.data,
           CASE WHEN e.nth_of_command = 1 THEN format(',%s,"%s",%s,%s%s', (extract(epoch FROM e.recorded_at) * 1000)::bigint, e.command_id,
             coalesce(to_json(e.correlation_id)::text, 'null'), coalesce(to_json(e.causation_id)::text, 'null'),
             CASE WHEN e.metadata_bytes IS NULL THEN ''
                  WHEN e.index = 0 THEN ',' || e.metadata::text
                  ELSE (SELECT ',' || f.metadata::text FROM "eventcore".events f WHERE f.position = e.position AND f.index = 0)
             END) END), ',' ORDER BY e.version) FILTER (WHERE e.version IS NOT NULL)
      FROM (SELECT q.id, q.number, page.*, row_number() OVER (PARTITION BY page.position ORDER BY q.number, page.version) AS nth_of_command
              FROM unnest(string_to_array(p_streams, E'\x1f'), p_after::bigint[], p_up_to::bigint[], p_limits::bigint[])
         WITH ORDINALITY AS q(id, after, up_to, most, number) LEFT JOIN LATERAL (
                SELECT p.* FROM (SELECT r.*, sum(r.weight) OVER (ORDER BY r.version ROWS UNBOUNDED PRECEDING) - r.weight AS bytes_before FROM (
          SELECT o.*, o.bytes + CASE WHEN o.opens THEN coalesce(o.metadata_bytes, 0) ELSE 0 END AS weight
            FROM (SELECT e.*, lag(e.position) OVER (ORDER BY e.version) IS DISTINCT FROM e.position AS opens FROM (SELECT s.* FROM "eventcore".events s
                      WHERE s.stream_id = q.id AND s.version > q.after AND (q.up_to IS NULL OR s.version <= q.up_to)
                      ORDER BY s.version LIMIT q.most) e) o) r) p
                 WHERE p_bytes IS NULL OR p.bytes_before < p_bytes::bigint) page ON true) e
     GROUP BY e.number, e.id ORDER BY e.number;
  ELSE
    RETURN QUERY
    SELECT coalesce((SELECT max(v.version) FROM "eventcore".events v WHERE v.stream_id = q.id), 0)::text, page.*, NULL
      FROM unnest(string_to_array(p_streams, E'\x1f'), p_after::bigint[], p_up_to::bigint[], p_limits::bigint[])
         WITH ORDINALITY AS q(id, after, up_to, most, number) CROSS JOIN LATERAL (
        SELECT string_agg(e.type, E'\x1f'), CASE WHEN max(e.schema_version) > 1 THEN string_agg(e.schema_version::text, ',') END,
               string_agg(e.data::text, ',')
          FROM (SELECT r.*, sum(r.bytes) OVER (ORDER BY r.version ROWS UNBOUNDED PRECEDING) - r.bytes AS bytes_before FROM (SELECT s.version, s.type, s.schema_version, s.data, s.bytes FROM "eventcore".events s
                      WHERE s.stream_id = q.id AND s.version > q.after AND (q.up_to IS NULL OR s.version <= q.up_to)
                      ORDER BY s.version LIMIT q.most) r) e
         WHERE p_bytes IS NULL OR e.bytes_before < p_bytes::bigint) page
     ORDER BY q.number;
  END IF;

  IF p_commands <> '{}' THEN
    RETURN QUERY SELECT NULL, NULL, NULL, NULL, "eventcore".recorded_command(u.id)
                   FROM unnest(p_commands::uuid[]) WITH ORDINALITY AS u(id, number) ORDER BY u.number;
  END IF;
END $function$;

CREATE OR REPLACE FUNCTION eventcore.hold(p_streams text, p_written text, p_after text, p_full boolean, p_limit_ms text, hears_warnings boolean)
 RETURNS TABLE(version_now text, types text, schema_versions text, datas text, records text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
DECLARE
  nothing text := array_fill(NULL::bigint, ARRAY[cardinality(p_written::boolean[])]);
BEGIN
  PERFORM "eventcore".guard_transaction(hears_warnings);
  -- A caller that is paused must not hold others up for long.
  PERFORM set_config('idle_in_transaction_session_timeout', p_limit_ms, true);
  PERFORM "eventcore".lock_streams(string_to_array(p_streams, E'\x1f'), p_written::boolean[]);
  -- A statement of its own, and so a snapshot that was taken after the locks were granted. Nobody can read on under locks,
  -- so pages have no limit.
  RETURN QUERY SELECT * FROM "eventcore".read(p_streams, p_after, nothing, nothing, p_full, NULL, '{}');
END $function$;

CREATE OR REPLACE FUNCTION eventcore.safe_position()
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
DECLARE
  last_drawn bigint;
  low_water  bigint;
BEGIN
  -- In this order. Who draws between the two looks is above the first one; who has drawn before it is seen by the second.
  last_drawn := coalesce(pg_sequence_last_value('"eventcore".position_sequence'), 0);
  SELECT min((l.classid::bigint << 32 | l.objid::bigint) & ((1::bigint << 48) - 1)) INTO low_water
    FROM pg_locks l
   WHERE l.locktype = 'advisory' AND l.objsubid = 1
     AND l.classid::bigint >> 16 = "eventcore".low_water_key(0) >> 48
     AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database());
  RETURN least(last_drawn, low_water);
END $function$;

CREATE OR REPLACE FUNCTION eventcore.version_at(id text, p_position bigint)
 RETURNS bigint
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
DECLARE
  low      bigint := 1;
  high     bigint := (SELECT max(e.version) FROM "eventcore".events e WHERE e.stream_id = id);
  middle   bigint;
BEGIN
  WHILE high - low > 64 LOOP
    middle := (low + high) / 2;
    IF (SELECT e.position FROM "eventcore".events e WHERE e.stream_id = id AND e.version = middle) < p_position THEN
      low := middle;
    ELSE
      high := middle;
    END IF;
  END LOOP;
  RETURN low;
END $function$;

CREATE OR REPLACE FUNCTION eventcore.read_feed(p_after bigint, p_index integer, p_limit bigint, p_bytes bigint, p_types text, p_streams text, p_prefixes text, OUT up_to text, OUT up_to_index text, OUT records text, OUT held_up text)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
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
  IF NOT EXISTS (SELECT FROM "eventcore".events e WHERE e.position >= p_after AND (e.position > p_after OR e.index > p_index)) THEN
    RETURN;
  END IF;

  -- Every statement after this one has a snapshot taken later, in which nothing up to here moves any more.
  safe := "eventcore".safe_position();
  top := safe;

  IF streams IS NOT NULL THEN
    IF types IS NOT NULL OR prefixes IS NOT NULL THEN
      most := greatest(20000 / greatest(cardinality(streams), 1), 64);
      
    SELECT least(safe, min(b.last)) INTO top
      FROM unnest(streams) AS part(name) CROSS JOIN LATERAL (
        SELECT CASE WHEN count(*) = most THEN max(l.position) END AS last
          FROM (SELECT e.position FROM "eventcore".events e
                 WHERE e.stream_id = part.name AND e.version >= "eventcore".version_at(part.name, p_after) AND e.position <= safe AND e.position >= p_after AND (e.position > p_after OR e.index > p_index) ORDER BY e.version LIMIT most) l) b;
    END IF;
    
      SELECT count(*), array_agg(DISTINCT m.position ORDER BY m.position) INTO matching, found
        FROM (SELECT c.position FROM (
          SELECT m.position, m.index FROM unnest(streams) AS s(id) CROSS JOIN LATERAL (
            SELECT e.position, e.index FROM "eventcore".events e
             WHERE e.stream_id = s.id AND e.version >= "eventcore".version_at(s.id, p_after) AND e.position <= top AND e.position >= p_after AND (e.position > p_after OR e.index > p_index) AND (types IS NULL OR e.type = ANY (types))
             AND (streams IS NULL OR e.stream_id = ANY (streams))
             AND (prefixes IS NULL OR EXISTS (SELECT FROM unnest(prefixes) AS p(prefix) WHERE starts_with(e.stream_id, p.prefix)))
             ORDER BY e.version LIMIT p_limit) m) c ORDER BY c.position, c.index LIMIT p_limit) m;
  ELSIF types IS NOT NULL THEN
    IF prefixes IS NOT NULL THEN
      most := greatest(20000 / greatest(cardinality(types), 1), 64);
      
    SELECT least(safe, min(b.last)) INTO top
      FROM unnest(types) AS part(name) CROSS JOIN LATERAL (
        SELECT CASE WHEN count(*) = most THEN max(l.position) END AS last
          FROM (SELECT e.position FROM "eventcore".events e
                 WHERE e.type = part.name AND e.position <= safe AND e.position >= p_after AND (e.position > p_after OR e.index > p_index) ORDER BY e.position, e.index LIMIT most) l) b;
    END IF;
    
      SELECT count(*), array_agg(DISTINCT m.position ORDER BY m.position) INTO matching, found
        FROM (SELECT c.position FROM (
          SELECT m.position, m.index FROM unnest(types) AS t(name) CROSS JOIN LATERAL (
            SELECT e.position, e.index FROM "eventcore".events e
             WHERE e.type = t.name AND e.position <= top AND e.position >= p_after AND (e.position > p_after OR e.index > p_index) AND (types IS NULL OR e.type = ANY (types))
             AND (streams IS NULL OR e.stream_id = ANY (streams))
             AND (prefixes IS NULL OR EXISTS (SELECT FROM unnest(prefixes) AS p(prefix) WHERE starts_with(e.stream_id, p.prefix)))
             ORDER BY e.position, e.index LIMIT p_limit) m) c ORDER BY c.position, c.index LIMIT p_limit) m;
  ELSE
    SELECT count(*), max(l.position) INTO looked, top
      FROM (SELECT e.position FROM "eventcore".events e WHERE e.position <= safe AND e.position >= p_after AND (e.position > p_after OR e.index > p_index)
             ORDER BY e.position, e.index LIMIT CASE WHEN prefixes IS NULL THEN p_limit ELSE 20000 END) l;
    IF prefixes IS NOT NULL THEN
      
      SELECT count(*), array_agg(DISTINCT m.position ORDER BY m.position) INTO matching, found
        FROM (SELECT c.position FROM (SELECT e.position, e.index FROM "eventcore".events e WHERE e.position <= top AND e.position >= p_after AND (e.position > p_after OR e.index > p_index) AND (types IS NULL OR e.type = ANY (types))
             AND (streams IS NULL OR e.stream_id = ANY (streams))
             AND (prefixes IS NULL OR EXISTS (SELECT FROM unnest(prefixes) AS p(prefix) WHERE starts_with(e.stream_id, p.prefix)))) c ORDER BY c.position, c.index LIMIT p_limit) m;
    END IF;
  END IF;
  IF matching >= p_limit THEN top := found[cardinality(found)]; END IF;

  IF types IS NULL AND streams IS NULL AND prefixes IS NULL THEN
    
    SELECT string_agg(format('["%s",%s,%s,%s,%s,%s,%s,%s%s]',
           g.event_id, to_json(g.stream_id), g.version, g.position, g.index,
           to_json(g.type), g.schema_version, g.data,
           CASE WHEN g.opens THEN format(',%s,"%s",%s,%s%s', (extract(epoch FROM g.recorded_at) * 1000)::bigint, g.command_id,
             coalesce(to_json(g.correlation_id)::text, 'null'), coalesce(to_json(g.causation_id)::text, 'null'),
             CASE WHEN g.metadata_bytes IS NULL THEN ''
                  WHEN g.index = 0 THEN ',' || g.metadata::text
                  ELSE (SELECT ',' || f.metadata::text FROM "eventcore".events f WHERE f.position = g.position AND f.index = 0)
             END) END), ',' ORDER BY g.position, g.index) FILTER (WHERE g.fits),
           CASE WHEN bool_and(g.fits) THEN top ELSE max(g.position) FILTER (WHERE g.fits) END
      INTO records, top
      FROM (SELECT w.*, coalesce(sum(w.weight) OVER (ORDER BY w.position RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) < p_bytes AS fits
              FROM (
          SELECT o.*, o.bytes + CASE WHEN o.opens THEN coalesce(o.metadata_bytes, 0) ELSE 0 END AS weight
            FROM (SELECT e.*, lag(e.position) OVER (ORDER BY e.position, e.index) IS DISTINCT FROM e.position AS opens FROM "eventcore".events e WHERE e.position <= top AND e.position >= p_after AND (e.position > p_after OR e.index > p_index)) o) w) g;
  ELSIF matching > 0 THEN
    
    SELECT string_agg(format('["%s",%s,%s,%s,%s,%s,%s,%s%s]',
           g.event_id, to_json(g.stream_id), g.version, g.position, g.index,
           to_json(g.type), g.schema_version, g.data,
           CASE WHEN g.opens THEN format(',%s,"%s",%s,%s%s', (extract(epoch FROM g.recorded_at) * 1000)::bigint, g.command_id,
             coalesce(to_json(g.correlation_id)::text, 'null'), coalesce(to_json(g.causation_id)::text, 'null'),
             CASE WHEN g.metadata_bytes IS NULL THEN ''
                  WHEN g.index = 0 THEN ',' || g.metadata::text
                  ELSE (SELECT ',' || f.metadata::text FROM "eventcore".events f WHERE f.position = g.position AND f.index = 0)
             END) END), ',' ORDER BY g.position, g.index) FILTER (WHERE g.fits),
           CASE WHEN bool_and(g.fits) THEN top ELSE max(g.position) FILTER (WHERE g.fits) END
      INTO records, top
      FROM (SELECT w.*, coalesce(sum(w.weight) OVER (ORDER BY w.position RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) < p_bytes AS fits
              FROM (
          SELECT o.*, o.bytes + CASE WHEN o.opens THEN coalesce(o.metadata_bytes, 0) ELSE 0 END AS weight
            FROM (SELECT e.*, lag(e.position) OVER (ORDER BY e.position, e.index) IS DISTINCT FROM e.position AS opens FROM "eventcore".events e WHERE e.position = ANY (found) AND e.position >= p_after AND (e.position > p_after OR e.index > p_index) AND (types IS NULL OR e.type = ANY (types))
             AND (streams IS NULL OR e.stream_id = ANY (streams))
             AND (prefixes IS NULL OR EXISTS (SELECT FROM unnest(prefixes) AS p(prefix) WHERE starts_with(e.stream_id, p.prefix)))) o) w) g;
  END IF;

  SELECT e.position, e.index INTO up_to, up_to_index FROM "eventcore".events e
   WHERE e.position <= top AND e.position >= p_after AND (e.position > p_after OR e.index > p_index) ORDER BY e.position DESC, e.index DESC LIMIT 1;
  held_up := CASE WHEN up_to IS NULL THEN 'yes' END;
END $function$;

CREATE OR REPLACE FUNCTION eventcore.end_stalled(p_limit_ms text, p_streams text)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  RETURN (
    SELECT count(*) FILTER (WHERE pg_terminate_backend(a.pid)) FROM pg_stat_activity a
     -- In the middle of a call, and not idle, which has timeouts of its own.
     WHERE a.state = 'active' AND a.wait_event_type = 'Client'
       AND a.xact_start < clock_timestamp() - p_limit_ms::float8 * interval '1 ms'
       AND pg_has_role(a.usesysid, 'USAGE')
       AND a.pid IN (
         SELECT l.pid FROM pg_locks l WHERE l.locktype = 'advisory' AND l.objsubid = 1
     AND l.classid::bigint >> 16 = "eventcore".low_water_key(0) >> 48
     AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
         UNION ALL
         SELECT l.pid FROM pg_locks l WHERE l.granted AND l.locktype = 'advisory' AND l.objsubid = 1 AND l.classid::bigint >> 16 = 4096
     AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
         UNION ALL
         SELECT l.pid FROM pg_locks l
          WHERE l.locktype = 'relation' AND l.relation = '"eventcore".checkpoints'::regclass AND l.mode = 'RowExclusiveLock'
            AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
         UNION ALL
         SELECT l.pid FROM pg_locks l JOIN unnest(string_to_array(p_streams, E'\x1f')) AS s(id)
             ON (l.classid::bigint << 32 | l.objid::bigint) = "eventcore".stream_key(s.id)
          WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
            AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())));
END $function$;

CREATE OR REPLACE FUNCTION eventcore.load_checkpoint(p_consumer text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
BEGIN
  RETURN (SELECT c.position FROM "eventcore".checkpoints c WHERE c.consumer = p_consumer);
END $function$;

CREATE OR REPLACE FUNCTION eventcore.save_checkpoint(p_consumer text, p_position text, p_fence bigint)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
BEGIN
  IF p_fence IS NOT NULL THEN
    PERFORM FROM "eventcore".leases l WHERE l.consumer = p_consumer AND l.fence = p_fence FOR SHARE;
    IF NOT FOUND THEN
      RETURN 'lost';
    END IF;
  END IF;
  INSERT INTO "eventcore".checkpoints AS c (consumer, position) VALUES (p_consumer, p_position)
  ON CONFLICT (consumer) DO UPDATE SET position = excluded.position, saved_at = clock_timestamp();
  RETURN 'saved';
END $function$;

CREATE OR REPLACE FUNCTION eventcore.acquire_lease(p_consumer text, p_holder text, p_ms double precision)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
DECLARE
  granted bigint;
BEGIN
  INSERT INTO "eventcore".leases AS l (consumer, holder, fence, expires_at)
  VALUES (p_consumer, p_holder, 1, clock_timestamp() + p_ms * interval '1 ms')
  ON CONFLICT (consumer) DO UPDATE SET holder = excluded.holder, fence = l.fence + 1, expires_at = clock_timestamp() + p_ms * interval '1 ms'
    WHERE l.expires_at <= clock_timestamp() OR l.holder = excluded.holder
  RETURNING l.fence INTO granted;
  RETURN granted;
END $function$;

CREATE OR REPLACE FUNCTION eventcore.take_lease_over(p_consumer text, p_holder text, p_ms double precision)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
DECLARE
  granted bigint;
BEGIN
  INSERT INTO "eventcore".leases AS l (consumer, holder, fence, expires_at)
  VALUES (p_consumer, p_holder, 1, clock_timestamp() + p_ms * interval '1 ms')
  ON CONFLICT (consumer) DO UPDATE SET holder = excluded.holder, fence = l.fence + 1, expires_at = clock_timestamp() + p_ms * interval '1 ms'
  RETURNING l.fence INTO granted;
  RETURN granted;
END $function$;

CREATE OR REPLACE FUNCTION eventcore.renew_lease(p_consumer text, p_fence bigint, p_ms double precision)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
BEGIN
  UPDATE "eventcore".leases l SET expires_at = clock_timestamp() + p_ms * interval '1 ms'
   WHERE l.consumer = p_consumer AND l.fence = p_fence AND l.expires_at > clock_timestamp();
  RETURN FOUND;
END $function$;

CREATE OR REPLACE FUNCTION eventcore.release_lease(p_consumer text, p_fence bigint)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
BEGIN
  UPDATE "eventcore".leases l SET expires_at = '-infinity' WHERE l.consumer = p_consumer AND l.fence = p_fence;
  RETURN FOUND;
END $function$;

CREATE OR REPLACE FUNCTION eventcore.lease_holder(p_consumer text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
BEGIN
  RETURN (SELECT l.holder FROM "eventcore".leases l WHERE l.consumer = p_consumer AND l.expires_at > clock_timestamp());
END $function$;

CREATE OR REPLACE FUNCTION eventcore.load_rows(p_table text, p_keys text, OUT keys text, OUT datas text)
 RETURNS record
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
BEGIN
  SELECT string_agg(r.key, E'\x1f'), string_agg(r.data::text, ',') INTO keys, datas
    FROM "eventcore".rows r WHERE r.table_name = p_table AND r.key = ANY (string_to_array(p_keys, E'\x1f'));
END $function$;

CREATE OR REPLACE FUNCTION eventcore.list_rows(p_table text, p_after text, p_limit bigint)
 RETURNS TABLE(key text, data text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    SELECT r.key, r.data::text FROM "eventcore".rows r
     WHERE r.table_name = p_table AND r.key > coalesce(p_after, '') ORDER BY r.key LIMIT p_limit;
END $function$;

CREATE OR REPLACE FUNCTION eventcore.count_rows(p_table text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
BEGIN
  RETURN (SELECT count(*) FROM "eventcore".rows r WHERE r.table_name = p_table);
END $function$;

CREATE OR REPLACE FUNCTION eventcore.take_step(p_consumer text, p_from text, p_to text, p_fence bigint, p_clear text, p_tables text, p_counts text, p_keys text, p_rows text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
DECLARE
  tables   text[] := string_to_array(p_tables, E'\x1f');
  counts   int[]  := p_counts;
  all_keys text[] := string_to_array(p_keys, E'\x1f');
  all_rows text[] := string_to_array(p_rows, E'\x1f', '-');
  keys     text[];
  rows     text[];
  last     int := 0;
  stands   text;
BEGIN
  IF p_fence IS NOT NULL THEN
    PERFORM FROM "eventcore".leases l WHERE l.consumer = p_consumer AND l.fence = p_fence FOR SHARE;
    IF NOT FOUND THEN
      RETURN 'lost';
    END IF;
  END IF;

  INSERT INTO "eventcore".checkpoints (consumer, position) VALUES (p_consumer, '') ON CONFLICT (consumer) DO NOTHING;
  SELECT c.position INTO stands FROM "eventcore".checkpoints c WHERE c.consumer = p_consumer FOR NO KEY UPDATE;
  IF stands <> p_from THEN
    RETURN 'moved ' || stands;
  END IF;

  -- What somebody was told is handled, or rejected, has to be so after a crash, whatever a role's or a database's defaults say.
  IF current_setting('synchronous_commit') = 'off' THEN
    PERFORM set_config('synchronous_commit', 'on', true);
  END IF;

  IF p_clear <> '' THEN
    DELETE FROM "eventcore".rows r WHERE r.table_name = ANY (string_to_array(p_clear, E'\x1f'));
  END IF;

  FOR t IN 1 .. cardinality(tables) LOOP
    keys := all_keys[last + 1 : last + counts[t]];
    rows := all_rows[last + 1 : last + counts[t]];
    last := last + counts[t];
    INSERT INTO "eventcore".rows AS r (table_name, key, data)
    SELECT tables[t], u.key, u.data::jsonb FROM unnest(keys, rows) AS u(key, data) WHERE u.data IS NOT NULL
    ON CONFLICT (table_name, key) DO UPDATE SET data = excluded.data;
    -- By the index, whatever a plan thinks of a table that was just filled.
    DELETE FROM "eventcore".rows r
     WHERE r.table_name = tables[t] AND r.key = ANY (ARRAY(SELECT u.key FROM unnest(keys, rows) AS u(key, data) WHERE u.data IS NULL));
  END LOOP;

  UPDATE "eventcore".checkpoints c SET position = p_to, saved_at = clock_timestamp() WHERE c.consumer = p_consumer;
  RETURN 'taken';
END $function$;

CREATE OR REPLACE FUNCTION eventcore.feed_head(OUT number text, OUT nth text)
 RETURNS record
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
BEGIN
  SELECT e.position, e.index INTO number, nth FROM "eventcore".events e ORDER BY e.position DESC, e.index DESC LIMIT 1;
END $function$;

CREATE OR REPLACE FUNCTION eventcore.find_events(id_kind text, id text, p_after bigint, p_limit bigint, p_bytes bigint, OUT records text, OUT up_to text)
 RETURNS record
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
DECLARE
  -- As it was written by whoever chose it, so that another way to write a UUID is another text.
  as_uuid uuid := CASE WHEN id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' THEN id::uuid END;
  found   bigint[];
  top     bigint;
BEGIN
  CASE id_kind
  WHEN 'event' THEN
    
    SELECT string_agg(format('["%s",%s,%s,%s,%s,%s,%s,%s%s]',
           g.event_id, to_json(g.stream_id), g.version, g.position, g.index,
           to_json(g.type), g.schema_version, g.data,
           CASE WHEN g.opens THEN format(',%s,"%s",%s,%s%s', (extract(epoch FROM g.recorded_at) * 1000)::bigint, g.command_id,
             coalesce(to_json(g.correlation_id)::text, 'null'), coalesce(to_json(g.causation_id)::text, 'null'),
             CASE WHEN g.metadata_bytes IS NULL THEN ''
                  WHEN g.index = 0 THEN ',' || g.metadata::text
                  ELSE (SELECT ',' || f.metadata::text FROM "eventcore".events f WHERE f.position = g.position AND f.index = 0)
             END) END), ',' ORDER BY g.position, g.index) FILTER (WHERE g.fits),
           CASE WHEN bool_and(g.fits) THEN top ELSE max(g.position) FILTER (WHERE g.fits) END
      INTO records, top
      FROM (SELECT w.*, coalesce(sum(w.weight) OVER (ORDER BY w.position RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) < p_bytes AS fits
              FROM (
          SELECT o.*, o.bytes + CASE WHEN o.opens THEN coalesce(o.metadata_bytes, 0) ELSE 0 END AS weight
            FROM (SELECT e.*, lag(e.position) OVER (ORDER BY e.position, e.index) IS DISTINCT FROM e.position AS opens FROM "eventcore".events e WHERE e.event_id = as_uuid) o) w) g;
    RETURN;
  WHEN 'command' THEN found := ARRAY(SELECT f.position FROM "eventcore".events f WHERE f.command_id = as_uuid AND f.index = 0);
  WHEN 'correlation' THEN found := ARRAY(
      (SELECT f.position FROM "eventcore".events f
        WHERE f.index = 0 AND f.correlation_id IS NOT NULL AND f.correlation_id = id AND f.position > p_after ORDER BY f.position LIMIT p_limit)
      UNION ALL
      SELECT f.position FROM "eventcore".events f WHERE f.index = 0 AND f.correlation_id IS NULL AND f.command_id = as_uuid AND f.position > p_after
      ORDER BY 1 LIMIT p_limit);
  WHEN 'causation' THEN found := ARRAY(
      (SELECT f.position FROM "eventcore".events f
        WHERE f.index = 0 AND f.causation_id IS NOT NULL AND f.causation_id = id AND f.position > p_after ORDER BY f.position LIMIT p_limit)
      UNION ALL
      SELECT f.position FROM "eventcore".events f WHERE f.index = 0 AND f.causation_id IS NULL AND f.command_id = as_uuid AND f.position > p_after
      ORDER BY 1 LIMIT p_limit);
  END CASE;

  IF cardinality(found) = p_limit THEN top := found[p_limit]; END IF;
  
    SELECT string_agg(format('["%s",%s,%s,%s,%s,%s,%s,%s%s]',
           g.event_id, to_json(g.stream_id), g.version, g.position, g.index,
           to_json(g.type), g.schema_version, g.data,
           CASE WHEN g.opens THEN format(',%s,"%s",%s,%s%s', (extract(epoch FROM g.recorded_at) * 1000)::bigint, g.command_id,
             coalesce(to_json(g.correlation_id)::text, 'null'), coalesce(to_json(g.causation_id)::text, 'null'),
             CASE WHEN g.metadata_bytes IS NULL THEN ''
                  WHEN g.index = 0 THEN ',' || g.metadata::text
                  ELSE (SELECT ',' || f.metadata::text FROM "eventcore".events f WHERE f.position = g.position AND f.index = 0)
             END) END), ',' ORDER BY g.position, g.index) FILTER (WHERE g.fits),
           CASE WHEN bool_and(g.fits) THEN top ELSE max(g.position) FILTER (WHERE g.fits) END
      INTO records, top
      FROM (SELECT w.*, coalesce(sum(w.weight) OVER (ORDER BY w.position RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) < p_bytes AS fits
              FROM (
          SELECT o.*, o.bytes + CASE WHEN o.opens THEN coalesce(o.metadata_bytes, 0) ELSE 0 END AS weight
            FROM (SELECT e.*, lag(e.position) OVER (ORDER BY e.position, e.index) IS DISTINCT FROM e.position AS opens FROM "eventcore".events e WHERE e.position = ANY (found)) o) w) g;
  up_to := top;
END $function$;

CREATE OR REPLACE FUNCTION eventcore.list_streams(prefix text, p_after text, p_limit bigint)
 RETURNS TABLE(id text, version_now text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
DECLARE
  last text COLLATE "C" := coalesce(p_after, '');
BEGIN
  -- The prefix itself may be a stream's id, and is the first in order of all that begin with it.
  SELECT e.stream_id INTO id FROM "eventcore".events e
   WHERE e.stream_id >= prefix COLLATE "C" AND e.stream_id > last ORDER BY e.stream_id LIMIT 1;
  FOR n IN 1 .. p_limit LOOP
    EXIT WHEN id IS NULL OR NOT starts_with(id, prefix);
    version_now := (SELECT max(e.version) FROM "eventcore".events e WHERE e.stream_id = id);
    RETURN NEXT;
    last := id;
    SELECT e.stream_id INTO id FROM "eventcore".events e WHERE e.stream_id > last ORDER BY e.stream_id LIMIT 1;
  END LOOP;
END $function$;

CREATE OR REPLACE FUNCTION eventcore.count_events(p_from bigint, p_from_index integer, p_to bigint, p_to_index integer, OUT events text, OUT exact text)
 RETURNS record
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
DECLARE
  counted bigint;
  reached bigint;
BEGIN
  SELECT count(*), max(e.position) INTO counted, reached
    FROM (SELECT e.position FROM "eventcore".events e
           WHERE (e.position, e.index) > (p_from, p_from_index) AND (e.position, e.index) <= (p_to, p_to_index)
           ORDER BY e.position, e.index LIMIT 50000) e;
  exact := (counted < 50000)::text;
  -- As dense as in the part that was counted.
  events := CASE WHEN counted < 50000 THEN counted
                 ELSE (counted * ((p_to - p_from)::float8 / greatest(1, reached - p_from)))::bigint END::text;
END $function$;

CREATE OR REPLACE FUNCTION eventcore.erase(events uuid[], data_instead jsonb, reason text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
   WHERE NOT EXISTS (SELECT FROM "eventcore".events e WHERE e.event_id = named.id) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'there is no event %, and nothing was erased', coalesce(unknown::text, 'NULL') USING ERRCODE = 'EC002';
  END IF;

  INSERT INTO "eventcore".erasures (command_id, event_id, stream_id, version, reason)
  SELECT e.command_id, e.event_id, e.stream_id, e.version, erase.reason FROM "eventcore".events e WHERE e.event_id = ANY (erase.events)
      ON CONFLICT DO NOTHING;
  -- Pages go by bytes: never fewer than there are.
  UPDATE "eventcore".events e
     SET data = data_instead,
         bytes = greatest(octet_length(data_instead::text), e.bytes + octet_length(data_instead::text) - octet_length(e.data::text), e.bytes)
   WHERE e.event_id = ANY (erase.events);
  UPDATE "eventcore".events e SET fingerprint = NULL
   WHERE e.index = 0 AND e.fingerprint IS NOT NULL
     AND e.command_id IN (SELECT f.command_id FROM "eventcore".events f WHERE f.event_id = ANY (erase.events));
END $function$;

CREATE TRIGGER erasures_are_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON eventcore.erasures FOR EACH STATEMENT EXECUTE FUNCTION eventcore.refuse_change();
ALTER TABLE eventcore.erasures ENABLE ALWAYS TRIGGER erasures_are_immutable;

CREATE TRIGGER events_are_immutable BEFORE DELETE OR TRUNCATE ON eventcore.events FOR EACH STATEMENT EXECUTE FUNCTION eventcore.refuse_change();
ALTER TABLE eventcore.events ENABLE ALWAYS TRIGGER events_are_immutable;

CREATE TRIGGER events_change_on_record BEFORE UPDATE ON eventcore.events FOR EACH ROW EXECUTE FUNCTION eventcore.refuse_unrecorded_change();
ALTER TABLE eventcore.events ENABLE ALWAYS TRIGGER events_change_on_record;

COMMENT ON TABLE eventcore.events IS 'Immutable, but for erase. Written by the function append alone: an INSERT that draws a position by itself makes consumers skip events.';

COMMENT ON COLUMN eventcore.events.bytes IS 'The size of data as the text that readers are given, so that pages can be bounded without unpacking it.';

COMMENT ON COLUMN eventcore.events.metadata_bytes IS 'The size of the command''s metadata as text, with each of its events. NULL: none.';

COMMENT ON COLUMN eventcore.events.metadata IS 'Of the command, with its first event alone (index 0). NULL there: none.';

COMMENT ON COLUMN eventcore.events.correlation_id IS 'NULL: the command id.';

COMMENT ON COLUMN eventcore.events.causation_id IS 'NULL: the command id.';

COMMENT ON COLUMN eventcore.events.fingerprint IS 'Of the command, with its first event alone. NULL there: matches any.';

GRANT USAGE ON SCHEMA eventcore TO application;

GRANT SELECT ON SEQUENCE eventcore.position_sequence TO application;

GRANT SELECT ON TABLE eventcore.checkpoints TO application;

GRANT SELECT ON TABLE eventcore.erasures TO application;

GRANT SELECT ON TABLE eventcore.events TO application;

GRANT SELECT ON TABLE eventcore.leases TO application;

GRANT SELECT ON TABLE eventcore.migrations TO application;

GRANT SELECT ON TABLE eventcore.rows TO application;

GRANT EXECUTE ON FUNCTION eventcore.acquire_lease(text,text,double precision) TO application;

GRANT EXECUTE ON FUNCTION eventcore.append(text,text,text,text,text,text,text,text,text,text,text,text,text,text,text,text,text,text,text,text,text,boolean) TO application;

GRANT EXECUTE ON FUNCTION eventcore.count_events(bigint,integer,bigint,integer) TO application;

GRANT EXECUTE ON FUNCTION eventcore.count_rows(text) TO application;

GRANT EXECUTE ON FUNCTION eventcore.end_stalled(text,text) TO application;

GRANT EXECUTE ON FUNCTION eventcore.eventcore_store_number() TO application;

GRANT EXECUTE ON FUNCTION eventcore.feed_head() TO application;

GRANT EXECUTE ON FUNCTION eventcore.find_events(text,text,bigint,bigint,bigint) TO application;

GRANT EXECUTE ON FUNCTION eventcore.guard_transaction(boolean) TO application;

GRANT EXECUTE ON FUNCTION eventcore.hold(text,text,text,boolean,text,boolean) TO application;

GRANT EXECUTE ON FUNCTION eventcore.lease_holder(text) TO application;

GRANT EXECUTE ON FUNCTION eventcore.list_rows(text,text,bigint) TO application;

GRANT EXECUTE ON FUNCTION eventcore.list_streams(text,text,bigint) TO application;

GRANT EXECUTE ON FUNCTION eventcore.load_checkpoint(text) TO application;

GRANT EXECUTE ON FUNCTION eventcore.load_rows(text,text) TO application;

GRANT EXECUTE ON FUNCTION eventcore.lock_streams(text[],boolean[]) TO application;

GRANT EXECUTE ON FUNCTION eventcore.low_water_key(bigint) TO application;

GRANT EXECUTE ON FUNCTION eventcore.oversize_of(integer[],integer) TO application;

GRANT EXECUTE ON FUNCTION eventcore.read(text,text,text,text,boolean,text,text) TO application;

GRANT EXECUTE ON FUNCTION eventcore.read_feed(bigint,integer,bigint,bigint,text,text,text) TO application;

GRANT EXECUTE ON FUNCTION eventcore.recorded_command(uuid) TO application;

GRANT EXECUTE ON FUNCTION eventcore.refuse_change() TO application;

GRANT EXECUTE ON FUNCTION eventcore.refuse_unrecorded_change() TO application;

GRANT EXECUTE ON FUNCTION eventcore.release_lease(text,bigint) TO application;

GRANT EXECUTE ON FUNCTION eventcore.renew_lease(text,bigint,double precision) TO application;

GRANT EXECUTE ON FUNCTION eventcore.safe_position() TO application;

GRANT EXECUTE ON FUNCTION eventcore.save_checkpoint(text,text,bigint) TO application;

GRANT EXECUTE ON FUNCTION eventcore.stream_key(text) TO application;

GRANT EXECUTE ON FUNCTION eventcore.take_lease_over(text,text,double precision) TO application;

GRANT EXECUTE ON FUNCTION eventcore.take_step(text,text,text,bigint,text,text,text,text,text) TO application;

GRANT EXECUTE ON FUNCTION eventcore.version_at(text,bigint) TO application;

GRANT EXECUTE ON FUNCTION eventcore.wide_key(integer) TO application;
