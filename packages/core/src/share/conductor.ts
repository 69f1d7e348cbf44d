/**
 * Many executions over one store, sharing its calls.
 *
 * What a command reads is what the commands before it will leave behind: it is decided at once, on warm streams and on what is
 * queued, and joins the queue. While a call is under way the next one gathers; then it goes out whole, in one commit. What makes
 * that sound:
 *
 * - A command that rests on a neighbour's effect expects that very append, never the version it would lead to: somebody else's
 *   event may come to have that number.
 * - Nobody is answered before the store has answered their own append; also a rejection is an append, without events.
 * - When one of a call is refused, everything that is queued is decided again, on what was really committed.
 * - A call whose answer was lost goes again, whole and unchanged; until it is answered, whoever needs its streams waits, and is
 *   decided again then.
 *
 * After a conflict with somebody elsewhere, calls are decided under the store's locks, where it has them, until one finds that
 * nobody has come between: several processes on the same streams take turns.
 */
import type { StreamId } from '../event/stream-id.js';
import type { Append } from '../store/append.js';
import type { EventStore, HoldQuery, StreamPage } from '../store/event-store.js';
import { outcomesOf, type Outcome } from '../store/outcome.js';
import type { OnUnknownEvent } from '../stream/fold.js';
import { beyondDoubt } from './doubt.js';
import { chained, Entry, type SharedEnd } from './entry.js';
import { Loading, NotRead } from './loading.js';
import type { NeededStream, SharedCommand } from './shared-command.js';
import { WarmStreams, type FoldedStream } from './warm-streams.js';

/** What a call may carry. */
const MOST_COMMANDS = 256;
const MOST_STREAMS = 1000;
/** Calls that are under way at once. The second goes out only when the first is late, and has to do with none of its streams. */
const MOST_CALLS = 8;
/** After so many milliseconds a call is late: perhaps it waits for somebody who holds one of its streams. */
const LATE = 100;
/** How many calls are decided under locks after the last one that met somebody else. */
const WARY = 8;
/** Of how many streams the state is kept. */
const WARM_STREAMS = 10_000;

interface Call {
  readonly entries: readonly Entry[];
  readonly touches: ReadonlySet<StreamId>;
  late: boolean;
  /** Its answer was lost. */
  doubted: boolean;
}

export class Conductor {
  readonly #store: EventStore;
  readonly #warm: WarmStreams;
  readonly #loading: Loading;
  readonly #calls = new Set<Call>();
  #queue: Entry[] = [];
  /** Streams as what is queued and under way will leave them; undefined where that can't be foretold. */
  readonly #ahead = new Map<StreamId, { readonly entry: Entry; readonly leaves: FoldedStream | undefined }>();
  /** Those that need a stream of which nothing is foretold, until one of the entries in their way has ended. */
  #waiting: Entry[] = [];
  #gathering = false;
  #wary = 0;

  constructor(store: EventStore, onUnknownEvent: OnUnknownEvent) {
    this.#store = store;
    this.#warm = new WarmStreams(WARM_STREAMS, onUnknownEvent);
    this.#loading = new Loading(store, this.#warm);
  }

  /** `done`: nobody waits for it any more. One that was not sent by then never will be. */
  async conduct(command: SharedCommand, done?: AbortSignal): Promise<SharedEnd> {
    if (command.streams.length > MOST_STREAMS) return { kind: 'givenBack' };
    return new Promise((resolve, reject) => {
      const entry = new Entry(
        command,
        (end) => resolve(this.#over(entry, end)),
        (error) => reject(this.#over(entry, error)),
      );
      done?.addEventListener('abort', () => this.#withdraw(entry), { once: true });
      this.#enter(entry);
    });
  }

  #over<End>(entry: Entry, end: End): End {
    for (const { id } of entry.command.streams) {
      if (this.#ahead.get(id)?.entry === entry) this.#ahead.delete(id);
    }
    if (this.#waiting.length > 0) {
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const waiter of waiting) this.#enter(waiter);
    }
    return end;
  }

  // ---- deciding

  /** Decides as soon as everything that it needs is known, and lines up. */
  #enter(entry: Entry): void {
    if (entry.withdrawn) return;
    const basis = this.#basisOf(entry.command.streams);
    if (basis === 'wait') return void this.#waiting.push(entry);
    if (basis === 'load') return this.#load(entry);
    if (!entry.decideOn(basis, this.#warm)) return entry.end({ kind: 'givenBack' });
    this.#lineUp(entry);
    this.#gather();
  }

  #lineUp(entry: Entry): void {
    this.#queue.push(entry);
    this.#foretell(entry);
  }

  #foretell(entry: Entry): void {
    for (const [id, leaves] of entry.leaves) this.#ahead.set(id, { entry, leaves });
  }

  #basisOf(streams: readonly NeededStream[]): FoldedStream[] | 'wait' | 'load' {
    const basis: FoldedStream[] = [];
    let missing = false;
    for (const { id, type } of streams) {
      const ahead = this.#ahead.get(id);
      if (ahead !== undefined && ahead.leaves?.type !== type) return 'wait';
      const folded = ahead?.leaves ?? this.#warm.get(id, type);
      if (folded === undefined) missing = true;
      else basis.push(folded);
    }
    return missing ? 'load' : basis;
  }

  #load(entry: Entry): void {
    const missing = entry.command.streams.filter(
      ({ id, type }) => !this.#ahead.has(id) && this.#warm.get(id, type) === undefined,
    );
    Promise.all(missing.map(({ id, type }) => this.#loading.load(id, type))).then(
      () => this.#enter(entry),
      (error: unknown) => {
        if (error instanceof NotRead) entry.end({ kind: 'unsent', error: error.error });
        else entry.fail(error);
      },
    );
  }

  #withdraw(entry: Entry): void {
    entry.withdrawn = true;
    this.#waiting = this.#waiting.filter((other) => other !== entry);
    // What rests on it is decided again, and it is left out.
    if (this.#queue.includes(entry)) this.#decideAgain();
  }

  /** What is queued may rest on what won't be: it is decided again, in the same order, on what is known now. */
  #decideAgain(): void {
    const queue = this.#queue;
    this.#queue = [];
    this.#ahead.clear();
    for (const { entries } of this.#calls) for (const entry of entries) this.#foretell(entry);
    for (const entry of queue) this.#enter(entry);
  }

  // ---- sending

  /** What is decided in the same turn goes together. */
  #gather(): void {
    if (this.#gathering || this.#queue.length === 0 || !this.#mayCall()) return;
    this.#gathering = true;
    void Promise.resolve().then(() => {
      this.#gathering = false;
      const entries = this.#nextCall();
      if (entries.length > 0) void this.#call(entries);
    });
  }

  /** One call at a time, and beside it another one only where that one is late. */
  #mayCall(): boolean {
    return this.#calls.size === 0 || (this.#late && this.#calls.size < MOST_CALLS);
  }

  get #late(): boolean {
    for (const { late, doubted } of this.#calls) if (!late && !doubted) return false;
    return true;
  }

  /** The first that are queued, of those that have to do with nothing that is under way, or with what is left behind. */
  #nextCall(): Entry[] {
    const taken = new Set<StreamId>();
    const untouchable = new Set<StreamId>();
    for (const { touches } of this.#calls) for (const id of touches) untouchable.add(id);
    const entries: Entry[] = [];
    const rest: Entry[] = [];
    for (const entry of this.#queue) {
      const ids = entry.command.streams.map(({ id }) => id);
      const room = entries.length < MOST_COMMANDS && taken.size + ids.length <= MOST_STREAMS;
      if (room && !ids.some((id) => untouchable.has(id))) {
        entries.push(entry);
        for (const id of ids) taken.add(id);
      } else {
        rest.push(entry);
        for (const id of ids) untouchable.add(id);
      }
    }
    this.#queue = rest;
    return entries;
  }

  async #call(entries: readonly Entry[]): Promise<void> {
    const touches = new Set(entries.flatMap(({ command }) => command.streams.map(({ id }) => id)));
    const call: Call = { entries, touches, late: false, doubted: false };
    this.#calls.add(call);
    const answered = new AbortController();
    void this.#watchFor(call, answered.signal);
    try {
      if (this.#wary > 0 && this.#store.hold !== undefined) await this.#callUnderHold(call);
      else await this.#callFreely(call);
    } finally {
      answered.abort();
      this.#calls.delete(call);
      this.#gather();
    }
  }

  async #watchFor(call: Call, answered: AbortSignal): Promise<void> {
    await call.entries[0]!.command.runtime.sleep(LATE, answered);
    if (answered.aborted) return;
    call.late = true;
    this.#gather();
  }

  async #callFreely(call: Call): Promise<void> {
    const appends = chained(call.entries);
    for (const { command } of call.entries) command.sending(false);
    let outcomes: readonly Outcome[];
    try {
      outcomes = outcomesOf(await this.#store.append(appends), appends.length);
    } catch (error) {
      return this.#unsent(call, error);
    }
    this.#settle(call, call.entries, appends, await this.#beyondDoubt(call, appends, outcomes));
  }

  /**
   * Decides under the store's locks. Nobody can have come between, so it is wary as long as it finds that somebody has, and
   * for some calls more.
   */
  async #callUnderHold(call: Call): Promise<void> {
    let sent: readonly Entry[] = [];
    let appends: readonly Append[] = [];
    let outcomes: readonly Outcome[];
    try {
      const queries = this.#holdQueries(call);
      const answer = await this.#store.hold!(queries, (pages) => {
        this.#wary = this.#absorbHeld(queries, pages) ? WARY : this.#wary - 1;
        sent = this.#decideHeld(call);
        appends = chained(sent);
        for (const { command } of sent) command.sending(true);
        return appends;
      });
      outcomes = outcomesOf(answer, appends.length);
    } catch (error) {
      return this.#unsent(call, error);
    }
    const left = call.entries.filter((entry) => !sent.includes(entry));
    const answered = await this.#beyondDoubt(call, appends, outcomes);
    // What is queued rests on what these were before the hold.
    this.#settle(call, sent, appends, answered, left);
  }

  #holdQueries(call: Call): HoldQuery[] {
    const queries = new Map<StreamId, HoldQuery>();
    for (const { command } of call.entries) {
      for (const { id, type, mode } of command.streams) {
        if (queries.get(id)?.mode === 'write') continue;
        const folded = this.#warm.get(id, type);
        if (folded === undefined) this.#warm.set(id, WarmStreams.unread(type));
        queries.set(id, { stream: id, after: folded?.version ?? WarmStreams.unread(type).version, mode });
      }
    }
    return [...queries.values()];
  }

  /** Whether somebody else has written meanwhile. */
  #absorbHeld(queries: readonly HoldQuery[], pages: readonly StreamPage[]): boolean {
    let others = false;
    for (const [index, { stream, after }] of queries.entries()) {
      const { version, events } = pages[index]!;
      if (version > after) others = true;
      this.#warm.catchUp(stream, after + events.length === version ? events : undefined, version);
    }
    return others;
  }

  /** Those of a call that can be decided on what the hold has handed over, one on what the other leaves. */
  #decideHeld(call: Call): Entry[] {
    const ahead = new Map<StreamId, FoldedStream | undefined>();
    return call.entries.filter((entry) => {
      if (entry.withdrawn) return false;
      const basis = entry.command.streams.map(({ id, type }) =>
        ahead.has(id) ? ahead.get(id) : this.#warm.get(id, type),
      );
      if (!basis.every((folded) => folded !== undefined) || !entry.decideOn(basis, this.#warm)) return false;
      for (const [id, leaves] of entry.leaves) ahead.set(id, leaves);
      return true;
    });
  }

  // ---- what came of it

  /**
   * Nothing of it was sent, and nothing that rests on it will be as it was decided. What is no passing trouble of the store's may
   * be the fault of one of them: each is given back, and goes by itself.
   */
  #unsent(call: Call, error: unknown): void {
    this.#calls.delete(call);
    const passing = call.entries.length === 1 || (error as { readonly retriable?: unknown } | null)?.retriable === true;
    for (const entry of call.entries) {
      if (passing) entry.end({ kind: 'unsent', error });
      else entry.end({ kind: 'givenBack' });
    }
    this.#decideAgain();
  }

  async #beyondDoubt(call: Call, appends: readonly Append[], first: readonly Outcome[]): Promise<readonly Outcome[]> {
    if (first.every(({ kind }) => kind !== 'unknown')) return first;
    call.doubted = true;
    // What is queued waits for its streams; the rest need not.
    this.#gather();
    return beyondDoubt(this.#store, appends, first, call.entries[0]!.command.runtime, (cause) => {
      for (const { command } of call.entries) command.doubted(cause);
    });
  }

  /** `left`: those that could not be decided under a hold. */
  #settle(
    call: Call,
    entries: readonly Entry[],
    appends: readonly Append[],
    outcomes: readonly Outcome[],
    left?: readonly Entry[],
  ): void {
    this.#calls.delete(call);
    const again: Entry[] = [...(left ?? [])];
    const ended: (() => void)[] = [];
    let asDecided = left === undefined && !call.doubted;
    for (const [index, entry] of entries.entries()) {
      const outcome = outcomes[index]!;
      if (outcome.kind === 'committed') this.#applied(entry);
      else asDecided = false;
      if (outcome.kind === 'conflict') {
        this.#caughtUp(outcome);
        if (outcome.stale.every(({ reason }) => reason !== 'stale')) {
          // It rests on a neighbour that was refused: no fault of its own, and nobody is told.
          again.push(entry);
          continue;
        }
        this.#wary = WARY;
      } else if (outcome.kind !== 'committed') {
        for (const { id } of entry.command.streams) this.#warm.forget(id);
      }
      ended.push(() => entry.end({ kind: 'answered', append: appends[index]!, outcome }));
    }
    if (!asDecided) {
      this.#queue = [...again, ...this.#queue];
      this.#decideAgain();
    }
    for (const end of ended) end();
  }

  #applied(entry: Entry): void {
    for (const [id, leaves] of entry.leaves) {
      if (leaves === undefined) this.#warm.forget(id);
      else this.#warm.set(id, leaves);
    }
  }

  #caughtUp({ stale }: Outcome & { readonly kind: 'conflict' }): void {
    for (const conflict of stale) {
      if (conflict.reason === 'stale') this.#warm.catchUp(conflict.stream, conflict.missed, conflict.actual);
    }
  }
}
