/**
 * `@eventcore/core/definitions`: for tools, which look at what was defined: generators, specs, explorers.
 */
export { definitionOf, type CommandDefinition, type DeclaredField } from './command/command-definition.js';
export { inputSchema } from './command/input-schema.js';
export { eventDefinition, type EventDefinition } from './stream/event-definition.js';
export { draftEvent, type DraftedEvent } from './stream/draft-event.js';
