/**
 * `@eventcore/core`: event sourcing in which every command draws its own consistency boundary.
 *
 * In the order in which a command lives: streams, commands, decisions, execution, reading; then the contract of stores, and
 * the errors.
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
export { event, type Upcast } from './stream/event-schema.js';
export { draftEvent, type DraftedEvent } from './stream/draft-event.js';
export { eventDefinition, type EventDefinition } from './stream/event-definition.js';
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
export { definitionOf, type CommandDefinition, type DeclaredField } from './command/command-definition.js';
export { inputSchema } from './command/input-schema.js';
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
export { systemRuntime, type Runtime } from './execute/runtime.js';
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

// ---- consuming: projections, keyed read models, reactions
export { On } from './consume/decorators/on.js';
export { Projection } from './consume/decorators/projection.js';
export { Reaction } from './consume/decorators/reaction.js';
export type { HandlerDecorator, ProjectionVerdict, ReactionVerdict } from './consume/decorators/verdicts.js';
export {
  defineProjection,
  type ContextOf,
  type ProjectionDefinition,
  type ProjectionHandlers,
  type ProjectionStart,
} from './consume/define-projection.js';
export {
  defineReadModel,
  remove,
  type ReadModelDefinition,
  type ReadModelStart,
  type RowFolds,
  type RowKeys,
  type RowOf,
  type RowOptions,
} from './consume/define-read-model.js';
export {
  defineReaction,
  type Reacted,
  type ReactionContext,
  type ReactionDefinition,
  type ReactionHandlers,
  type ReactionStart,
} from './consume/define-reaction.js';
export { consumerOf, type ConsumerDefinition, type HandledEvents } from './consume/consumer-definition.js';
export type { ConsumerKind } from './consume/compiled-consumer.js';
export { project, type ProjectOptions } from './consume/project.js';
export { foldRows, type RowChanges } from './consume/fold-rows.js';
export { reactionsTo, type FollowUp } from './consume/reactions-to.js';
export { reactionCommandId } from './consume/reaction-command-id.js';

// ---- running consumers, and reading what they made
export { runConsumers, type ConsumerRunner } from './run/run-consumers.js';
export type { ConsumerOptions, Fitting, RunConsumersOptions, SuppliedBy } from './run/plan-consumers.js';
export type { MissedEvents } from './run/coverage.js';
export type { FailurePolicy } from './run/failure-policy.js';
export {
  statusOf,
  type ConsumerLag,
  type ConsumerStanding,
  type ConsumerStatus,
  type StatusOptions,
} from './run/status.js';
export type { WorkerState } from './run/worker.js';
export {
  consumerChannelName,
  type ConsumerHooks,
  type ConsumerInfo,
  type ConsumerPhases,
} from './run/consumer-hooks.js';
export { caughtUp, type CaughtUpOptions } from './run/caught-up.js';
export { rebuild, type RebuildOptions } from './run/rebuild/rebuild.js';
export type { RebuildProgress } from './run/rebuild/rebuild-progress.js';
export { renderProgress, type ProgressStream } from './run/rebuild/render-progress.js';
export { rowsOf, type Rows } from './run/rows-of.js';
export { deadLettersOf, type DeadLetter } from './run/letters/dead-letters.js';
export {
  discardDeadLetters,
  retryDeadLetters,
  type RetriedDeadLetters,
  type RetryDeadLettersOptions,
  type SettleDeadLettersOptions,
} from './run/letters/settle-dead-letters.js';
export { verdictsOf, type FollowUpVerdict } from './run/verdicts.js';

// ---- the contract of stores: for those who write adapters
export type {
  CallOptions,
  EventFilter,
  EventStore,
  FeedPage,
  FeedQuery,
  HoldQuery,
  ReadRequest,
  ReadResult,
  StoreSettings,
  StreamPage,
  StreamQuery,
} from './store/event-store.js';
export {
  MAX_APPEND_BYTES,
  MAX_APPEND_EVENTS,
  MAX_EVENT_BYTES,
  prepareAppend,
  type Append,
  type AppendDraft,
  type EventDraft,
  type Expected,
  type NewEvent,
} from './store/append.js';
export { chainFault } from './store/chained-expectation.js';
export { oneByOne, type AppendOne } from './store/one-by-one.js';
export { Watchers } from './store/watchers.js';
export type { Answered, Outcome, Stale, StoreFailure } from './store/outcome.js';
export {
  numbersOfPosition,
  parsePosition,
  sequencePosition,
  START,
  version,
  type Position,
  type Version,
} from './event/position.js';
export type {
  AppendReceipt,
  CommandId,
  CommandRecord,
  EventId,
  EventReceipt,
  Fingerprint,
  LeanEvent,
  RecordedEvent,
} from './event/recorded-event.js';
export type {
  Capabilities,
  CheckpointStore,
  ConsumerStep,
  EventLookup,
  FeedHead,
  HandlerTransactions,
  LeaseStore,
  ListedStream,
  PositionDistance,
  RowChange,
  RowStore,
  StreamListing,
} from './store/capabilities.js';
export { MAX_DEPTH, toJson, type Json } from './event/json.js';

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
export { NotCaughtUp, ProjectionFailed } from './errors/consumer-errors.js';
export {
  CheckpointMoved,
  LeaseLost,
  StoreClosed,
  StoreContractBroken,
  StoreUnavailable,
} from './errors/store-errors.js';
