// ---- the contract suite: for those who write adapters
export { eventStoreContract, type OptionalPart, type StoreContract } from './contract/event-store-contract.js';

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
export type {
  ClientFaults,
  MakeCommand,
  SimulatedClient,
  SimulatedFaults,
  Simulation,
} from './simulate/simulation.js';
export type { SimulationReport } from './simulate/simulation-report.js';
export type { Run } from './simulate/run-seed.js';
export { workload } from './simulate/workload.js';
