/** From what a constructor was given to valid values: references resolved, inputs parsed, everything frozen. */
import { ValidationError, type Issue } from '../errors/input-errors.js';
import type { Json } from '../event/json.js';
import { keyOf, parseStreamId, typeNameOf, type StreamId } from '../event/stream-id.js';
import { Reference, type AnyReference } from '../stream/stream-reference.js';
import type { CompiledCommand, StreamField } from './compiled-command.js';
import { warnOfDoubledPrefix } from './doubled-prefix.js';

/** By field. */
export type Values = Readonly<Record<string, Value>>;
export type Value = Json | AnyReference | readonly AnyReference[] | undefined;

/** What a constructor was given, parsed. */
export interface Properties {
  readonly values: Values;
  /** The inputs that were left out, and whose values are their schemas' defaults. */
  readonly defaulted: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/** @throws {@link ValidationError} with everything that is wrong, each with its path. */
export function parseProperties(definition: CompiledCommand, properties: unknown): Properties {
  const { name, fields } = definition;
  if (typeof properties !== 'object' || properties === null) {
    throw new ValidationError(name, [
      { path: [], message: `needs an object with ${fields.map((field) => field.name).join(', ')}` },
    ]);
  }
  const given = properties as Readonly<Record<string, unknown>>;
  const values: Record<string, Value> = {};
  let defaulted: Set<string> | undefined;
  let issues: Issue[] | undefined;
  let declared = 0;
  for (const field of fields) {
    const own = Object.hasOwn(given, field.name);
    if (own) declared += 1;
    // What every object has is nobody's input; a getter on a class of the caller's is.
    const value = own || !(field.name in Object.prototype) ? given[field.name] : undefined;
    try {
      const parsed = field.role === 'input' ? field.parse(value, name) : parseStreams(field, value);
      values[field.name] = parsed;
      if (value === undefined && parsed !== undefined) (defaulted ??= new Set()).add(field.name);
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      // One by one, since there may be more of them than a call can have arguments.
      issues ??= [];
      for (const { path, message } of error.issues) issues.push({ path: [field.name, ...path], message });
    }
  }
  if (Object.keys(given).length !== declared) issues = [...(issues ?? []), ...superfluous(definition, given)];
  if (issues === undefined) checkDistinct(definition, values);
  else throw new ValidationError(name, issues);
  return { values: Object.freeze(values), defaulted: defaulted ?? NONE };
}

function parseStreams(field: StreamField, value: unknown): Value {
  switch (field.role) {
    case 'stream':
    case 'read':
    case 'append':
      if (value === undefined && field.optional) return undefined;
      return toReference(field, value);
    case 'set':
      if (!Array.isArray(value)) throw fault(`must be an array of "${field.type.name}" streams`);
      return Object.freeze(toReferences(field, value));
    case 'discovered':
      if (value !== undefined) throw fault('is discovered while the command runs, and not given');
      return undefined;
    default:
      return field.role satisfies never;
  }
}

/** Everything that is wrong with any of them, each with its index. */
function toReferences(field: StreamField, values: readonly unknown[]): AnyReference[] {
  const references: AnyReference[] = [];
  const issues: Issue[] = [];
  for (const [index, value] of values.entries()) {
    try {
      references.push(toReference(field, value));
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      for (const { path, message } of error.issues) issues.push({ path: [index, ...path], message });
    }
  }
  if (issues.length > 0) throw new ValidationError('A set of streams', issues);
  return references;
}

/** A stream is given as a reference, or as its key. */
export function toReference(field: StreamField, value: unknown): AnyReference {
  const { type } = field;
  if (typeof value === 'string') {
    warnOfDoubledPrefix(field, value);
    return type.at(value);
  }
  const id = typeof value === 'object' && value !== null ? (value as Partial<AnyReference>).id : undefined;
  if (typeof id !== 'string')
    throw fault(`must be a "${type.name}" stream: its key, or a reference such as ${capitalised(type.name)}.at('…')`);
  const stream = parseStreamId(id);
  if (typeNameOf(stream) !== type.name) throw fault(`must be a stream of type "${type.name}", and "${id}" is not`);
  return Reference.typeOf(value) === type ? (value as AnyReference) : type.at(keyOf(stream));
}

function superfluous({ name, fields, door }: CompiledCommand, given: object): Issue[] {
  const advice =
    door === 'decorators'
      ? 'Decorate the field: @Input(schema) for data, @Stream(StreamType) for a stream'
      : 'List it under input, with a schema, or under streams, with a stream type';
  const known = new Set(fields.map((field) => field.name));
  return Object.keys(given)
    .filter((key) => !known.has(key))
    .map((key) => ({
      path: [key],
      message: `is not declared by ${name}. ${advice}`,
    }));
}

/** Two fields that name the same stream are most often a mistake: a transfer to oneself. */
function checkDistinct({ name, streams }: CompiledCommand, values: Values): void {
  if (areDistinct(streams, values)) return;
  const seen = new Map<StreamId, StreamField>();
  for (const field of streams) {
    const value = values[field.name];
    if (value === undefined) continue;
    for (const { id } of (field.role === 'set' ? value : [value]) as readonly AnyReference[]) {
      const other = seen.get(id);
      if (other === undefined) seen.set(id, field);
      else if (!other.mayEqual || !field.mayEqual) {
        const both = other === field ? `${field.name} names it twice` : `${other.name} and ${field.name} both name it`;
        throw new ValidationError(name, [
          {
            path: [field.name],
            message: `"${id}" must be named once, and ${both}. Where that is meant, say { mayEqual: true } on each field`,
          },
        ]);
      }
    }
  }
}

/** Single streams are few, and comparing each with each takes less than an index of them. Sets are left to be indexed. */
function areDistinct(streams: readonly StreamField[], values: Values): boolean {
  for (let later = 0; later < streams.length; later++) {
    const { name, role } = streams[later]!;
    if (role === 'set') return false;
    const reference = values[name] as AnyReference | undefined;
    for (let earlier = 0; earlier < later && reference !== undefined; earlier++) {
      if ((values[streams[earlier]!.name] as AnyReference | undefined)?.id === reference.id) return false;
    }
  }
  return true;
}

function fault(message: string): ValidationError {
  return new ValidationError('A stream', [{ path: [], message }]);
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
