/** All that an execution is given, decided before it begins. */
import type { CommandMethods } from '../command/compiled-command.js';
import type { CommandParts } from '../command/command-logic.js';
import { toJson, type Json } from '../event/json.js';
import type { CommandId } from '../event/recorded-event.js';
import { observers, type ExecutionHooks, type Notify } from '../observe/hooks.js';
import { checkMetadataSize, MAX_STREAMS, noMetadata, tracingId, uuid } from '../store/append.js';
import type { EventStore } from '../store/event-store.js';
import { sharesCalls } from '../store/sharing.js';
import type { OnUnknownEvent } from '../stream/fold.js';
import { parserOf } from '../stream/standard-schema.js';
import { checkRetryPolicy, exponentialBackoff, type RetryPolicy } from '../command/retry-policy.js';
import { systemRuntime, type Runtime } from '../runtime/runtime.js';

export interface ExecuteOptions<Metadata = unknown> {
  /** Makes sending again harmless: a command that was applied under this id isn't decided again. Any UUID; see `commandIdFrom`. */
  readonly commandId?: string;
  /** Ties together what belongs to one request or process; the command id, unless given. */
  readonly correlationId?: string;
  /** What led to this command, such as an event's id; the command id, unless given. */
  readonly causationId?: string;
  /** Custom metadata, kept with every event. The store may have a schema for it. */
  readonly metadata?: Metadata;
  /** Ends the execution; once the append was sent, only the waiting for its answer. */
  readonly signal?: AbortSignal;
  /** The moment after which nobody needs the answer: a Date, or milliseconds since the epoch. */
  readonly deadline?: Date | number;
  /** Overrides the command's own policy, and the default. */
  readonly retry?: RetryPolicy;
  readonly hooks?: ExecutionHooks;
  readonly runtime?: Runtime;
  /**
   * `false` executes this command by itself: it reads its streams afresh, and its append is a commit of its own. By default
   * commands that are under way at the same time share calls and commits, on stores that were told to, or where that costs less.
   */
  readonly share?: boolean;
  /** A hit on the command id is the receipt, whatever is being executed: for ids that were derived from an event. */
  readonly anyFingerprint?: boolean;
}

export interface ExecutionPlan {
  readonly parts: CommandParts;
  readonly command: CommandMethods;
  readonly commandId: CommandId;
  /** Whether the caller gave the id: then it is looked up before anything is decided. */
  readonly idGiven: boolean;
  readonly anyFingerprint: boolean;
  readonly correlationId: string;
  readonly causationId: string;
  readonly metadata: Json;
  readonly retry: RetryPolicy;
  readonly runtime: Runtime;
  readonly canHold: boolean;
  readonly shares: boolean;
  /** How many streams the command may name. */
  readonly maxStreams: number;
  readonly onUnknownEvent: OnUnknownEvent;
  readonly notify: Notify | undefined;
}

const standardRetry = exponentialBackoff();

/** @throws `ValidationError` for ids and metadata that aren't valid. */
export function planOf(
  parts: CommandParts,
  command: object,
  store: EventStore,
  options: ExecuteOptions,
): ExecutionPlan {
  const { runtime = systemRuntime, commandId: given, correlationId, causationId, retry } = options;
  const commandId = (given === undefined ? runtime.uuid() : uuid('The command id', given)) as CommandId;
  const metadata = metadataFor(store, options.metadata);
  checkMetadataSize(metadata);
  return {
    parts,
    command: command as CommandMethods,
    commandId,
    idGiven: given !== undefined,
    anyFingerprint: options.anyFingerprint ?? false,
    correlationId: correlationId === undefined ? commandId : tracingId('The correlation id', correlationId),
    causationId: causationId === undefined ? commandId : tracingId('The causation id', causationId),
    metadata,
    retry: retry === undefined ? (parts.definition.retry ?? standardRetry) : checkRetryPolicy(retry, 'this call'),
    runtime,
    canHold: store.hold !== undefined,
    shares: options.share ?? sharesCalls(store),
    maxStreams: Math.min(MAX_STREAMS, store.limits?.streams ?? MAX_STREAMS),
    onUnknownEvent: store.settings?.onUnknownEvent ?? 'throw',
    notify: observers(options.hooks),
  };
}

function metadataFor(store: EventStore, metadata: unknown): Json {
  const schema = store.settings?.metadata;
  if (schema !== undefined) return parserOf(schema, "The store's metadata")(metadata, 'metadata') ?? noMetadata;
  return metadata === undefined ? noMetadata : toJson(metadata, 'metadata');
}
