/** An event without a command: for tests that write down what has happened, and for importing what happened elsewhere. */
import { ValidationError } from '../errors/input-errors.js';
import { inspect } from 'node:util';
import type { Json } from '../event/json.js';
import type { StreamId } from '../event/stream-id.js';
import { CompiledStreamType } from './define-stream.js';
import type { AnyReference } from './stream-reference.js';

/** What a stream type makes of an event's data: all that an append needs of it but an id. */
export interface DraftedEvent {
  readonly stream: StreamId;
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: Json;
}

/**
 * What `emit` would make of an event, with no command around it: checked against the stream's type, its data parsed, and in the
 * version that is written.
 * Untyped, since who calls it has the data from elsewhere.
 *
 * @throws `ValidationError` for an event that the stream type doesn't have, and for data that its schema refuses.
 * @throws `DefinitionError` for anything but a reference to a stream.
 *
 * @example
 * ```ts
 * const event = draftEvent(Account.at('alice'), 'AccountOpened', { owner: 'Alice' });
 * await store.append([
 *   prepareAppend({
 *     commandId: '0192f0c1-8f2e-7cc3-98c4-dc0c0c07398f',
 *     fingerprint: 'import',
 *     expected: new Map([[event.stream, 0]]),
 *     events: [{ id: '0192f0c1-8f2e-7cc3-98c4-dc0c0c073990', ...event }],
 *   }),
 * ]);
 * ```
 */
export function draftEvent(reference: { readonly id: StreamId }, type: string, data: unknown): DraftedEvent {
  const { name, events } = CompiledStreamType.ofReference(reference, 'draftEvent');
  const stream = (reference as AnyReference).id;
  const spec = events.get(type);
  if (spec === undefined) {
    const message = `${inspect(type, { depth: 0 })} is no event of stream type "${name}", which has ${[...events.keys()].join(', ')}`;
    throw new ValidationError(`An event for "${stream}"`, [{ path: [], message }]);
  }
  const subject = `event ${type}`;
  const parsed = spec.parse(data, subject);
  if (parsed === undefined)
    throw new ValidationError(subject, [{ path: [], message: 'has no data; an event without any has {}' }]);
  return Object.freeze({ stream, type, schemaVersion: spec.writes, data: spec.written(parsed) });
}
