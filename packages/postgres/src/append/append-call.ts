/** Appends as the arguments of `append`: each stream once, then the commands, what they expect, and what they write. */
import type { StreamId } from '@eventcore/core';
import type { Append, Expected } from '@eventcore/core/store';
import type { Value } from '../connection/database.js';
import { SEPARATOR } from '../sql/sql.js';

/** A call, and what is needed to understand the answer. */
export interface AppendCall {
  readonly appends: readonly Append[];
  /** The streams, in the order in which the answer tells of them. */
  readonly streams: readonly StreamId[];
  readonly values: readonly Value[];
}

/** `faults` says which appends refer to what they can't: they travel as if they were empty, so that nobody rests on them. */
export function appendCall(
  appends: readonly Append[],
  faults: ReadonlySet<number>,
  hearsWarnings: boolean,
): AppendCall {
  const streams = new Streams();
  const commands = new Commands();
  const expectations = new Expectations();
  const events = new Events();

  for (const [index, append] of appends.entries()) {
    const expected = faults.has(index) ? [] : [...append.expected];
    const written = faults.has(index) ? [] : append.events;
    commands.add(append, expected.length, written.length);
    const places = new Map<StreamId, number>();
    for (const [stream, expectation] of expected) {
      places.set(stream, expectations.add(streams.add(stream, expectation), expectation));
    }
    for (const [at, event] of written.entries()) {
      const place = places.get(event.stream)!;
      streams.write(event.stream);
      events.add(event, at, place, expectations.write(place));
    }
  }
  return {
    appends,
    streams: streams.ids,
    values: [...streams.values(), ...commands.values(), ...expectations.values(), ...events.values(), hearsWarnings],
  };
}

/** Numbers in the form in which PostgreSQL reads an array. Joining is what costs least: drivers quote each element. */
const array = (items: readonly (number | string | null)[]): string =>
  `{${items.map((item) => item ?? 'NULL').join(',')}}`;
const list = (items: readonly string[]): string => items.join(SEPARATOR);

class Streams {
  readonly ids: StreamId[] = [];
  readonly #numbers = new Map<StreamId, number>();
  readonly #written: boolean[] = [];
  readonly #known: (number | null)[] = [];

  /** The stream's number, from 1. */
  add(id: StreamId, expectation: Expected): number {
    let number = this.#numbers.get(id);
    if (number === undefined) {
      number = this.ids.push(id);
      this.#numbers.set(id, number);
      this.#written.push(false);
      this.#known.push(null);
    }
    if (typeof expectation === 'number') {
      this.#known[number - 1] = Math.min(expectation, this.#known[number - 1] ?? expectation);
    }
    return number;
  }

  write(id: StreamId): void {
    this.#written[this.#numbers.get(id)! - 1] = true;
  }

  values(): readonly Value[] {
    return [list(this.ids), array(this.#written.map(String)), array(this.#known)];
  }
}

class Commands {
  readonly #ids: string[] = [];
  readonly #fingerprints: (string | null)[] = [];
  readonly #correlations: string[] = [];
  readonly #causations: string[] = [];
  readonly #metadata: string[] = [];
  readonly #expectations: number[] = [];
  readonly #events: number[] = [];
  readonly #twins: number[] = [];
  readonly #numbers = new Map<string, number>();

  add(append: Append, expectations: number, events: number): void {
    const { commandId, fingerprint, correlationId, causationId } = append;
    const metadata = JSON.stringify(append.metadata);
    this.#twins.push(this.#numbers.get(commandId) ?? 0);
    this.#numbers.set(commandId, this.#ids.push(commandId));
    this.#fingerprints.push(typeof fingerprint === 'string' ? fingerprint : null);
    this.#correlations.push(correlationId === commandId ? '' : correlationId);
    this.#causations.push(causationId === commandId ? '' : causationId);
    this.#metadata.push(metadata === '{}' ? '' : metadata);
    this.#expectations.push(expectations);
    this.#events.push(events);
  }

  values(): readonly Value[] {
    const twins = this.#numbers.size === this.#ids.length ? null : array(this.#twins);
    return [
      array(this.#ids),
      JSON.stringify(this.#fingerprints),
      list(this.#correlations),
      list(this.#causations),
      list(this.#metadata),
      array(this.#expectations),
      array(this.#events),
      twins,
    ];
  }
}

class Expectations {
  readonly #streams: number[] = [];
  readonly #expected: (number | null)[] = [];
  readonly #writes: number[] = [];

  /** The expectation's number, from 1. */
  add(stream: number, expected: Expected): number {
    this.#streams.push(stream);
    this.#expected.push(expected === 'any' ? null : typeof expected === 'object' ? -1 - expected.after : expected);
    return this.#writes.push(0);
  }

  /** Counts one more event on its stream: how many there are by now. */
  write(expectation: number): number {
    return ++this.#writes[expectation - 1]!;
  }

  values(): readonly Value[] {
    return [array(this.#streams), array(this.#expected), array(this.#writes)];
  }
}

class Events {
  readonly #expectations: number[] = [];
  readonly #nths: number[] = [];
  readonly #indexes: number[] = [];
  readonly #ids: string[] = [];
  readonly #types: string[] = [];
  readonly #schemaVersions: number[] = [];
  readonly #data: string[] = [];

  add({ id, type, schemaVersion, data }: Append['events'][number], index: number, place: number, nth: number): void {
    this.#expectations.push(place);
    this.#nths.push(nth);
    this.#indexes.push(index);
    this.#ids.push(id);
    this.#types.push(type);
    this.#schemaVersions.push(schemaVersion);
    this.#data.push(JSON.stringify(data));
  }

  values(): readonly Value[] {
    return [
      array(this.#expectations),
      array(this.#nths),
      array(this.#indexes),
      array(this.#ids),
      list(this.#types),
      array(this.#schemaVersions),
      list(this.#data),
    ];
  }
}
