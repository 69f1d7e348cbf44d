/**
 * The base of every command class. A command object that exists is valid: its constructor parses what it is given.
 *
 * Fields of a class erase what a base constructor assigned. So the parsed values are kept here, privately, and the
 * dialect hands each one to its field: by an initialiser, or by a last step after `super()`.
 */
import type { Context } from './context.js';
import { DefinitionError } from '../errors/input-errors.js';
import { finishedDefinition, type CompiledCommand } from './compiled-command.js';
import { parseProperties, type Values } from './parse-properties.js';
import type { PropertiesOf } from './properties.js';
import { writtenOut } from './written-out.js';

/**
 * Only command objects have it, and it names their class, which keeps look-alikes out; its name is what the compiler says to
 * somebody who executes a class. The package exports it as a type, for declarations that have to name it: a file that exports
 * `{ ...command }` or `context.emit` without a type of its own needs `import type { madeWithNew }` (otherwise TS4023).
 */
export declare const madeWithNew: unique symbol;

/** What the library keeps for each command object. */
export interface CommandParts {
  readonly definition: CompiledCommand;
  readonly values: Values;
  /** The inputs that were left out, and whose values are their schemas' defaults. */
  readonly defaulted: ReadonlySet<string>;
}

/** The parts of a command object; undefined for anything else. Set by the class below, which alone can see them. */
export let partsOf: (command: unknown) => CommandParts | undefined;

/**
 * Extend it with the class itself as its argument, and decorate the fields.
 *
 * @example
 * ```ts
 * import * as v from 'valibot';
 * import { Command, CommandLogic, defineStream, Input, Stream, type Context, type StreamOf } from '@eventcore/core';
 *
 * const Counter = defineStream('counter', {
 *   events: { Counted: v.object({ by: v.number() }) },
 *   state: () => ({ total: 0 }),
 *   fold: { Counted: (state, { by }) => ({ total: state.total + by }) },
 * });
 *
 * @Command()
 * export class Count extends CommandLogic<Count> {
 *   @Stream(Counter) readonly counter!: StreamOf<typeof Counter>;
 *   @Input(v.number()) readonly by!: number;
 *
 *   handle({ emit }: Context<Count>) {
 *     emit('counter', 'Counted', { by: this.by });
 *   }
 * }
 *
 * new Count({ counter: 'visits', by: 1 });
 * ```
 */
export abstract class CommandLogic<Self> {
  declare readonly [madeWithNew]: (command: Self) => Self;
  readonly #parts: CommandParts;

  /** @throws `ValidationError` for properties that aren't valid. */
  constructor(properties: PropertiesOf<Self>) {
    const definition = finishedDefinition(new.target) ?? refuseUnfinished(new.target);
    this.#parts = { definition, ...parseProperties(definition, properties) };
  }

  /**
   * Decides: looks at the state, and emits events or violates a rule. It may run more than once, so it has no effects
   * but its events, and takes time and ids from the context.
   */
  abstract handle(context: Context<Self>): void | Promise<void>;

  /** As one would write it: `new TransferMoney({ from: 'alice', to: 'bob', amount: 60 })`. For test reports and logs. */
  toString(): string {
    return writtenOut(this.constructor.name, this.#parts.definition, this.#parts.values);
  }

  static {
    partsOf = (command) =>
      typeof command === 'object' && command !== null && #parts in command ? command.#parts : undefined;
  }
}

const replaced = new WeakSet<object>();

/** Notes that `@Command` put another class in this one's place. */
export function markReplaced(commandClass: object): void {
  replaced.add(commandClass);
}

// Called only on the way to an error.
function refuseUnfinished(commandClass: { readonly name: string }): never {
  const { name } = commandClass;
  if (replaced.has(commandClass)) {
    throw new DefinitionError(
      `Inside the body of ${name}, its name still means the class before @Command: with legacy decorators, this compiler doesn't rename it. ` +
        `Write new this({ … }) in static methods, or use standard decorators.`,
    );
  }
  const parent: unknown = Object.getPrototypeOf(commandClass);
  if (typeof parent === 'function' && finishedDefinition(parent) !== undefined) {
    throw new DefinitionError(
      `${name} extends the command ${parent.name}. Commands form no inheritance hierarchy: extend CommandLogic<${name}>, and share code by functions.`,
    );
  }
  throw new DefinitionError(
    `${name} has no @Command(). Decorate the class: @Command() class ${name} extends CommandLogic<${name}>.`,
  );
}
