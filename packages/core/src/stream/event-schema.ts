/** What a stream type knows of one kind of event: how to parse what is emitted, and how to read what older code wrote. */
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { DefinitionError, UnknownEventType } from '../errors/input-errors.js';
import { schemaVersion } from '../event/event-name.js';
import type { Json } from '../event/json.js';
import type { LeanEvent } from '../event/recorded-event.js';
import { parserOf, type Parse } from './standard-schema.js';
import { isUnwantedPromise } from './thenable.js';

const evolution = Symbol('event evolution');

interface Evolution {
  readonly version: number;
  /** As it was given. */
  readonly schema: StandardSchemaV1;
  /** By version: how to turn that one into the next. */
  readonly upcast: Readonly<Record<number, Upcast>>;
}

/** Turns the data of one schema version into the next one's. Pure: stored events never change. */
// eslint-disable-next-line typescript/no-explicit-any -- what an older version looked like is known to the upcaster alone
export type Upcast = (data: any) => unknown;

/**
 * An event schema with a version, and with upcasters from the older ones.
 *
 * @example
 * ```ts
 * import * as v from 'valibot';
 * import { defineStream, event } from '@eventcore/core';
 *
 * // Version 1 had one `name`; version 2 has two.
 * const Customer = defineStream('customer', {
 *   events: {
 *     Registered: event(v.object({ first: v.string(), last: v.string() }), {
 *       version: 2,
 *       upcast: {
 *         1: ({ name }: { name: string }) => ({ first: name.split(' ')[0], last: name.split(' ').slice(1).join(' ') }),
 *       },
 *     }),
 *   },
 *   state: () => ({ last: '' }),
 *   fold: { Registered: (_, { last }) => ({ last }) },
 * });
 * ```
 */
export function event<Input, Output>(
  schema: StandardSchemaV1<Input, Output>,
  options: { readonly version: number; readonly upcast?: Readonly<Record<number, Upcast>> },
): StandardSchemaV1<Input, Output> {
  const { version, upcast = {} } = options;
  schemaVersion('an event', version);
  for (let older = 1; older < version; older++) {
    if (typeof upcast[older] !== 'function') {
      throw new DefinitionError(
        `An event of version ${version} needs an upcaster from version ${older}: event(schema, { version: ${version}, upcast: { ${older}: (data) => … } }).`,
      );
    }
  }
  return Object.freeze({
    '~standard': schema['~standard'],
    [evolution]: { version, schema, upcast } satisfies Evolution,
  });
}

/** A compiled event schema. */
export interface EventSpec {
  readonly name: string;
  readonly version: number;
  /** As the user wrote it. */
  readonly schema: StandardSchemaV1;
  readonly parse: Parse;
  /** The data of a stored event, as the newest schema has it. */
  readonly current: (event: LeanEvent) => Json;
}

export function compileEvent(streamType: string, name: string, schema: unknown): EventSpec {
  const parse = parserOf(schema, `The event ${name} of stream type "${streamType}"`);
  // The parser has seen to it that this is a schema.
  const plain: Evolution = { version: 1, schema: schema as StandardSchemaV1, upcast: {} };
  const { version, schema: written, upcast } = (schema as { [evolution]?: Evolution })[evolution] ?? plain;
  const upcasted = (data: unknown, from: number): unknown => {
    if (data !== undefined && !isUnwantedPromise(data)) return data;
    const why =
      data === undefined
        ? 'gave nothing back. It has to return the data of the next version'
        : 'is asynchronous. Upcasters are pure and synchronous';
    throw new DefinitionError(`The upcaster of ${name} in stream type "${streamType}", from version ${from}, ${why}.`);
  };
  return {
    name,
    version,
    schema: written,
    parse,
    current(event) {
      if (event.schemaVersion === version) return event.data;
      if (event.schemaVersion > version) {
        throw new UnknownEventType(
          `The store holds ${name} in version ${event.schemaVersion}, and this code knows it up to version ${version}. ` +
            'Deploy the code that knows it, or read with onUnknownEvent: "skip".',
          { context: { event: name } },
        );
      }
      let data: unknown = event.data;
      for (let older = event.schemaVersion; older < version; older++) data = upcasted(upcast[older]!(data), older);
      return data as Json;
    },
  };
}
