/**
 * What a command declares, for whoever wants to look at it: documentation, tests, tools. The library itself works with the
 * compiled command, whose parsers and stream types are nobody else's business.
 */
import { DefinitionError } from '../errors/input-errors.js';
import { finishedDefinition, type CompiledCommand, type Field, type StreamRole } from './compiled-command.js';

/** What a command declares, frozen at every depth. As text it is as one would read it aloud. */
export interface CommandDefinition {
  readonly name: string;
  /** In the order of their declaration. */
  readonly fields: readonly DeclaredField[];
  /** `full`: its `apply` gets whole records. */
  readonly detail: 'lean' | 'full';
  /** Whether the command folds into a state of its own, by `initialState` and `apply`. */
  readonly customState: boolean;
  /** Whether it names further streams while it runs, by `discover`. */
  readonly discovers: boolean;
  toString(): string;
}

/** One field of a command. What a stream's field tells besides its role, an input hasn't. */
export interface DeclaredField {
  readonly name: string;
  /** `stream` is read and may be written, `read` only read, `append` written blindly, and `set` any number of streams. */
  readonly role: 'input' | StreamRole;
  /** The name of the stream type. */
  readonly streamType?: string;
  readonly mayEqual?: boolean;
  readonly optional?: boolean;
}

const described = new WeakMap<CompiledCommand, CommandDefinition>();

/**
 * What a command class declares: frozen, and readable when it is printed.
 *
 * @throws {@link DefinitionError} for a class that isn't a finished command.
 *
 * @example
 * ```ts
 * console.log(String(definitionOf(TransferMoney)));
 * // command TransferMoney
 * //   from    writes account
 * //   to      writes account
 * //   amount  input
 * ```
 */
export function definitionOf(commandClass: object): CommandDefinition {
  const compiled = finishedDefinition(commandClass);
  if (compiled === undefined)
    throw new DefinitionError(`${nameOf(commandClass)} is not a command: it needs @Command(), or defineCommand.`);
  let definition = described.get(compiled);
  if (definition === undefined) described.set(compiled, (definition = new Description(compiled)));
  return definition;
}

class Description implements CommandDefinition {
  readonly name: string;
  readonly fields: readonly DeclaredField[];
  readonly detail: 'lean' | 'full';
  readonly customState: boolean;
  readonly discovers: boolean;

  constructor({ name, fields, detail, customState, discovers }: CompiledCommand) {
    this.name = name;
    this.fields = Object.freeze(fields.map((field) => Object.freeze(declaredField(field))));
    this.detail = detail;
    this.customState = customState;
    this.discovers = discovers;
    Object.freeze(this);
  }

  toString(): string {
    const width = this.fields.reduce((longest, { name }) => Math.max(longest, name.length), 0);
    const lines = this.fields.map((field) => `  ${field.name.padEnd(width)}  ${readAloud(field)}`);
    return [`command ${this.name}${this.customState ? ', with a state of its own' : ''}`, ...lines].join('\n');
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

function declaredField(field: Field): DeclaredField {
  const { name, role } = field;
  if (role === 'input') return { name, role };
  return { name, role, streamType: field.type.name, mayEqual: field.mayEqual, optional: field.optional };
}

const roles: Record<DeclaredField['role'], string> = {
  input: 'input',
  stream: 'writes',
  read: 'only reads',
  append: 'appends blindly to',
  set: 'writes any number of',
  discovered: 'discovers',
};

function readAloud({ role, streamType, optional, mayEqual }: DeclaredField): string {
  const what = streamType === undefined ? roles[role] : `${roles[role]} ${streamType}`;
  const notes = [optional === true ? 'optional' : '', mayEqual === true ? 'may equal another' : ''].filter(
    (note) => note !== '',
  );
  return notes.length === 0 ? what : `${what} (${notes.join(', ')})`;
}

function nameOf(value: unknown): string {
  return typeof value === 'function' && value.name !== '' ? value.name : 'This';
}
