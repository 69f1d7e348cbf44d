/**
 * `@eventcore/testing/generators`: arbitraries for fast-check, which is needed here and nowhere else in the package.
 */

// ---- streams: keys and ids
export { refusedKeys, streamIds, streamKeys } from './stream-keys.js';

// ---- data: any at all, and what a schema gives
export { jsonValues, refusedValues } from './json-values.js';
export { valuesOf } from './values-of.js';
export type { ValueOptions } from './schema-values.js';
export type { Schema } from './trail.js';

// ---- events: of a stream type, and on its streams
export { eventsOf, type EventArbitraries, type GeneratedEvent } from './events-of.js';
export { histories, type HistoryEvent, type HistoryOptions } from './histories.js';

// ---- commands: of a class, and in sequences
export {
  commandsOf,
  type CommandClass,
  type CommandOptions,
  type KeyPool,
  type KeyPools,
  type StreamNames,
} from './commands-of.js';
export { commandSequences, type CommandSource, type SequenceOptions } from './command-sequences.js';
export { runCommands, type RunOptions } from './run-commands.js';
export type { Run } from './run.js';
export { createTally, type Tally, type TallyLine } from './tally.js';
