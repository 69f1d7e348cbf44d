// ---- the contract suite: for those who write adapters
export { eventStoreContract, type OptionalPart, type StoreContract } from './contract/event-store-contract.js';

// ---- specs: for those who write commands
export { given, type Given } from './specs/given.js';
export { on, type EventDetails, type SpecEvent } from './specs/on.js';
export { together, type Together } from './specs/together.js';
export {
  failed,
  nothing,
  rejected,
  type ExpectedRule,
  type Failed,
  type Nothing,
  type Rejected,
} from './specs/verdict.js';
export { rows, type Rows, type StatedRows } from './specs/rows.js';
export { nthGivenId, nthId } from './specs/spec-runtime.js';
export type { Attempt } from './specs/attempt.js';
export type { ExpectedOutcome } from './specs/check-outcome.js';
export type { ExpectedCommands } from './specs/react-to-events.js';
export type { ProjectedRows } from './specs/project-events.js';
export type { Stated } from './specs/stated.js';
export type { Outcome } from './specs/outcome.js';
export type { Matcher } from './specs/matcher.js';
