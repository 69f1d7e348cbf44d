/**
 * `@eventcore/core`: event sourcing in which every command draws its own consistency boundary.
 *
 * In the order in which a command lives: streams, commands, decisions, execution, reading; then what can go wrong. What
 * consumes events is at home in `@eventcore/core/consumers`, what authors of stores need in `@eventcore/core/store`, and what
 * tools look at in `@eventcore/core/definitions`.
 */

// ---- streams: what is remembered
export {
  defineStream,
  type AppendOf,
  type Discovered,
  type EventOf,
  type EventUnion,
  type ReadOf,
  type Schemas,
  type StateIn,
  type StreamOf,
  type StreamsOf,
  type StreamType,
} from './stream/define-stream.js';
export { event, type EventOptions } from './stream/event-schema.js';
export type { DeepReadonly, NextState } from './stream/deep-readonly.js';
export type { IsJson, Jsonable } from './stream/json-type.js';
export type { Mistake } from './stream/mistake.js';
export type { InputOf, OutputOf } from './stream/standard-schema.js';
export { keyOf, parseStreamId, streamId, typeNameOf, type StreamId, type StreamKey } from './event/stream-id.js';
export type {
  AppendRef,
  DiscoveredStreams,
  ReadRef,
  Shape,
  StreamRef,
  TypedStreamId,
} from './stream/stream-reference.js';

// ---- commands: what is intended
export { Command } from './command/decorators/command.js';
export { Appends, Discovers, Reads, Stream, Streams } from './command/decorators/streams.js';
export { Input } from './command/decorators/input.js';
export type { ClassVerdict, InputDecorator, SaysOptional, StreamDecorator } from './command/decorators/verdicts.js';
export { CommandLogic, type madeWithNew } from './command/command-logic.js';
export type { PropertiesOf } from './command/properties.js';
export type {
  DiscoveryOf,
  EventsOf,
  EventsOfRef,
  FieldsOf,
  FoldedEvent,
  StateOf,
  StreamRole,
} from './command/field-roles.js';
export {
  appends,
  defineCommand,
  discovers,
  many,
  optional,
  reads,
  writes,
  type CommandContext,
  type DefinedCommand,
  type DefinedCommandClass,
  type Use,
} from './command/define-command.js';
export type { CommandOptions, StreamOptions } from './command/compiled-command.js';
export { commandIdFrom } from './command/command-id.js';

// ---- decisions: what is decided
export type { Context, Payload } from './command/context.js';
export { ensure, reject } from './decide/rules.js';

// ---- execution
export { execute, type AnyCommand } from './execute/execute.js';
export type { ExecuteOptions } from './execute/execution-plan.js';
export { stateFor } from './execute/state-for.js';
export type { Receipt } from './store/receipt.js';
export { exponentialBackoff, fixedDelay, noRetry, type RetryPolicy } from './command/retry-policy.js';
export { systemRuntime, type Runtime } from './runtime/runtime.js';
export {
  channelName,
  type ExecutionHooks,
  type ExecutionInfo,
  type ExecutionPhases,
  type Phase,
} from './observe/hooks.js';
export type { Hooks } from './observe/observers.js';

// ---- reading
export { load, readStream, streams, type LoadOptions } from './read/read-stream.js';
export { replay, type ReplayStep } from './read/replay.js';
export {
  subscribe,
  type Batch,
  type SubscribeOptions,
  type SubscribeToTypes,
  type Subscription,
} from './read/subscribe.js';

// ---- what stores hold
export type { EventFilter, EventStore } from './store/event-store.js';
export type { Carried, MetadataIn } from './store/metadata.js';
export { parsePosition, START, version, type Position, type Version } from './event/position.js';
export type { CommandId, EventId, RecordedEvent } from './event/recorded-event.js';
export type { Json } from './event/json.js';

// ---- what can go wrong: one family
export { EventCoreError, type ErrorContext, type ErrorOptions } from './errors/event-core-error.js';
export { isEventCoreError, type ErrorClass, type ErrorCode, type ErrorsByCode } from './errors/is-event-core-error.js';
export {
  BusinessRuleViolation,
  CapabilityMissing,
  CommandIdReused,
  DefinitionError,
  DiscoveryLimit,
  UndeclaredStream,
  UnknownEventType,
  InvalidDecision,
  ValidationError,
  type Issue,
  type Rule,
} from './errors/input-errors.js';
export {
  Aborted,
  DeadlineExceeded,
  Indeterminate,
  RetriesExhausted,
  VersionConflict,
  type StaleStream,
} from './errors/execution-errors.js';
export { ConsumerFailed, ConsumerOutdated, NotCaughtUp } from './errors/consumer-errors.js';
export {
  CheckpointMoved,
  LeaseLost,
  StoreClosed,
  StoreMisconfigured,
  StoreContractBroken,
  StoreUnavailable,
} from './errors/store-errors.js';
