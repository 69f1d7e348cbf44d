// ---- the contract suite: for those who write adapters
export { eventStoreContract, type OptionalPart, type StoreContract } from './contract/event-store-contract.js';

// ---- the judge: what a recorded run proves
export { checkHistory } from './judge/check-history.js';
export { assertSerializable, HistoryViolation } from './judge/assert-serializable.js';
export type { Counts, Verdict } from './judge/verdict.js';
export type { Anomaly, AnomalyKind, CycleStep, OrderAnomaly } from './judge/anomaly.js';
export { digestOf } from './judge/digest.js';
export type { Feed, History, LoggedEvent, Operation, ReadOfStream, SentAppend } from './judge/history.js';
