/**
 * The last step of construction: every own property is a declared field, and nothing changes any more.
 *
 * With legacy decorators that step comes after the whole constructor. With standard ones the last hook is the one of
 * the last declared field, and fields without a decorator may still come after it. Freezing would make *those* fail, with
 * a message that helps nobody. So the declared fields are locked one by one until a first object of the class was
 * looked at whole, by `execute` at the latest; from then on its objects are frozen at once.
 */
import { DefinitionError } from '../errors/input-errors.js';
import type { CompiledCommand } from './compiled-command.js';

const wholesome = new WeakSet<CompiledCommand>();

/** As early as standard decorators allow: called when the last declared field has its value. */
export function settleFields(command: object, definition: CompiledCommand): void {
  const { fields } = definition;
  const last = fields[fields.length - 1]!.name;
  // Some compilers run this hook before they define the fields. Then `settle` has to do.
  if (!Object.hasOwn(command, last)) return;
  if (wholesome.has(definition)) Object.freeze(command);
  else for (const { name } of fields) Object.defineProperty(command, name, { writable: false, configurable: false });
}

/** @throws {@link DefinitionError} for a field that has no decorator. */
export function settle(command: object, definition: CompiledCommand): void {
  if (Object.isFrozen(command)) return;
  const stray = Object.keys(command).find((name) => !definition.fields.some((field) => field.name === name));
  if (stray !== undefined) {
    throw new DefinitionError(
      `${definition.name}.${stray} has no decorator. Add @Input(schema) for data or @Stream(StreamType) for a stream; a value that is derived from others is a method.`,
      { context: { command: definition.name, field: stray } },
    );
  }
  wholesome.add(definition);
  Object.freeze(command);
}
