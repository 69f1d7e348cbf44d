/**
 * What a command class declares, compiled to one frozen value. Both dialects of decorators and the door without decorators
 * only record facts for it; everything after that reads what is compiled here, and never metadata. What the public sees of
 * it is a `CommandDefinition`.
 */
import { DefinitionError } from '../errors/input-errors.js';
import { checkRetryPolicy, type RetryPolicy } from './retry-policy.js';
import { CompiledStreamType, type StreamTypeInternals } from '../stream/define-stream.js';
import { parserOf, type Parse } from '../stream/standard-schema.js';
import type { StreamRole } from './field-roles.js';

export type { StreamRole };

/** What was said about one field. */
export type FieldFact =
  | { readonly name: string; readonly role: 'input'; readonly schema: unknown }
  | { readonly name: string; readonly role: StreamRole; readonly type: unknown; readonly options: StreamOptions };

export interface StreamOptions {
  /** Whether this field may name the same stream as another one that says so too. */
  readonly mayEqual?: boolean;
  /** Whether the stream may be left out. */
  readonly optional?: boolean;
}

/** How a command is executed, where it differs from the default. */
export interface CommandOptions {
  /** What fingerprints and traces call it; the class's name, unless given. Give one where a minifier renames classes. */
  readonly name?: string;
  /** `full`: `apply` gets whole records, as `event.recorded`. Needs a state of its own. */
  readonly detail?: 'lean' | 'full';
  readonly retry?: RetryPolicy;
}

export interface InputField {
  readonly name: string;
  readonly role: 'input';
  /** As the user wrote it. */
  readonly schema: unknown;
  readonly parse: Parse;
}

export interface StreamField {
  readonly name: string;
  /** With the command's name, as messages say it. */
  readonly where: string;
  readonly role: StreamRole;
  readonly type: StreamTypeInternals;
  readonly mayEqual: boolean;
  readonly optional: boolean;
}

export type Field = InputField | StreamField;

/** How a command was defined. */
export type Door = 'decorators' | 'defineCommand';

/** The methods of a command, as the executor calls them. */
export interface CommandMethods {
  handle(context: unknown): unknown;
  initialState?(): unknown;
  apply?(state: unknown, event: unknown, field: string): unknown;
  discover?(state: unknown): unknown;
}

export class CompiledCommand {
  readonly name: string;
  /** In the order of their declaration. */
  readonly fields: readonly Field[];
  /** In the order of their names: the same whatever order they are declared in. */
  readonly fieldsByName: readonly Field[];
  readonly streams: readonly StreamField[];
  readonly inputs: readonly InputField[];
  readonly detail: 'lean' | 'full';
  readonly retry: RetryPolicy | undefined;
  /** Whether the command folds into a state of its own, by `initialState` and `apply`. */
  readonly customState: boolean;
  readonly discovers: boolean;
  /** Whose words errors are told in. */
  readonly door: Door;

  /** @throws {@link DefinitionError} for facts that don't make a command. */
  constructor(
    name: string,
    facts: readonly FieldFact[],
    options: CommandOptions,
    methods: Partial<CommandMethods>,
    door: Door,
  ) {
    this.name = name;
    this.door = door;
    this.fields = Object.freeze(facts.map((fact) => Object.freeze(compileField(name, fact))));
    this.fieldsByName = Object.freeze([...this.fields].sort((a, b) => (a.name < b.name ? -1 : 1)));
    this.streams = Object.freeze(this.fields.filter((field) => field.role !== 'input'));
    this.inputs = Object.freeze(this.fields.filter((field) => field.role === 'input'));
    this.detail = options.detail ?? 'lean';
    this.retry = options.retry === undefined ? undefined : checkRetryPolicy(options.retry, name);
    this.customState = methods.apply !== undefined;
    this.discovers = this.streams.some(({ role }) => role === 'discovered');
    checkFields(this);
    checkMethods(this, methods);
    Object.freeze(this);
  }
}

const definitions = new WeakMap<object, CompiledCommand>();

/** Notes that a class is a finished command. */
export function finishCommand(commandClass: object, definition: CompiledCommand): void {
  definitions.set(commandClass, definition);
}

/** The definition of a finished command class, and only of that very class: subclasses have none. */
export function finishedDefinition(commandClass: object): CompiledCommand | undefined {
  return definitions.get(commandClass);
}

function compileField(command: string, fact: FieldFact): Field {
  const where = `${command}.${fact.name}`;
  if (fact.role === 'input') {
    const { name, role, schema } = fact;
    return { name, role, schema, parse: parserOf(schema, where) };
  }
  const { mayEqual = false, optional = false } = fact.options;
  const type = CompiledStreamType.internals(fact.type, where);
  return { name: fact.name, where, role: fact.role, type, mayEqual, optional };
}

function checkFields({ name, fields, streams, detail, customState, door }: CompiledCommand): void {
  if (streams.length === 0) {
    throw new DefinitionError(
      door === 'decorators'
        ? `${name} declares no stream. Decorate a field with @Stream(Account).`
        : `${name} declares no stream. List one under streams: { account: Account }.`,
    );
  }
  if (detail === 'full' && !customState) {
    throw new DefinitionError(
      `${name} asks for whole records, which only its own apply would see: give it initialState and apply.`,
    );
  }
  const seen = new Set<string>();
  for (const field of fields) {
    // Ids hold a '-' and names of fields don't, so `emit` can tell them apart.
    if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(field.name) || reserved.has(field.name)) {
      throw new DefinitionError(`${name}: ${JSON.stringify(field.name)} can't name a field of a command.`);
    }
    if (seen.has(field.name)) {
      throw new DefinitionError(
        door === 'decorators'
          ? `${name}.${field.name} is declared twice. One decorator a field is enough.`
          : `${name}.${field.name} stands under streams and under input. Give one of the two another name.`,
      );
    }
    seen.add(field.name);
  }
  const types = new Map<string, StreamTypeInternals>();
  for (const { type } of streams) {
    if ((types.get(type.name) ?? type) !== type) {
      throw new DefinitionError(
        `${name} uses two stream types that are both named "${type.name}". One stream type, one defineStream.`,
      );
    }
    types.set(type.name, type);
  }
}

function checkMethods({ name, discovers, door }: CompiledCommand, methods: Partial<CommandMethods>): void {
  const { handle, apply, initialState, discover } = methods;
  if (typeof handle !== 'function')
    throw new DefinitionError(`${name} has no handle(context). It is where a command decides.`);
  if ((apply === undefined) !== (initialState === undefined)) {
    const found = apply === undefined ? 'initialState and no apply' : 'apply and no initialState';
    throw new DefinitionError(`${name} has ${found}. They come together.`);
  }
  if (discovers && discover === undefined) {
    throw new DefinitionError(`${name} discovers streams and has no discover(state), which gives their keys.`);
  }
  if (!discovers && discover !== undefined) {
    throw new DefinitionError(
      `${name} has discover(state), and no field that it could fill: add one with ${door === 'decorators' ? '@Discovers' : 'discovers'}(StreamType).`,
    );
  }
}

const reserved = new Set(['constructor', 'handle', 'apply', 'initialState', 'discover', '__proto__']);
