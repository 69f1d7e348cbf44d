/** The schemas of a command's inputs, for whoever wants to look at them: documentation, tests, tools. */
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { DefinitionError } from '../errors/input-errors.js';
import { finishedDefinition } from './compiled-command.js';

/**
 * The schema that an input of a command was declared with. `definitionOf` tells which fields there are.
 *
 * @throws {@link DefinitionError} for a class that isn't a finished command, and for a field that is none of its inputs.
 *
 * @example
 * ```ts
 * const schema = inputSchema(TransferMoney, 'amount');
 *
 * console.log(schema === Money); // true
 * ```
 */
export function inputSchema(commandClass: object, field: string): StandardSchemaV1 {
  const definition = finishedDefinition(commandClass);
  const input = definition?.inputs.find(({ name }) => name === field);
  if (input === undefined)
    throw new DefinitionError(
      `${definition?.name ?? 'What was given'} has no input ${JSON.stringify(field)}: definitionOf(commandClass) tells what it declares.`,
    );
  // Its parser was made when the command was compiled, which refuses anything but a schema.
  return input.schema as StandardSchemaV1;
}
