/** An event's data from one version of its schema to another: up to the newest when it is read, down when an older is written. */
import { isDeepStrictEqual } from 'node:util';
import { DefinitionError } from '../errors/input-errors.js';
import { isEventCoreError } from '../errors/is-event-core-error.js';
import { toJson, type Json } from '../event/json.js';
import type { Parse } from './standard-schema.js';
import { isUnwantedPromise } from './thenable.js';

/** Turns the data of one version into that of its neighbour. Pure: stored events never change. */
export type Cast = (data: unknown) => unknown;

/** All that is known of the versions of one event. */
export interface EventVersions {
  readonly streamType: string;
  readonly name: string;
  readonly version: number;
  readonly writes: number;
  readonly upcast: Readonly<Record<number, Cast>>;
  readonly downcast: Readonly<Record<number, Cast>>;
  readonly parse: Parse;
}

/** Gives the newest version of data that is of an older one. */
export type DataReader = (data: Json, from: number) => Json;

/**
 * What the last upcaster gives is parsed, also in production: what is read is then what the schema promises, brands included,
 * or an error, and never NaN. It costs as much as emitting the event did, about half a microsecond for a small one, and only older events pay.
 */
export function dataReader({ streamType, name, version, upcast, parse }: EventVersions): DataReader {
  const event = `${name} in stream type "${streamType}"`;
  return (stored, from) => {
    let data: unknown = stored;
    for (let older = from; older < version; older++) {
      data = checked(upcast[older]!(data), `The upcaster of ${event}, from version ${older},`, 'next');
    }
    const subject = `What the upcasters of ${event} make of version ${from}`;
    const parsed = asDefinition(name, `The last one has to give what the schema of version ${version} takes.`, () =>
      parse(data, subject),
    );
    if (parsed !== undefined) return parsed;
    throw new DefinitionError(`${subject} is no data: the schema of version ${version} makes undefined of it.`, {
      context: { event: name },
    });
  };
}

/**
 * Gives the version that is to be written of data that is of the newest one. It is read again at once, since what gets lost
 * here would be lost for ever, without a word; only a release that writes an older version pays for that.
 */
export function dataWriter(
  { streamType, name, version, writes, downcast }: EventVersions,
  read: DataReader,
): (data: Json) => Json {
  const event = `${name} in stream type "${streamType}"`;
  return (data) => {
    let older: unknown = data;
    for (let newer = version; newer > writes; newer--) {
      older = checked(downcast[newer]!(older), `The downcaster of ${event}, from version ${newer},`, 'previous');
    }
    const written = asDefinition(name, 'The last one has to give JSON.', () =>
      toJson(older, `What the downcasters of ${event} make of version ${version}`),
    );
    const lost = firstDifference(data, read(written, writes), 'data');
    if (lost === undefined) return written;
    throw new DefinitionError(
      `${event} can't be written in version ${writes}, as its "writes" says: read again, it has another ${lost}. ` +
        `Mend its casts; or emit only what version ${writes} can hold, until no release runs any more that doesn't know version ${version}, and that is written.`,
      { context: { event: name } },
    );
  };
}

function checked(data: unknown, who: string, neighbour: 'next' | 'previous'): unknown {
  if (data !== undefined && !isUnwantedPromise(data)) return data;
  const why =
    data === undefined
      ? `gave nothing back. It has to return the data of the ${neighbour} version`
      : 'is asynchronous. Casts are pure and synchronous';
  throw new DefinitionError(`${who} ${why}.`);
}

/** What the code itself has made is not valid: nobody's input is to blame. */
function asDefinition<T>(event: string, advice: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!isEventCoreError(error, 'VALIDATION')) throw error;
    throw new DefinitionError(`${error.message}. ${advice}`, { context: { event }, cause: error });
  }
}

/** Where two values differ first, as one would write it in code. */
function firstDifference(one: unknown, other: unknown, at: string): string | undefined {
  if (isDeepStrictEqual(one, other)) return undefined;
  if (!isContainer(one) || !isContainer(other) || Array.isArray(one) !== Array.isArray(other)) return at;
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const found = firstDifference(one[key], other[key], `${at}${Array.isArray(one) ? `[${key}]` : `.${key}`}`);
    if (found !== undefined) return found;
  }
  return at;
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
