/** Asking a command which further streams its state leads to. */
import type { CommandMethods, CompiledCommand, StreamField } from '../command/compiled-command.js';
import { toReference } from '../command/parse-properties.js';
import { DefinitionError, DiscoveryLimit, InvalidDecision } from '../errors/input-errors.js';
import type { StreamId } from '../event/stream-id.js';
import { tooManyStreams } from '../store/append.js';
import type { AnyReference } from '../stream/stream-reference.js';
import { isUnwantedPromise } from '../stream/thenable.js';
import type { KnownStreams } from './known-streams.js';

export const MAX_DISCOVERY_ROUNDS = 10;

/** How many streams a command may come to, those that it appends to without reading them included. */
interface Bounds {
  readonly streams: number;
  readonly unread: readonly StreamId[];
}

/**
 * What one attempt has discovered. Names add up over its rounds, so `discover` may give all that it sees, or only what
 * is next. When a stream that was known has moved, everything is asked anew: the answer has to rest on one snapshot.
 */
export class Discovery {
  readonly #definition: CompiledCommand;
  readonly #command: CommandMethods;
  readonly #bounds: Bounds;
  readonly #byField = new Map<string, Map<StreamId, AnyReference>>();
  #rounds = 0;

  constructor(definition: CompiledCommand, command: CommandMethods, bounds: Bounds) {
    this.#definition = definition;
    this.#command = command;
    this.#bounds = bounds;
  }

  get byField(): ReadonlyMap<string, ReadonlyMap<StreamId, AnyReference>> {
    return this.#byField;
  }

  forget(): void {
    this.#byField.clear();
  }

  /** Asks, and says whether anything was named that this attempt hadn't named yet. Streams not known are added to `known`. */
  ask(state: unknown, known: KnownStreams): boolean {
    const { name, streams } = this.#definition;
    const answer = this.#command.discover!(state);
    if (isUnwantedPromise(answer)) throw asynchronous(name);
    if (typeof answer !== 'object' || answer === null) {
      throw new DefinitionError(
        `${name}.discover gave ${String(answer)}. It gives the keys of each field: { products: ['1', '2'] }.`,
      );
    }
    let named = false;
    const before = known.size;
    for (const field of streams) {
      if (field.role !== 'discovered') continue;
      let members = this.#byField.get(field.name);
      if (members === undefined) this.#byField.set(field.name, (members = new Map()));
      for (const value of iterable((answer as Record<string, unknown>)[field.name], name, field.name)) {
        const reference = referenceTo(field, value);
        if (members.has(reference.id)) continue;
        members.set(reference.id, reference);
        known.add(reference.id, field.type);
        // Counted here, since what `discover` gives may go on for ever.
        if (known.size > before) this.#checkSize(known);
        named = true;
      }
    }
    if (known.size > before) this.#countRound();
    return named;
  }

  #countRound(): void {
    this.#rounds += 1;
    const { name } = this.#definition;
    if (this.#rounds > MAX_DISCOVERY_ROUNDS) {
      throw new DiscoveryLimit(
        `${name}.discover named something new in more than ${MAX_DISCOVERY_ROUNDS} rounds. Does it ever settle?`,
      );
    }
  }

  #checkSize(known: KnownStreams): void {
    const { streams: most, unread } = this.#bounds;
    if (known.size + unread.length <= most) return;
    const streams = known.size + unread.filter((id) => known.get(id) === undefined).length;
    if (streams > most) throw new DiscoveryLimit(`${this.#definition.name} came to ${tooManyStreams(streams, most)}.`);
  }
}

/** A key that can't be one is no bad input: `discover` has made it. */
function referenceTo(field: StreamField, value: unknown): AnyReference {
  try {
    return toReference(field, value);
  } catch (error) {
    throw InvalidDecision.from(error);
  }
}

function iterable(value: unknown, command: string, field: string): Iterable<unknown> {
  if (typeof value === 'object' && value !== null && Symbol.iterator in value) return value as Iterable<unknown>;
  if (isUnwantedPromise(value) || (typeof value === 'object' && value !== null && Symbol.asyncIterator in value))
    throw asynchronous(command);
  throw new DefinitionError(
    `${command}.discover gave nothing for ${field}. It gives the keys of each discovered field; an empty list when there are none.`,
  );
}

function asynchronous(command: string): DefinitionError {
  return new DefinitionError(
    `${command}.discover is asynchronous. It is synchronous: it names streams by the state alone, which it is given.`,
  );
}
