/**
 * Gathering what a decision rests on: one snapshot of every stream, declared or discovered.
 *
 * What was read once is kept over all attempts of an execution. It is one snapshot (`known.consistent`) when everything was
 * read in one call, or when a conflict or a hold has brought all of it to one moment.
 */
import type { StreamField } from '../command/compiled-command.js';
import type { Values } from '../command/parse-properties.js';
import { ValidationError } from '../errors/input-errors.js';
import type { CommandRecord } from '../event/recorded-event.js';
import type { Version } from '../event/position.js';
import type { StreamId } from '../event/stream-id.js';
import type { ExecutionInfo } from '../observe/hooks.js';
import type { NeededStream } from '../share/shared-command.js';
import { tooManyStreams, type Expected } from '../store/append.js';
import type { HoldQuery, ReadRequest, ReadResult, StreamPage, StreamQuery } from '../store/event-store.js';
import type { AnyReference } from '../stream/stream-reference.js';
import { Discovery } from './discovery.js';
import type { ExecutionPlan } from './execution-plan.js';
import { KnownStreams } from './known-streams.js';
import { stateOf, type DiscoveredByField } from './state.js';
import { Interruption, ReadFailed, type Answers, type Steps } from './step.js';

/** A stream that a field names. */
interface DeclaredStream {
  readonly id: StreamId;
  readonly field: StreamField;
}

const NOTHING_DISCOVERED: DiscoveredByField = new Map();

export class Gathering {
  readonly declared: readonly DeclaredStream[];
  readonly known: KnownStreams;
  readonly #plan: ExecutionPlan;
  readonly #info: () => ExecutionInfo;
  /** Undefined for commands that discover nothing. */
  #discovery: Discovery | undefined;
  #lookedUp: boolean;
  /** What a hold has left to be read. */
  #rest: StreamQuery[] = [];

  constructor(plan: ExecutionPlan, info: () => ExecutionInfo) {
    const { definition, values } = plan.parts;
    this.#plan = plan;
    this.#info = info;
    this.#lookedUp = !plan.idGiven;
    this.declared = declaredStreams(definition.streams, values);
    this.known = new KnownStreams({
      keepEvents: definition.customState,
      detail: definition.detail,
      onUnknownEvent: plan.onUnknownEvent,
    });
    for (const { id, field } of this.declared) if (field.role !== 'append') this.known.add(id, field.type);
    if (this.known.size === 0) this.known.consistent = true;
    const streams = new Set(this.declared.map(({ id }) => id)).size;
    if (streams > plan.maxStreams) {
      const message = `names ${tooManyStreams(streams, plan.maxStreams)}`;
      throw new ValidationError(definition.name, [{ path: [], message }]);
    }
  }

  /** Every attempt discovers anew: what it names has to follow from the snapshot that it decides on. */
  beginAttempt(): void {
    const { parts, command, maxStreams } = this.#plan;
    if (!parts.definition.discovers) return;
    const unread = this.declared.flatMap(({ id, field }) => (field.role === 'append' ? [id] : []));
    this.#discovery = new Discovery(parts.definition, command, { streams: maxStreams, unread });
  }

  /** The discovered streams of each field, in this attempt. */
  get discovered(): DiscoveredByField {
    return this.#discovery?.byField ?? NOTHING_DISCOVERED;
  }

  state(): unknown {
    const { parts, command, onUnknownEvent } = this.#plan;
    const { definition, values } = parts;
    return stateOf({ definition, command, values, known: this.known, discovered: this.discovered, onUnknownEvent });
  }

  /** Reads what isn't known yet. Gives the record instead, if the caller's command id was applied already. */
  *snapshot(): Steps<CommandRecord | undefined> {
    if (!this.known.consistent || !this.#lookedUp) {
      const recorded = yield* this.#readAll(this.known.queries());
      if (recorded !== undefined) return recorded;
    }
    return this.#discovery === undefined ? undefined : yield* this.#discover();
  }

  /** What a hold has to lock, and from where on it has to hand over what was missed. */
  holdQueries(): HoldQuery[] {
    const { detail } = this.#plan.parts.definition;
    return this.neededStreams().map(({ id, mode }) => {
      return { stream: id, after: this.known.get(id)!.version, mode, detail };
    });
  }

  /** What the decision rests on, and which of it may be written. */
  neededStreams(): NeededStream[] {
    const onlyRead = new Set<StreamId>();
    const written = new Set<StreamId>();
    for (const { id, field } of this.declared) (field.role === 'read' ? onlyRead : written).add(id);
    const needed: NeededStream[] = [];
    for (const { id, type } of this.known.values()) {
      const mayBeWritten = written.has(id) || !onlyRead.has(id) || this.#discovers(type.name);
      needed.push({ id, type, mode: mayBeWritten ? 'write' : 'read' });
    }
    return needed;
  }

  /** Takes in what a hold hands over, and says whether that is all: no page ended early, and nothing further is named. */
  absorbHeld(queries: readonly HoldQuery[], pages: readonly StreamPage[]): boolean {
    this.known.consistent = false;
    this.#rest = this.known.absorb(queries, pages).rest;
    if (this.#rest.length > 0) return false;
    this.known.consistent = true;
    return !this.#namesUnknown();
  }

  /** Goes on from what a hold has handed over, without holding. Gives the record, as `snapshot` does. */
  *goOnFreely(): Steps<CommandRecord | undefined> {
    const rest = this.#rest;
    this.#rest = [];
    const recorded = rest.length === 0 ? undefined : yield* this.#readAll(rest);
    return recorded ?? (yield* this.#discover());
  }

  /** The record of the caller's command id, for a decision on what a hold handed over: there it couldn't be looked up. */
  *lookUp(): Steps<CommandRecord | undefined> {
    const { commandId, idGiven } = this.#plan;
    if (!idGiven) return undefined;
    const { recorded } = yield* read({ streams: [], commands: [commandId] });
    return recorded[0];
  }

  /** The version of each stream that this attempt has read: what a decision rests on. */
  versions(): Map<StreamId, Version> {
    const versions = new Map<StreamId, Version>();
    for (const [id, expected] of this.expected()) if (expected !== 'any') versions.set(id, expected as Version);
    return versions;
  }

  /** What was read in this attempt, each stream once; streams that only an earlier attempt has read are not expected. */
  expected(): Map<StreamId, Expected> {
    const expected = new Map<StreamId, Expected>();
    for (const { id, field } of this.declared) {
      if (field.role !== 'append') expected.set(id, this.known.get(id)!.version);
      else if (!expected.has(id)) expected.set(id, 'any');
    }
    for (const members of this.discovered.values()) {
      for (const id of members.keys()) expected.set(id, this.known.get(id)!.version);
    }
    return expected;
  }

  /**
   * Reads in one snapshot, and then on to the end of pages that ended early: history is immutable, so no snapshot is needed
   * for that. With every snapshot the caller's command id is looked up: it may hold what this very command has written,
   * sent from elsewhere under the same id, and that must never be decided on.
   */
  *#readAll(queries: StreamQuery[]): Steps<CommandRecord | undefined> {
    const { commandId, idGiven, notify, runtime } = this.#plan;
    let lookUp = idGiven;
    for (let asked = queries; asked.length > 0 || (lookUp && !this.#lookedUp);) {
      const began = notify && runtime.tick();
      const before = this.known.eventsRead;
      const request = lookUp ? { streams: asked, commands: [commandId] } : { streams: asked };
      const result = yield* read(request);
      if (lookUp && result.recorded[0] !== undefined) return result.recorded[0];
      if (lookUp) this.#lookedUp = true;
      lookUp = false;
      const { rest, moved } = this.known.absorb(asked, result.pages);
      if (moved && asked === queries) this.#discovery?.forget();
      notify?.('read', {
        ...this.#info(),
        streams: asked.length,
        events: this.known.eventsRead - before,
        duration: runtime.tick() - began!,
      });
      asked = rest;
    }
    this.known.consistent = true;
    return undefined;
  }

  /** Asks until nothing new is named. The last round is a snapshot of everything. */
  *#discover(): Steps<CommandRecord | undefined> {
    while (this.#namesUnknown()) {
      this.#plan.notify?.('discovered', { ...this.#info(), streams: this.known.size });
      const recorded = yield* this.#readAll(this.known.queries());
      if (recorded !== undefined) return recorded;
    }
    return undefined;
  }

  /** Whether a stream of that type may be discovered, and then written, also one that is declared for reading. */
  #discovers(typeName: string): boolean {
    return this.#plan.parts.definition.streams.some(
      ({ role, type }) => role === 'discovered' && type.name === typeName,
    );
  }

  /** Asks as long as what is named is known already, and says whether something has to be read. */
  #namesUnknown(): boolean {
    while (this.known.consistent && this.#discovery?.ask(this.state(), this.known) === true);
    return !this.known.consistent;
  }
}

/** @throws {@link ReadFailed} with what the store threw. */
function* read(request: ReadRequest): Steps<ReadResult> {
  try {
    return (yield { kind: 'read', request }) as Answers['read'];
  } catch (error) {
    throw error instanceof Interruption ? error : new ReadFailed(error);
  }
}

function declaredStreams(streams: readonly StreamField[], values: Values): DeclaredStream[] {
  const declared: DeclaredStream[] = [];
  for (const field of streams) {
    const value = values[field.name];
    if (value === undefined) continue;
    if (field.role === 'set') for (const { id } of value as readonly AnyReference[]) declared.push({ id, field });
    else declared.push({ id: (value as AnyReference).id, field });
  }
  return declared;
}
