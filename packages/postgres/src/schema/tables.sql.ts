/**
 * What is kept: one table of events, one sequence, for consumers their checkpoints, leases and rows, and the log of erasures.
 *
 * There is no table of streams, since its hot rows would bloat (a fifth of the cost of an append), no column for
 * transaction ids, since those break on dump and restore, and no trigger that fires for each row.
 */
import { sql, type SchemaName } from '../sql/sql.js';

export function tables(schema: SchemaName): readonly string[] {
  return [
    // CACHE 1 is what the order of the feed rests on: a cached number could be used by a later transaction.
    sql`CREATE SEQUENCE ${schema}.position_sequence AS bigint MINVALUE 1 CACHE 1 NO CYCLE`,

    // Columns of fixed width come first: no bytes are lost to alignment. One number is drawn for each command; its
    // events share it as their position, and stand together by their index.
    sql`CREATE TABLE ${schema}.events (
  position       bigint      NOT NULL,
  version        bigint      NOT NULL,
  recorded_at    timestamptz NOT NULL,
  event_id       uuid        NOT NULL,
  command_id     uuid        NOT NULL,
  index          integer     NOT NULL,
  bytes          integer     NOT NULL,
  metadata_bytes integer,
  schema_version smallint    NOT NULL,
  stream_id      text COLLATE "C" NOT NULL,
  type           text COLLATE "C" NOT NULL,
  data           jsonb       NOT NULL,
  metadata       jsonb,
  correlation_id text COLLATE "C",
  causation_id   text COLLATE "C",
  fingerprint    text COLLATE "C",
  CONSTRAINT events_pkey PRIMARY KEY (position, index),
  CONSTRAINT events_stream_version_key UNIQUE (stream_id, version)
) WITH (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)`,

    // The last word on whether a command was applied: one entry a command, not one an event.
    sql`CREATE UNIQUE INDEX events_command_id_key ON ${schema}.events (command_id) WHERE index = 0`,
    // For consumers that want few of many types.
    sql`CREATE INDEX events_type_idx ON ${schema}.events (type, position, index)`,
    // For tracing. A correlation or causation that is the command's own id, as most are, isn't stored and costs nothing.
    sql`CREATE INDEX events_event_id_idx ON ${schema}.events (event_id)`,
    sql`CREATE INDEX events_correlation_id_idx ON ${schema}.events (correlation_id, position) WHERE index = 0 AND correlation_id IS NOT NULL`,
    sql`CREATE INDEX events_causation_id_idx ON ${schema}.events (causation_id, position) WHERE index = 0 AND causation_id IS NOT NULL`,

    sql`COMMENT ON TABLE ${schema}.events IS 'Immutable, but for erase. Written by the function append alone: an INSERT that draws a position by itself makes consumers skip events.'`,
    sql`COMMENT ON COLUMN ${schema}.events.bytes IS 'The size of data as the text that readers are given, so that pages can be bounded without unpacking it.'`,
    sql`COMMENT ON COLUMN ${schema}.events.metadata IS 'Of the command, with its first event alone (index 0). NULL there: none.'`,
    sql`COMMENT ON COLUMN ${schema}.events.metadata_bytes IS 'The size of the command''s metadata as text, with each of its events. NULL: none.'`,
    sql`COMMENT ON COLUMN ${schema}.events.correlation_id IS 'NULL: the command id.'`,
    sql`COMMENT ON COLUMN ${schema}.events.causation_id IS 'NULL: the command id.'`,
    sql`COMMENT ON COLUMN ${schema}.events.fingerprint IS 'Of the command, with its first event alone. NULL there: matches any.'`,

    sql`CREATE TABLE ${schema}.checkpoints (
  consumer text COLLATE "C" PRIMARY KEY,
  position text COLLATE "C" NOT NULL,
  saved_at timestamptz NOT NULL DEFAULT clock_timestamp()
)`,

    // The fence of a lease that is over stays the current one until the next grant, so rows are never deleted.
    sql`CREATE TABLE ${schema}.leases (
  consumer   text COLLATE "C" PRIMARY KEY,
  holder     text        NOT NULL,
  fence      bigint      NOT NULL,
  expires_at timestamptz NOT NULL
)`,

    // Of read models, dead letters, verdicts. The room in each page lets a row that changes stay in it, so that no index has to.
    sql`CREATE TABLE ${schema}.rows (
  table_name text COLLATE "C" NOT NULL,
  key        text COLLATE "C" NOT NULL,
  data       jsonb NOT NULL,
  CONSTRAINT rows_pkey PRIMARY KEY (table_name, key)
) WITH (fillfactor = 80)`,

    // What was forgotten of events, by whom and why. A row allows a change of its event, in the transaction that has written it.
    sql`CREATE TABLE ${schema}.erasures (
  command_id uuid NOT NULL,
  event_id   uuid NOT NULL,
  stream_id  text COLLATE "C" NOT NULL,
  version    bigint NOT NULL,
  erased_at  timestamptz NOT NULL DEFAULT transaction_timestamp(),
  erased_by  text NOT NULL DEFAULT session_user,
  reason     text NOT NULL,
  CONSTRAINT erasures_pkey PRIMARY KEY (command_id, event_id, erased_at)
)`,

    sql`CREATE TABLE ${schema}.migrations (
  version    integer PRIMARY KEY,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
)`,
  ];
}
