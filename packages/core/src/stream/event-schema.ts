/** What a stream type knows of one kind of event: how to parse what is emitted, and how to read what older code wrote. */
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { DefinitionError } from '../errors/input-errors.js';
import { schemaVersion } from '../event/event-name.js';
import type { Json } from '../event/json.js';
import type { LeanEvent } from '../event/recorded-event.js';
import type { StreamId } from '../event/stream-id.js';
import { dataReader, dataWriter, type Cast } from './cast-data.js';
import type { Downcasters, Upcasters, UpcastChain, UpTo, VersionVerdict } from './schema-versions.js';
import { parserOf, type Parse } from './standard-schema.js';
import { unknownEvent } from './unknown-event.js';

const evolution = Symbol('event evolution');

interface Evolution {
  readonly version: number;
  readonly writes: number;
  /** As it was given. */
  readonly schema: StandardSchemaV1;
  /** By version: how to turn that one into the next. */
  readonly upcast: Readonly<Record<number, Cast>>;
  /** By version: how to turn that one into the one before. */
  readonly downcast: Readonly<Record<number, Cast>>;
}

/** What is said of an event's schema besides the schema. */
export interface EventOptions<Version extends number, Up, Data> {
  /** Which version of the event this schema is. The first one is 1. */
  readonly version: Version & VersionVerdict<Version, NoInfer<Up>>;
  /**
   * How to read older versions: `upcast[1]` turns the data of version 1 into that of version 2, and so on. Each step takes what
   * the one before gives; what the last one gives is parsed by the schema, so brands may be left out. Pure and synchronous.
   */
  readonly upcast?: Up & UpcastChain<Up, Data>;
  /**
   * Which version is stored: the newest, unless given. An older one keeps the releases going that don't know the newest, while
   * they still run; `downcast` says how.
   */
  readonly writes?: UpTo<NoInfer<Version>>;
  /** How to write an older version: `downcast[2]` turns the data of version 2 into that of version 1. Pure and synchronous. */
  readonly downcast?: Downcasters<Up, Data>;
}

/**
 * An event schema with a version: how older ones are read, and which one is written while older releases still run. Whatever
 * is stored, commands, folds and handlers see the newest.
 *
 * What is written in an older version has to come back as it was: each event is read again before it is stored, and one that
 * the older version can't hold is refused.
 *
 * @throws {@link DefinitionError} for an older version without its upcaster, or `writes` without its downcasters.
 *
 * @example
 * ```ts
 * import * as v from 'valibot';
 * import { defineStream, event } from '@eventcore/core';
 *
 * // Version 1 had an amount of euros; version 2 has cents. Releases that know version 1 alone still run, so that is written.
 * const Invoice = defineStream('invoice', {
 *   events: {
 *     Paid: event(v.object({ cents: v.number() }), {
 *       version: 2,
 *       upcast: { 1: ({ amount }: { amount: number }) => ({ cents: Math.round(amount * 100) }) },
 *       writes: 1,
 *       downcast: { 2: ({ cents }) => ({ amount: cents / 100 }) },
 *     }),
 *   },
 *   state: () => ({ cents: 0 }),
 *   fold: { Paid: (state, { cents }) => ({ cents: state.cents + cents }) },
 * });
 * ```
 */
export function event<Input, Output, const Version extends number, Up extends Upcasters>(
  schema: StandardSchemaV1<Input, Output>,
  options: EventOptions<Version, Up, Output>,
): StandardSchemaV1<Input, Output> {
  // The compiler has seen to it that the steps fit; here each takes what it is given.
  const { version, writes = version, upcast = {}, downcast = {} } = options as Partial<Evolution> & { version: number };
  schemaVersion('an event', version);
  for (let older = 1; older < version; older++) {
    if (typeof upcast[older] !== 'function') {
      throw new DefinitionError(
        `An event of version ${version} needs an upcaster from version ${older}: event(schema, { version: ${version}, upcast: { ${older}: (data) => … } }).`,
      );
    }
  }
  if (schemaVersion('what an event writes', writes) > version) {
    throw new DefinitionError(`An event of version ${version} can't write version ${writes}, which it doesn't know.`);
  }
  for (let newer = version; newer > writes; newer--) {
    if (typeof downcast[newer] !== 'function') {
      throw new DefinitionError(
        `An event of version ${version} that writes version ${writes} needs a downcaster from version ${newer}: event(schema, { version: ${version}, writes: ${writes}, downcast: { ${newer}: (data) => … } }).`,
      );
    }
  }
  return Object.freeze({
    '~standard': schema['~standard'],
    [evolution]: { version, writes, schema, upcast, downcast } satisfies Evolution,
  });
}

/** A compiled event schema. */
export interface EventSpec {
  readonly name: string;
  /** The newest version, which this code works with. */
  readonly version: number;
  /** The version that is stored. */
  readonly writes: number;
  /** As the user wrote it. */
  readonly schema: StandardSchemaV1;
  readonly parse: Parse;
  /** The data of a stored event, as the newest schema has it. @throws `UnknownEventType` for a version that is newer still. */
  readonly current: (event: LeanEvent, stream: StreamId) => Json;
  /** Parsed data, as it is stored. @throws {@link DefinitionError} for what the written version can't hold. */
  readonly written: (data: Json) => Json;
}

export function compileEvent(streamType: string, name: string, schema: unknown): EventSpec {
  const parse = parserOf(schema, `The event ${name} of stream type "${streamType}"`);
  // The parser has seen to it that this is a schema.
  const plain: Evolution = { version: 1, writes: 1, schema: schema as StandardSchemaV1, upcast: {}, downcast: {} };
  const evolved = (schema as { [evolution]?: Evolution })[evolution] ?? plain;
  const { version, writes } = evolved;
  const versions = { ...evolved, streamType, name, parse };
  const read = dataReader(versions);
  return {
    name,
    version,
    writes,
    schema: evolved.schema,
    parse,
    current(event, stream) {
      if (event.schemaVersion === version) return event.data;
      if (event.schemaVersion > version) throw unknownEvent(streamType, stream, event, version);
      return read(event.data, event.schemaVersion);
    },
    written: writes === version ? (data) => data : dataWriter(versions, read),
  };
}
