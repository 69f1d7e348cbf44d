// ---- the contract suite: for those who write adapters
export { eventStoreContract, type OptionalPart, type StoreContract } from './contract/event-store-contract.js';
export type { HeldCommits, HoldCommits } from './contract/late-commits.js';
