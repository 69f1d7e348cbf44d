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

/** A command object of either door. The name of what only command objects have is what the compiler says of a class. */
export interface AnyCommand {
  readonly ' made with new': unknown;
}

/** What the library keeps for each command object. */
export interface CommandParts {
  readonly definition: CompiledCommand;
  readonly values: Values;
  /** The inputs that were left out, and whose values are their schemas' defaults. */
  readonly defaulted: ReadonlySet<string>;
}

/**
 * Keeps its parts on a command object, where nobody else can see them or copy them. A private field of another class: one of
 * `CommandLogic` itself would stand in its declaration, and keep whoever exports a local command class from writing theirs
 * (TS4094).
 */
class Kept extends class {
  constructor(command: object) {
    return command;
  }
} {
  readonly #parts: CommandParts;

  constructor(command: object, parts: CommandParts) {
    super(command);
    this.#parts = parts;
  }

  static on(command: unknown): CommandParts | undefined {
    return typeof command === 'object' && command !== null && #parts in command ? command.#parts : undefined;
  }
}

/** The parts of a command object; undefined for anything else. */
export function partsOf(command: unknown): CommandParts | undefined {
  return Kept.on(command);
}

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
export abstract class CommandLogic<Self> implements AnyCommand {
  /** @throws `ValidationError` for properties that aren't valid. */
  constructor(properties: PropertiesOf<Self>) {
    const definition = finishedDefinition(new.target) ?? refuseUnfinished(new.target);
    new Kept(this, { definition, ...parseProperties(definition, properties) });
  }

  /** For the compiler alone: names the class. An accessor, since `{ ...command }` is no command, and accessors aren't spread. */
  get ' made with new'(): (command: Self) => Self {
    return (command) => command;
  }

  /**
   * Decides: looks at the state, and emits events or violates a rule. It may run more than once, so it has no effects
   * but its events, and takes time and ids from the context.
   */
  abstract handle(context: Context<Self>): void | Promise<void>;

  /** As one would write it: `new TransferMoney({ from: 'alice', to: 'bob', amount: 60 })`. For test reports and logs. */
  toString(): string {
    const { definition, values } = partsOf(this)!;
    return writtenOut(this.constructor.name, definition, values);
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
