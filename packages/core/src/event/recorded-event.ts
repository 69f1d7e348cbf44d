/** Events as a store gives them back: lean ones for folding, and whole records. */
import type { StreamId } from './stream-id.js';
import type { Json } from './json.js';
import type { Position, Version } from './position.js';

declare const brand: unique symbol;

/** Names an execution: what makes sending it again harmless. Any UUID. */
export type CommandId = string & { readonly [brand]: 'CommandId' };

/** Names an event. A UUIDv7: identity, never order. */
export type EventId = string & { readonly [brand]: 'EventId' };

/** What folding needs of an event, and nothing else: what isn't fetched and decoded is half of a client's work. */
export interface LeanEvent {
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: Json;
}

/** An immutable fact, with all that is known of how it came to be. */
export interface RecordedEvent<Type extends string = string, Data = Json, Metadata = Json> {
  readonly id: EventId;
  readonly stream: StreamId;
  readonly version: Version;
  readonly position: Position;
  readonly type: Type;
  readonly schemaVersion: number;
  readonly data: Data;
  /**
   * When it was committed, as near to the commit as the engine allows, and by the store's clock where it has one; for people, never
   * for order: clocks differ, and are set back.
   */
  readonly recordedAt: string;
  readonly commandId: CommandId;
  readonly correlationId: string;
  readonly causationId: string;
  /** What its command carried beside its inputs. */
  readonly metadata: Metadata;
}

/** What a receipt says of an event: everything but its contents. */
export interface EventReceipt {
  readonly id: EventId;
  readonly stream: StreamId;
  readonly type: string;
  readonly version: Version;
  readonly position: Position;
  readonly recordedAt: string;
}

/** What a store answers for a command that is recorded. */
export interface AppendReceipt {
  readonly commandId: CommandId;
  /** As it was recorded: a duplicate has the first one's, by which its events are found. */
  readonly correlationId: string;
  /** Whether it was recorded earlier, by an append under the same command id. */
  readonly duplicate: boolean;
  readonly events: readonly EventReceipt[];
  /** The new version of each stream that was written. */
  readonly versions: ReadonlyMap<StreamId, Version>;
  /** The position of the last event; `''` without events. */
  readonly position: Position;
}

/** That a command was applied, and as what. */
export interface CommandRecord {
  readonly commandId: CommandId;
  readonly fingerprint: Fingerprint;
  readonly receipt: AppendReceipt;
}

/** What a command id was first used for. Derived ids match anything: a hit is the receipt, whatever the payload. */
export type Fingerprint = string | { readonly any: true };
