/**
 * `@eventcore/core/consumers`: what becomes of events. Projections, keyed read models and reactions, what runs them, and what
 * tells how they stand.
 */

// ---- what consumes: projections, keyed read models, reactions
export { On } from './consume/decorators/on.js';
export { Projection } from './consume/decorators/projection.js';
export { Reaction } from './consume/decorators/reaction.js';
export type { HandlerDecorator, ProjectionVerdict, ReactionVerdict } from './consume/decorators/verdicts.js';
export {
  defineProjection,
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
export type { ContextOf } from './consume/context-of.js';
export type { KindOf } from './consume/kind-of.js';
export type { MetadataOf } from './consume/metadata.js';
export { consumerOf, type ConsumerDefinition, type HandledEvents } from './consume/consumer-definition.js';
export type { ConsumerKind } from './consume/compiled-consumer.js';
export { project, type ProjectOptions } from './consume/project.js';
export { foldRows, type RowChanges } from './consume/fold-rows.js';
export { reactionsTo, type FollowUp, type ReactionsToOptions } from './consume/reactions-to.js';
export { reactionCommandId } from './consume/reaction-command-id.js';

// ---- running them, and reading what they made
export { runConsumers, type ConsumerRunner } from './run/run-consumers.js';
export type { Beginning, Begun } from './run/beginning.js';
export type { ConsumerOptions, Fitting, RunConsumersOptions, SuppliedBy } from './run/plan-consumers.js';
export type { MissedEvents } from './run/coverage.js';
export type { FailedEvent, FailurePolicy, FailureVerdict } from './run/failure-policy.js';
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
export { rebuild, type Rebuildable, type RebuildOptions, type Reset, type ToBeTold } from './run/rebuild/rebuild.js';
export type { RebuildProgress } from './run/rebuild/rebuild-progress.js';
export { renderProgress, type ProgressStream } from './run/rebuild/render-progress.js';
export { rowsOf, type Rows } from './run/rows-of.js';
export { deadLettersOf, type DeadLetter, type DeadLetterCount } from './run/letters/dead-letters.js';
export {
  discardDeadLetters,
  retryDeadLetters,
  type RetriedDeadLetters,
  type RetryDeadLettersOptions,
  type SettleDeadLettersOptions,
} from './run/letters/settle-dead-letters.js';
export { verdictsOf, type FollowUpVerdict } from './run/verdicts.js';
