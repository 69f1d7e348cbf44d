/** `on`: an event as specs write it down, what has happened as well as what is expected. */
import {
  DefinitionError,
  isEventCoreError,
  ValidationError,
  type AppendRef,
  type EventsOfRef,
  type ReadRef,
  type StreamId,
  type StreamRef,
} from '@eventcore/core';
import { draftEvent } from '@eventcore/core/definitions';
import { matcherPaths } from './matcher.js';
import type { StatedData } from './stated.js';

/* References are invariant, so only `any` stands for all of them. */
/* eslint-disable typescript/no-explicit-any */
type AnyReference = StreamRef<any, any, any> | ReadRef<any, any, any> | AppendRef<any, any, any>;
/* eslint-enable typescript/no-explicit-any */

/** What may be said of an event besides its data. What has happened is recorded so; of what is expected, only this is compared. */
export interface EventDetails {
  /** Custom metadata, whole. It may hold matchers where it is expected. */
  readonly metadata?: unknown;
  readonly correlationId?: string;
  readonly causationId?: string;
  /** When it was recorded, in ISO form. */
  readonly at?: string;
}

/**
 * An event on a stream. In `given` it is what has happened, in `then` what is expected to happen.
 *
 * Its data is typed by the stream's type, brands may be left out, and the schema parses it here. With `schemaVersion` it is
 * an event as older code wrote it: its data is taken as it is, to be upcast. Matchers (`expect.any(String)`) may stand for
 * any part of what is expected.
 *
 * @throws `ValidationError` for data that the event's schema refuses.
 *
 * @example
 * ```ts
 * const alice = Account.at('alice');
 * on(alice, 'MoneyDeposited', { amount: 100 });
 * on(alice, 'MoneyDeposited', { amount: 100 }, { at: '2026-03-01T09:00:00.000Z', metadata: { by: 'teller 7' } });
 * on(alice, 'AccountOpened', { name: 'Alice' }, { schemaVersion: 1 });
 * ```
 */
export function on<Ref extends AnyReference, Type extends keyof EventsOfRef<Ref> & string>(
  reference: Ref,
  type: Type,
  data: StatedData<Ref, Type>,
  details?: EventDetails & { readonly schemaVersion?: never },
): SpecEvent;
export function on<Ref extends AnyReference, Type extends keyof EventsOfRef<Ref> & string>(
  reference: Ref,
  type: Type,
  data: unknown,
  details: EventDetails & { readonly schemaVersion: number },
): SpecEvent;
export function on(
  reference: AnyReference,
  type: string,
  data: unknown,
  { schemaVersion, at, ...details }: EventDetails & { readonly schemaVersion?: number } = {},
): SpecEvent {
  if (typeof (reference as { readonly id?: unknown } | null | undefined)?.id !== 'string')
    throw new DefinitionError("on needs a reference to a stream: on(Account.at('alice'), 'MoneyDeposited', { … }).");
  const hasMatchers = matcherPaths([data, details]).length > 0;
  const drafted = schemaVersion === undefined ? draft(reference, type, data) : { data, schemaVersion };
  return new SpecEvent({
    stream: reference.id,
    type,
    ...drafted,
    versionStated: schemaVersion !== undefined,
    hasMatchers,
    details: at === undefined ? details : { ...details, at: isoTime(at) },
  });
}

/** Data that holds matchers stays as it is, and is checked as far as there are none. */
function draft(
  reference: AnyReference,
  type: string,
  data: unknown,
): { readonly data: unknown; readonly schemaVersion?: number } {
  const matchers = matcherPaths(data);
  try {
    const drafted = draftEvent(reference, type, data);
    return matchers.length > 0 ? { data } : { data: drafted.data, schemaVersion: drafted.schemaVersion };
  } catch (error) {
    // An event that there isn't has no data to excuse.
    if (!isEventCoreError(error, 'VALIDATION') || error.subject !== `event ${type}`) throw error;
    const issues = error.issues.filter(({ path }) => !matchers.some((matcher) => onTheWay(path, matcher)));
    if (issues.length > 0) throw new ValidationError(error.subject, issues);
    return { data };
  }
}

/** Whether one of two paths leads to the other: what a schema says there, it says of a matcher. */
function onTheWay(one: readonly (string | number)[], other: readonly (string | number)[]): boolean {
  const shorter = Math.min(one.length, other.length);
  return one.slice(0, shorter).every((key, index) => String(key) === String(other[index]));
}

/** A moment in the form in which events are recorded. @throws `DefinitionError` for anything but a moment. */
export function isoTime(text: string): string {
  const time = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw new DefinitionError(`${JSON.stringify(text)} is no moment: write it as '2026-03-01T09:00:00.000Z'.`);
  return new Date(time).toISOString();
}

/** An event that a spec states: what `on` gives. */
export class SpecEvent {
  readonly stream: StreamId;
  readonly type: string;
  readonly data: unknown;
  /** Unknown for data with matchers, which can't be recorded anyway. */
  readonly schemaVersion: number | undefined;
  /** Whether the spec has said which version it means: only then is it compared. */
  readonly versionStated: boolean;
  readonly hasMatchers: boolean;
  readonly details: EventDetails;
  /** Nominal: what only looks like one was never checked. */
  readonly #checked = true;

  constructor(parts: SpecEventParts) {
    this.stream = parts.stream;
    this.type = parts.type;
    this.data = parts.data;
    this.schemaVersion = parts.schemaVersion;
    this.versionStated = parts.versionStated;
    this.hasMatchers = parts.hasMatchers;
    this.details = parts.details;
    Object.freeze(this);
  }

  static is(value: unknown): value is SpecEvent {
    return typeof value === 'object' && value !== null && #checked in value && value.#checked;
  }
}

interface SpecEventParts {
  readonly stream: StreamId;
  readonly type: string;
  readonly data: unknown;
  readonly schemaVersion?: number;
  readonly versionStated: boolean;
  readonly hasMatchers: boolean;
  readonly details: EventDetails;
}
