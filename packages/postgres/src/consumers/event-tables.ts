/** The table of events, for those who read it with Kysely. */
import type { ColumnType } from 'kysely';

/** Events are written by the store alone. */
type ReadOnly<Type> = ColumnType<Type, never, never>;

/**
 * The table `events`, with the types that `pg` gives: numbers of eight bytes are texts, JSON is parsed.
 *
 * @example
 * ```ts
 * import type { EventsTable } from '@eventcore/postgres';
 * import type { Selectable } from 'kysely';
 *
 * export const describe = (event: Selectable<EventsTable>): string => `${event.stream_id} ${event.version}: ${event.type}`;
 * ```
 */
export interface EventsTable {
  /** The command's number in the store's order. Its events share it. */
  readonly position: ReadOnly<string>;
  /** Which of the command's events it is, from 0. */
  readonly index: ReadOnly<number>;
  readonly stream_id: ReadOnly<string>;
  readonly version: ReadOnly<string>;
  readonly type: ReadOnly<string>;
  readonly schema_version: ReadOnly<number>;
  readonly data: ReadOnly<unknown>;
  /** The command's, with the first of its events alone: the one whose index is 0. Null there: the command has none. */
  readonly metadata: ReadOnly<unknown>;
  readonly recorded_at: ReadOnly<Date>;
  readonly event_id: ReadOnly<string>;
  readonly command_id: ReadOnly<string>;
  /** Null: the command's id. */
  readonly correlation_id: ReadOnly<string | null>;
  /** Null: the command's id. */
  readonly causation_id: ReadOnly<string | null>;
}

/**
 * What to add to the tables that a Kysely knows, to read events beside one's own rows. For reports and for looking around:
 * rows come into sight in another order than that of their positions, so who follows events goes by the feed.
 *
 * @example
 * ```ts
 * import type { EventTables } from '@eventcore/postgres';
 * import type { Kysely } from 'kysely';
 *
 * interface Tables extends EventTables {
 *   readonly owners: { readonly stream_id: string; readonly name: string };
 * }
 *
 * export const lastEvents = (db: Kysely<Tables>) =>
 *   db
 *     .selectFrom('eventcore.events as event')
 *     .innerJoin('owners', 'owners.stream_id', 'event.stream_id')
 *     .select(['owners.name', 'event.type', 'event.data'])
 *     .orderBy('event.position', 'desc')
 *     .limit(10)
 *     .execute();
 * ```
 */
export type EventTables<Schema extends string = 'eventcore'> = {
  readonly [Table in `${Schema}.events`]: EventsTable;
};
