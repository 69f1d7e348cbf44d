/** The decorator that makes a class a command. */
import { DefinitionError } from '../../errors/input-errors.js';
import {
  CompiledCommand,
  finishCommand,
  finishedDefinition,
  type CommandMethods,
  type CommandOptions,
  type FieldFact,
} from '../compiled-command.js';
import { CommandLogic, markReplaced, partsOf } from '../command-logic.js';
import { settle } from '../settle.js';
import { classDecorator, type DecoratedClass } from './dialect.js';
import type { ClassVerdict } from './verdicts.js';

/**
 * Makes a class a command: checks what it declares, and compiles it.
 *
 * @throws {@link DefinitionError} for a class that can't be one, with what to add.
 *
 * @example
 * ```ts
 * @Command({ name: 'DepositMoney', retry: exponentialBackoff({ attempts: 20 }) })
 * class Deposit extends CommandLogic<Deposit> {
 *   @Stream(Account) readonly account!: StreamOf<typeof Account>;
 *   @Input(Money) readonly amount!: Money;
 *
 *   handle({ emit }: Context<Deposit>) {
 *     emit('account', 'MoneyDeposited', { amount: this.amount });
 *   }
 * }
 * ```
 */
export function Command(
  options: string | CommandOptions = {},
): <T>(target: T, context?: ClassDecoratorContext) => ClassVerdict<T> {
  if (typeof options === 'function') throw new DefinitionError('@Command needs its parentheses: write @Command().');
  const said: CommandOptions = typeof options === 'string' ? { name: options } : options;
  return classDecorator<FieldFact>({
    decorator: '@Command',
    members: 'fields',
    complete: (commandClass, facts) => finishCommand(commandClass, compile(commandClass, facts, said)),
    replace,
  }) as never;
}

function compile(commandClass: DecoratedClass, facts: readonly FieldFact[], options: CommandOptions): CompiledCommand {
  const name = options.name ?? commandClass.name;
  if (name === '')
    throw new DefinitionError('A command needs a name: name the class, or give one with @Command({ name }).');
  checkAncestry(commandClass, name);
  return new CompiledCommand(name, facts, options, commandClass.prototype as Partial<CommandMethods>, 'decorators');
}

function checkAncestry(commandClass: DecoratedClass, name: string): void {
  if (!(commandClass.prototype instanceof CommandLogic)) {
    throw new DefinitionError(`${name} must extend CommandLogic<${name}>.`);
  }
  for (
    let parent: unknown = Object.getPrototypeOf(commandClass);
    typeof parent === 'function';
    parent = Object.getPrototypeOf(parent)
  ) {
    if (finishedDefinition(parent) !== undefined) {
      throw new DefinitionError(
        `${name} extends the command ${parent.name}. Commands form no inheritance hierarchy: extend CommandLogic<${name}>.`,
      );
    }
  }
}

/** Legacy field decorators can't set a value, so a subclass does it once the whole constructor has run. */
function replace(commandClass: DecoratedClass): DecoratedClass {
  // A class that is extended without knowing its parameters has to take any: TypeScript's rule for mixins.
  // eslint-disable-next-line typescript/no-explicit-any -- see above
  const Original = commandClass as unknown as new (...parameters: any[]) => object;
  const { name } = commandClass;
  // A class is named by the property that it is the value of, also where the engine speaks of its objects.
  const named = {
    [name]: class extends Original {
      // eslint-disable-next-line typescript/no-explicit-any -- see above
      constructor(...parameters: any[]) {
        super(...parameters);
        const { definition, values } = partsOf(this)!;
        for (const field of definition.fields) (this as Record<string, unknown>)[field.name] = values[field.name];
        settle(this, definition);
      }
    },
  };
  markReplaced(commandClass);
  return named[name] as DecoratedClass;
}
