/**
 * A store for the executor's own tests: small, honest, and open to interference. It keeps the contract; a test says what
 * goes wrong, call by call.
 */
import { sequencePosition, START, type Version } from '../event/position.js';
import type { AppendReceipt, CommandRecord, LeanEvent, RecordedEvent } from '../event/recorded-event.js';
import type { StreamId } from '../event/stream-id.js';
import type { Append } from '../store/append.js';
import type {
  CallOptions,
  EventStore,
  HoldQuery,
  ReadRequest,
  ReadResult,
  StoreSettings,
  StreamPage,
} from '../store/event-store.js';
import type { Outcome, Stale } from '../store/outcome.js';
import type { Runtime } from '../runtime/runtime.js';

type Interference<Call, Result> = (call: Call, proceed: () => Result) => Result | Promise<Result>;

export class FakeStore implements EventStore {
  readonly capabilities = {};
  readonly settings: StoreSettings;
  /** Every call, in order, as it came in. */
  readonly reads: ReadRequest[] = [];
  readonly appends: Append[] = [];
  readonly holds: (readonly HoldQuery[])[] = [];
  /** What reads and appends were told of the caller's patience. */
  readonly patience: (CallOptions | undefined)[] = [];
  /** Pages hold so many events at the most. */
  pageSize = Infinity;
  /** How many missed events a conflict carries at the most. */
  missedAtMost = Infinity;
  hold?: NonNullable<EventStore['hold']>;

  readonly #streams = new Map<StreamId, RecordedEvent[]>();
  readonly #commands = new Map<string, CommandRecord>();
  readonly #onRead: Interference<ReadRequest, ReadResult>[] = [];
  readonly #onAppend: Interference<Append, Outcome>[] = [];

  constructor(options: { readonly holds?: boolean; readonly settings?: StoreSettings } = {}) {
    this.settings = options.settings ?? {};
    if (options.holds === true) this.hold = (queries, decide) => this.#hold(queries, decide);
  }

  /** What happens at the next call that has nothing planned yet. `proceed` does what would have been done. */
  atNextRead(interference: Interference<ReadRequest, ReadResult>): this {
    this.#onRead.push(interference);
    return this;
  }

  atNextAppend(interference: Interference<Append, Outcome>): this {
    this.#onAppend.push(interference);
    return this;
  }

  /** Somebody else's events, past every check. */
  write(stream: string, ...events: readonly Omit<LeanEvent, 'schemaVersion'>[]): this {
    for (const event of events) this.#record(stream as StreamId, { schemaVersion: 1, ...event }, 'somebody else', 0);
    return this;
  }

  events(stream: string): readonly RecordedEvent[] {
    return this.#streams.get(stream as StreamId) ?? [];
  }

  async read(request: ReadRequest, options?: CallOptions): Promise<ReadResult> {
    this.reads.push(request);
    this.patience.push(options);
    const proceed = (): ReadResult => ({
      pages: request.streams.map(({ stream, after, upTo }) => this.#page(stream, after, upTo ?? Infinity)),
      recorded: (request.commands ?? []).map((id) => this.#commands.get(id)),
    });
    return (this.#onRead.shift() ?? ((_, go) => go()))(request, proceed);
  }

  async append(appends: readonly Append[], options?: CallOptions): Promise<readonly Outcome[]> {
    const [append] = appends as readonly [Append];
    this.appends.push(append);
    this.patience.push(options);
    return [await (this.#onAppend.shift() ?? ((_, go) => go()))(append, () => this.#apply(append))];
  }

  async readAll(): Promise<never> {
    throw new Error('The executor reads no feed.');
  }

  async close(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {}

  async #hold(
    queries: readonly HoldQuery[],
    decide: (pages: readonly StreamPage[]) => readonly Append[],
  ): Promise<readonly Outcome[]> {
    this.holds.push(queries);
    return decide(queries.map(({ stream, after }) => this.#page(stream, after, Infinity))).map((append) =>
      this.#apply(append),
    );
  }

  #page(stream: StreamId, after: number, upTo: number): StreamPage {
    const events = this.#streams.get(stream) ?? [];
    return {
      stream,
      version: events.length as Version,
      events: events.slice(after, Math.min(upTo, after + this.pageSize)),
    };
  }

  #apply(append: Append): Outcome {
    const known = this.#commands.get(append.commandId);
    if (known !== undefined) {
      const same =
        typeof known.fingerprint === 'object' ||
        typeof append.fingerprint === 'object' ||
        known.fingerprint === append.fingerprint;
      return same
        ? { kind: 'duplicate', receipt: { ...known.receipt, duplicate: true } }
        : { kind: 'idReused', recorded: known };
    }
    const stale = [...append.expected].flatMap(([stream, expected]): Stale[] => {
      const events = this.#streams.get(stream) ?? [];
      const actual = events.length as Version;
      if (typeof expected !== 'number' || expected === actual) return [];
      const missed = events.slice(expected);
      return [{ stream, reason: 'stale', expected, actual, ...(missed.length <= this.missedAtMost && { missed }) }];
    });
    if (stale.length > 0) return { kind: 'conflict', stale };
    const events = append.events.map((event, index) => this.#record(event.stream, event, append.commandId, index));
    const receipt: AppendReceipt = {
      commandId: append.commandId,
      correlationId: append.correlationId,
      duplicate: false,
      events,
      versions: new Map(events.map(({ stream, version }) => [stream, version])),
      position: events.at(-1)?.position ?? START,
    };
    if (events.length > 0)
      this.#commands.set(append.commandId, { commandId: append.commandId, fingerprint: append.fingerprint, receipt });
    return { kind: 'committed', receipt };
  }

  #record(stream: StreamId, event: LeanEvent, commandId: string, index: number): RecordedEvent {
    const events = this.#streams.get(stream) ?? [];
    this.#streams.set(stream, events);
    const recorded = {
      id: `${stream}/${events.length + 1}`,
      correlationId: commandId,
      causationId: commandId,
      metadata: {},
      recordedAt: '2026-01-01T00:00:00.000Z',
      ...event,
      stream,
      version: events.length + 1,
      position: sequencePosition(this.#commands.size + 1, index),
      commandId,
    } as unknown as RecordedEvent;
    events.push(recorded);
    return recorded;
  }
}

/**
 * Virtual time: when nothing else is left to do, it jumps to the next one who sleeps. How long anybody slept is written
 * down. Chance is always the largest there is.
 */
export class FakeRuntime implements Runtime {
  time = Date.parse('2026-01-01T00:00:00.000Z');
  readonly sleeps: number[] = [];
  readonly #sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();
  #ids = 0;

  now(): number {
    return this.time;
  }
  tick(): number {
    return this.time;
  }
  random(): number {
    return 1;
  }
  uuid(): string {
    this.#ids += 1;
    return `01900000-0000-7000-8000-${String(this.#ids).padStart(12, '0')}`;
  }
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const sleeper = {
        until: this.time + milliseconds,
        wake: () => {
          this.#sleepers.delete(sleeper);
          resolve();
        },
      };
      signal?.addEventListener('abort', sleeper.wake, { once: true });
      this.#sleepers.add(sleeper);
      setImmediate(() => this.#wakeNext(sleeper, milliseconds));
    });
  }

  #wakeNext(sleeper: { readonly until: number; readonly wake: () => void }, milliseconds: number): void {
    if (!this.#sleepers.has(sleeper)) return;
    const next = Math.min(...[...this.#sleepers].map(({ until }) => until));
    if (next < sleeper.until) return void setImmediate(() => this.#wakeNext(sleeper, milliseconds));
    this.sleeps.push(milliseconds);
    this.time = Math.max(this.time, sleeper.until);
    sleeper.wake();
  }
}
