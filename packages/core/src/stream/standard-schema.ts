/** Parsing with any Standard Schema: valibot, zod, arktype and others. Synchronous, and with JSON as the result. */
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { inspect } from 'node:util';
import { DefinitionError, ValidationError, type Issue } from '../errors/input-errors.js';
import { toJson, type Json } from '../event/json.js';
import type { DeepReadonly } from './deep-readonly.js';
import type { Mistake } from './mistake.js';
import { isUnwantedPromise } from './thenable.js';

/* Looked up, since to infer them costs the compiler several times as much. */
/** What a schema gives. */
export type OutputOf<S> = S extends StandardSchemaV1 ? NonNullable<S['~standard']['types']>['output'] : never;
/** What a schema takes. */
export type InputOf<S> = S extends StandardSchemaV1 ? NonNullable<S['~standard']['types']>['input'] : never;

/**
 * Whether what a schema gives is what it takes, up to readonly. It has to be: what a command holds goes into the next one, what
 * a handler has read is emitted, and both are parsed again.
 */
export type IsRepeatable<Input, Output> = [Output] extends [Input]
  ? true
  : [DeepReadonly<Output>] extends [DeepReadonly<Input>]
    ? true
    : false;

/** What is said of one that isn't. */
export type NotRepeatable =
  Mistake<'its schema does not take what it gives, and values are parsed more than once: convert them before, or let it take both'>;

/** Parses a value and puts it into its JSON form; undefined stays undefined. Throws `ValidationError`. */
export type Parse = (value: unknown, subject: string) => Json | undefined;

/** The parser of a schema, found once: some libraries build their `~standard` anew whenever it is asked for. */
export function parserOf(schema: unknown, subject: string): Parse {
  if (!isStandardSchema(schema)) {
    throw new DefinitionError(
      `${subject} needs a schema of a library that implements Standard Schema, such as valibot's v.object({ … }).`,
    );
  }
  const { validate, vendor } = schema['~standard'];
  return (value, parsed) => {
    const result = validate(value);
    if (isUnwantedPromise(result)) {
      throw new DefinitionError(
        `The schema of ${parsed} (${vendor}) is asynchronous. Schemas are synchronous here: look things up before the command is made.`,
      );
    }
    if (result.issues !== undefined) throw new ValidationError(parsed, result.issues.map(toIssue));
    return result.value === undefined ? undefined : toJson(result.value, parsed);
  };
}

function isStandardSchema(schema: unknown): schema is StandardSchemaV1 {
  return (
    ((typeof schema === 'object' && schema !== null) || typeof schema === 'function') &&
    typeof (schema as Partial<StandardSchemaV1>)['~standard']?.validate === 'function'
  );
}

/** What libraries say of a path differs, and not all of them keep to the specification. */
function toIssue({ message, path }: { readonly message: unknown; readonly path?: unknown }): Issue {
  return {
    message: typeof message === 'string' ? message : 'is not valid',
    // Array.from: some libraries give a path of a class of their own, whose `map` makes another one of them.
    path:
      typeof path === 'object' && path !== null
        ? Array.from(path as Iterable<unknown> | ArrayLike<unknown>, toKey)
        : [],
  };
}

function toKey(segment: unknown): string | number {
  const key = typeof segment === 'object' && segment !== null && 'key' in segment ? segment.key : segment;
  if (typeof key === 'number' || typeof key === 'string') return key;
  return inspect(key, { depth: 0 });
}
