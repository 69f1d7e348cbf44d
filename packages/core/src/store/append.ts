/**
 * An append: what a command writes, and what it rests on. Only `prepareAppend` makes one, so every store gets input
 * that is valid already, and says the same about input that isn't.
 */
import { inspect, types } from 'node:util';
import { validate as isUuid } from 'uuid';
import { ValidationError } from '../errors/input-errors.js';
import { nameFault, parseStreamId, type StreamId } from '../event/stream-id.js';
import { eventName, schemaVersion } from '../event/event-name.js';
import { jsonSize, jsonSizeBound, toJson, type Json } from '../event/json.js';
import { version, type Version } from '../event/position.js';
import type { CommandId, EventId, Fingerprint } from '../event/recorded-event.js';

declare const prepared: unique symbol;

/** What a command expects of a stream: committed history, nothing, or the stream as append `after` of the call leaves it. */
export type Expected = Version | 'any' | { readonly after: number };

export interface NewEvent {
  readonly id: EventId;
  readonly stream: StreamId;
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: Json;
}

export interface Append {
  readonly [prepared]: true;
  readonly commandId: CommandId;
  readonly fingerprint: Fingerprint;
  readonly expected: ReadonlyMap<StreamId, Expected>;
  readonly events: readonly NewEvent[];
  readonly correlationId: string;
  readonly causationId: string;
  readonly metadata: Json;
}

/** What `prepareAppend` takes: plain values, checked there. */
export interface AppendDraft {
  readonly commandId: string;
  readonly fingerprint: Fingerprint;
  /** Every stream that the decision rests on, and every one that is written. */
  readonly expected: ReadonlyMap<string, number | 'any' | { readonly after: number }>;
  readonly events: readonly EventDraft[];
  /** The command id, unless given. */
  readonly correlationId?: string | undefined;
  /** The command id, unless given. */
  readonly causationId?: string | undefined;
  readonly metadata?: unknown;
}

export interface EventDraft {
  readonly id: string;
  readonly stream: string;
  readonly type: string;
  /** 1, unless given. */
  readonly schemaVersion?: number;
  readonly data: unknown;
}

/** What a command carries that has no metadata. */
export const noMetadata: Json = Object.freeze({});

export const MAX_EVENT_BYTES = 1_000_000;
export const MAX_APPEND_BYTES = 16_000_000;
export const MAX_APPEND_EVENTS = 10_000;
/** A command's, and so an append's. A store may take fewer, and says so by its `limits`. */
export const MAX_STREAMS = 1000;
const MAX_FINGERPRINT = 1000;

/**
 * Checks a draft and makes an append of it, frozen.
 *
 * @throws {@link ValidationError} for an id, a name, a value or a size that no store may be given.
 *
 * @example
 * ```ts
 * const append = prepareAppend({
 *   commandId: '0192f0c1-8f2e-7cc3-98c4-dc0c0c07398f',
 *   fingerprint: 'OpenAccount',
 *   expected: new Map([['account-alice', 0]]),
 *   events: [
 *     { id: '0192f0c1-8f2e-7cc3-98c4-dc0c0c073990', stream: 'account-alice', type: 'AccountOpened', data: { owner: 'Alice' } },
 *   ],
 * });
 * const [outcome] = await store.append([append]);
 * ```
 */
export function prepareAppend(draft: AppendDraft): Append {
  const commandId = uuid('The command id', draft.commandId) as CommandId;
  if (!types.isMap(draft.expected)) {
    refuse('The append', `needs what it expects of each stream: expected: new Map([['account-alice', 0]])`);
  }
  if (!Array.isArray(draft.events)) refuse('The append', 'needs a list of events, which may be empty');
  const expected = new Map<StreamId, Expected>();
  for (const [stream, expectation] of draft.expected) {
    expected.set(parseStreamId(stream), checkExpectation(stream, expectation));
  }
  const events = draft.events.map((event) => {
    const stream = parseStreamId(event.stream);
    if (!expected.has(stream))
      refuse(`The event ${event.type}`, `is for "${stream}", of which the append expects nothing`);
    return Object.freeze({
      id: uuid('The event id', event.id) as EventId,
      stream,
      type: eventName(event.type),
      schemaVersion: schemaVersion(event.type, event.schemaVersion ?? 1),
      data: toJson(event.data, `event ${event.type}`),
    });
  });
  checkEventIds(events);
  const append = sealAppend({
    commandId,
    fingerprint: checkFingerprint(draft.fingerprint),
    expected,
    events,
    correlationId: tracingId('The correlation id', draft.correlationId ?? commandId),
    causationId: tracingId('The causation id', draft.causationId ?? commandId),
    metadata: draft.metadata === undefined ? noMetadata : toJson(draft.metadata, 'metadata'),
  });
  Object.freeze(events);
  return Object.freeze(append);
}

/**
 * The last step, for core's own executor, whose parts were checked where they came from: only sizes are left to judge.
 */
export function sealAppend(parts: Omit<Append, typeof prepared>): Append {
  const { events, expected, metadata } = parts;
  if (events.length > MAX_APPEND_EVENTS)
    refuse('The append', `holds ${events.length} events; ${MAX_APPEND_EVENTS} at most`);
  if (expected.size > MAX_STREAMS) refuse('The append', `names ${tooManyStreams(expected.size, MAX_STREAMS)}`);
  // What has no metadata stores none.
  let bound = metadata === noMetadata ? 0 : jsonSizeBound(metadata);
  if (bound > MAX_EVENT_BYTES) checkSize('metadata', jsonSize(metadata), MAX_EVENT_BYTES);
  for (const { type, data } of events) {
    const size = jsonSizeBound(data);
    bound += size;
    if (size > MAX_EVENT_BYTES) checkSize(`event ${type}`, jsonSize(data), MAX_EVENT_BYTES);
  }
  if (bound > MAX_APPEND_BYTES) {
    const ofMetadata = metadata === noMetadata ? 0 : jsonSize(metadata);
    checkSize(
      'The append',
      events.reduce((sum, { data }) => sum + jsonSize(data), ofMetadata),
      MAX_APPEND_BYTES,
    );
  }
  checkMetadataSize(parts.metadata);
  return parts as Append;
}

/** Whoever counts them says it in the same words: of an append, of a command when it begins, and while it discovers. */
export function tooManyStreams(streams: number, most: number): string {
  return `${streams} streams; ${most} at most. A decision over more belongs in several commands`;
}

export function checkMetadataSize(metadata: Json): void {
  if (jsonSizeBound(metadata) > MAX_EVENT_BYTES) checkSize('metadata', jsonSize(metadata), MAX_EVENT_BYTES);
}

/** Correlation and causation ids are free text, so that a trace from elsewhere can go on here. */
export function tracingId(subject: string, text: string): string {
  const fault = nameFault(text);
  if (fault !== undefined) refuse(subject, fault);
  return text;
}

export function uuid(subject: string, text: string): string {
  if (typeof text !== 'string' || !isUuid(text)) {
    refuse(subject, `must be a UUID, not ${inspect(text)}; commandIdFrom(scope, key) makes one from a key of your own`);
  }
  return text.toLowerCase();
}

function checkFingerprint(fingerprint: Fingerprint): Fingerprint {
  if (typeof fingerprint !== 'string') {
    if (fingerprint?.any === true) return fingerprint;
    refuse('The fingerprint', `must be a text or { any: true }, not ${inspect(fingerprint)}`);
  }
  if (!fingerprint.isWellFormed() || fingerprint.includes('\u0000')) {
    refuse('The fingerprint', 'must not hold a lone surrogate or the character U+0000');
  }
  if (fingerprint.length > MAX_FINGERPRINT)
    refuse('The fingerprint', 'is a digest, and no longer than 1,000 characters');
  return fingerprint;
}

function checkExpectation(stream: string, expectation: number | 'any' | { readonly after: number }): Expected {
  if (expectation === 'any') return expectation;
  const number = typeof expectation === 'object' ? expectation?.after : expectation;
  if (!Number.isSafeInteger(number) || number < 0) {
    refuse(
      `What the append expects of "${stream}"`,
      `must be a version, 'any' or { after: index }, not ${inspect(expectation)}`,
    );
  }
  return typeof expectation === 'object' ? { after: number } : version(number);
}

function checkEventIds(events: readonly NewEvent[]): void {
  const seen = new Set<string>();
  for (const { id, type } of events) {
    if (seen.has(id)) refuse(`The event ${type}`, `has the id ${id}, which another event of the append has already`);
    seen.add(id);
  }
}

function checkSize(subject: string, bytes: number, most: number): void {
  if (bytes > most) {
    refuse(
      subject,
      `takes ${bytes.toLocaleString('en')} bytes of JSON; ${most.toLocaleString('en')} at most. Keep large documents elsewhere, and their address in the event`,
    );
  }
}

function refuse(subject: string, message: string): never {
  throw new ValidationError(subject, [{ path: [], message }]);
}
