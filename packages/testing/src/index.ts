/**
 * `@eventcore/testing`: specs of commands, property tests, simulated races, judged histories, and the contract suite of stores.
 */

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
export type { Outcome as SpecOutcome } from './specs/outcome.js';
export type { Matcher } from './specs/matcher.js';

// ---- the judge: what a recorded run proves
export { checkHistory } from './judge/check-history.js';
export { assertSerializable, HistoryViolation } from './judge/assert-serializable.js';
export type { Counts, Verdict } from './judge/verdict.js';
export type { Anomaly, AnomalyKind, CycleStep, OrderAnomaly } from './judge/anomaly.js';
export { digestOf } from './judge/digest.js';
export type { Feed, History, LoggedEvent, Operation, ReadOfStream, SentAppend } from './judge/history.js';

// ---- chaos: a store behind a bad network
export { withChaos, type ChaosOptions, type ChaosStore } from './chaos/with-chaos.js';
export { allFaults, noFaults, type FaultKind, type Faults } from './chaos/faults.js';
export { failOnce } from './chaos/fail-once.js';
export { countCalls } from './chaos/count-calls.js';
export { aroundStore, type StoreCall } from './chaos/around-store.js';
export { seededRandom, type SeededRandom } from './chaos/seeded-random.js';

// ---- recording what happens
export {
  recordHistory,
  type HistoryRecorder,
  type RecordedOptions,
  type RecordHistoryOptions,
} from './record/record-history.js';

// ---- the simulator: everything that may happen, from a seed
export { simulate, SimulationFailed } from './simulate/simulate.js';
export { allSimulatedFaults } from './simulate/simulation.js';
export type { ClientFaults, MakeCommand, SimulatedClient, SimulatedFaults, Simulation } from './simulate/simulation.js';
export type { SimulationReport } from './simulate/simulation-report.js';
export type { Run as SimulatedRun } from './simulate/run-seed.js';
export { workload } from './simulate/workload.js';

// ---- the contract suite: for those who write adapters
export { eventStoreContract, type OptionalPart, type StoreContract } from './contract/event-store-contract.js';
export type { HeldCommits, HoldCommits } from './contract/feed/late-commits.js';
export type { LoseReply } from './contract/calls/lost-replies.js';
export type { Effects } from './contract/consumers/transactions.js';
