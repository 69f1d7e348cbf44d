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
 * - A call whose answer was lost goes again, whole and unchanged. Until it is answered, nothing is sent that needs its streams; and
 *   then all that is queued is decided again.
 * - Deciding runs code of the user's. What that begins, or takes back, is done when the queue is in order again: see `Turns`.
 *
 * After a conflict with somebody elsewhere, calls are decided under the store's locks, where it has them, until one finds that
 * nobody has come between: several processes on the same streams take turns.
 */
import type { StreamId } from '../event/stream-id.js';
import type { Runtime } from '../runtime/runtime.js';
import type { Append } from '../store/append.js';
import type { EventStore } from '../store/event-store.js';
import { warmStreamsOf } from '../store/sharing.js';
import { outcomesOf, restsOnRefused, type Outcome } from '../store/outcome.js';
import { Call } from './call.js';
import { beyondDoubt } from './doubt.js';
import { chained, Entry, type SharedEnd } from './entry.js';
import { HeldCall } from './held-call.js';
import { Loading, NotRead } from './loading.js';
import type { NeededStream, SharedCommand } from './shared-command.js';
import { Turns } from './turns.js';
import { WarmStreams, type FoldedStream } from './warm-streams.js';

/** What a call may carry. */
const MOST_COMMANDS = 256;
const MOST_STREAMS = 1000;
/** Calls that are under way at once. The second goes out only when the first is late, and has to do with none of its streams. */
const MOST_CALLS = 8;
/** How many calls are decided under locks after the last one that met somebody else. */
const WARY = 8;
/** What was sent of a call, and what came of it. */
interface Sent {
  readonly entries: readonly Entry[];
  readonly appends: readonly Append[];
  readonly outcomes: readonly Outcome[];
  readonly held: boolean;
}

/** What a decision rests on; or that some of it has to be read, or can't be told. */
type Basis = readonly FoldedStream[] | 'unread' | 'untold';

export class Conductor {
  readonly #store: EventStore;
  readonly #runtime: Runtime;
  readonly #warm: WarmStreams;
  readonly #loading: Loading;
  readonly #turns = new Turns();
  readonly #calls = new Set<Call>();
  #queue: Entry[] = [];
  /** Streams as what is queued and under way will leave them; undefined where that can't be foretold. */
  readonly #ahead = new Map<StreamId, { readonly entry: Entry; readonly leaves: FoldedStream | undefined }>();
  /** Kinds of commands that were seen not to decide at once: they are given back without being asked. */
  readonly #asynchronous = new WeakSet<object>();
  #gathering = false;
  #wary = 0;

  constructor(store: EventStore, runtime: Runtime) {
    this.#store = store;
    this.#runtime = runtime;
    this.#warm = new WarmStreams(warmStreamsOf(store), store.settings?.onUnknownEvent ?? 'throw');
    this.#loading = new Loading(store, this.#warm, runtime);
  }

  /** `done`: nobody waits for it any more. One that was not sent by then never will be. */
  async conduct(command: SharedCommand, done?: AbortSignal): Promise<SharedEnd> {
    if (command.streams.length > MOST_STREAMS || this.#asynchronous.has(command.definition))
      return { kind: 'givenBack' };
    return new Promise((resolve, reject) => {
      const entry = new Entry(
        command,
        (end) => resolve(this.#over(entry, end)),
        (error) => reject(this.#over(entry, error)),
      );
      done?.addEventListener('abort', () => this.#withdraw(entry), { once: true });
      this.#turns.take(() => this.#enter(entry));
    });
  }

  #over<End>(entry: Entry, end: End): End {
    for (const { id } of entry.command.streams) {
      if (this.#ahead.get(id)?.entry === entry) this.#ahead.delete(id);
    }
    return end;
  }

  // ---- deciding

  /** Decides as soon as everything that it needs is known, and lines up. `loaded`: what was read for it. */
  #enter(entry: Entry, loaded?: ReadonlyMap<StreamId, FoldedStream>): void {
    if (entry.withdrawn) return;
    const basis = this.#basisOf(entry.command.streams, loaded);
    if (basis === 'unread') return this.#load(entry);
    if (basis === 'untold') return entry.giveBack();
    if (!entry.decideOn(basis, this.#warm)) {
      this.#asynchronous.add(entry.command.definition);
      return entry.giveBack();
    }
    this.#queue.push(entry);
    this.#foretell(entry);
    this.#gather();
  }

  #foretell(entry: Entry): void {
    for (const [id, leaves] of entry.leaves) this.#ahead.set(id, { entry, leaves });
  }

  #basisOf(streams: readonly NeededStream[], loaded: ReadonlyMap<StreamId, FoldedStream> | undefined): Basis {
    const basis: FoldedStream[] = [];
    let unread = false;
    for (const { id, type } of streams) {
      const ahead = this.#ahead.get(id);
      // By another definition of its type it says nothing here; and it may never come to be at rest.
      if (ahead !== undefined && ahead.leaves?.type !== type) return 'untold';
      const folded = ahead?.leaves ?? this.#warm.get(id, type) ?? loaded?.get(id);
      if (folded === undefined) unread = true;
      else basis.push(folded);
    }
    return unread ? 'unread' : basis;
  }

  #load(entry: Entry): void {
    const unread = entry.command.streams.filter(
      ({ id, type }) => !this.#ahead.has(id) && this.#warm.get(id, type) === undefined,
    );
    const began = this.#runtime.tick();
    Promise.all(unread.map(async ({ id, type }) => [id, await this.#loading.load(id, type)] as const)).then(
      (loaded) => {
        const events = loaded.reduce((sum, [, { version }]) => sum + version, 0);
        entry.command.read({ streams: loaded.length, events, duration: this.#runtime.tick() - began });
        this.#turns.take(() => this.#enter(entry, new Map(loaded)));
      },
      (error: unknown) => {
        if (error instanceof NotRead) entry.end({ kind: 'unsent', error: error.error });
        else entry.fail(error);
      },
    );
  }

  #withdraw(entry: Entry): void {
    entry.withdrawn = true;
    this.#turns.take(() => {
      // What rests on it is decided again, and it is left out.
      if (this.#queue.includes(entry)) this.#decideAgain();
    });
  }

  /** What is queued may rest on what won't be: it is decided again, in the same order, on what is known now. */
  #decideAgain(first: readonly Entry[] = []): void {
    const queue = [...first, ...this.#queue];
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

  /** One call at a time, and beside it another one only where that one is late, or in doubt. */
  #mayCall(): boolean {
    let early = false;
    for (const call of this.#calls) {
      if (call.late || call.doubted) continue;
      early = true;
      call.watch(this.#runtime, () => this.#gather());
    }
    return !early && this.#calls.size < MOST_CALLS;
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
    const call = new Call(entries);
    this.#calls.add(call);
    let sent: Sent | undefined;
    try {
      const underHold = this.#wary > 0 && this.#store.hold !== undefined;
      sent = underHold ? await this.#sendUnderHold(call) : await this.#sendFreely(call);
      sent = await this.#beyondDoubt(call, sent);
    } catch (error) {
      this.#turns.take(() => this.#unsent(call, error));
    }
    call.end();
    this.#turns.take(() => {
      if (sent !== undefined) this.#settle(call, sent);
      this.#gather();
    });
  }

  async #sendFreely({ entries }: Call): Promise<Sent> {
    const appends = chained(entries);
    sending(entries, appends, false);
    return { entries, appends, outcomes: outcomesOf(await this.#store.append(appends), appends.length), held: false };
  }

  /**
   * Decides under the store's locks. Nobody can have come between, so it is wary as long as it finds that somebody has, and
   * for some calls more.
   */
  async #sendUnderHold(call: Call): Promise<Sent> {
    const held = new HeldCall(call.entries, this.#warm);
    let entries: readonly Entry[] = [];
    let appends: readonly Append[] = [];
    const answer = await this.#store.hold!(held.queries, (pages) => {
      this.#wary = held.absorb(pages) ? WARY : this.#wary - 1;
      entries = held.decide();
      appends = chained(entries);
      sending(entries, appends, true);
      return appends;
    });
    return { entries, appends, outcomes: outcomesOf(answer, appends.length), held: true };
  }

  async #beyondDoubt(call: Call, sent: Sent): Promise<Sent> {
    const { entries, appends, outcomes } = sent;
    if (outcomes.every(({ kind }) => kind !== 'unknown')) return sent;
    call.doubted = true;
    // What needs its streams waits; the rest need not.
    this.#gather();
    const known = await beyondDoubt(this.#store, appends, outcomes, this.#runtime, (cause) => {
      for (const { command } of entries) command.doubted(cause);
    });
    return { ...sent, outcomes: known };
  }

  // ---- what came of it

  /**
   * Nothing of it was sent, and nothing that rests on it will be as it was decided. What is no passing trouble of the store's may
   * be the fault of one of them: each is given back, and goes by itself.
   */
  #unsent(call: Call, error: unknown): void {
    this.#calls.delete(call);
    const passing = call.entries.length === 1 || isRetriable(error);
    for (const entry of call.entries) {
      if (!passing) entry.giveBack();
      else {
        entry.command.takenBack();
        entry.end({ kind: 'unsent', error });
      }
    }
    this.#decideAgain();
  }

  #settle(call: Call, { entries, appends, outcomes, held }: Sent): void {
    this.#calls.delete(call);
    // Those that could not be decided under a hold.
    const again = call.entries.filter((entry) => !entries.includes(entry));
    let asDecided = !held && !call.doubted;
    for (const [index, entry] of entries.entries()) {
      const outcome = outcomes[index]!;
      if (outcome.kind === 'committed') this.#applied(entry);
      else asDecided = false;
      if (restsOnRefused(outcome)) {
        // No fault of its own, and nobody is told.
        entry.command.takenBack();
        again.push(entry);
      } else if (
        outcome.kind === 'failed' &&
        held &&
        entries.length > 1 &&
        !call.doubted &&
        !isRetriable(outcome.error)
      ) {
        // What is decided under locks is one transaction, so that one that is refused takes the others with it.
        entry.giveBack();
      } else {
        this.#learn(entry, outcome);
        entry.end({ kind: 'answered', append: appends[index]!, outcome });
      }
    }
    // What is queued rests on how these were decided at first.
    if (!asDecided) this.#decideAgain(again);
  }

  #applied(entry: Entry): void {
    for (const [id, leaves] of entry.leaves) {
      if (leaves === undefined) this.#warm.forget(id);
      else this.#warm.set(id, leaves);
    }
  }

  #learn(entry: Entry, outcome: Outcome): void {
    if (outcome.kind === 'committed') return;
    if (outcome.kind !== 'conflict') {
      for (const { id } of entry.command.streams) this.#warm.forget(id);
      return;
    }
    this.#wary = WARY;
    for (const conflict of outcome.stale) {
      if (conflict.reason === 'stale') this.#warm.catchUp(conflict.stream, conflict.missed, conflict.actual);
    }
  }
}

function sending(entries: readonly Entry[], appends: readonly Append[], held: boolean): void {
  for (const [index, { command, append }] of entries.entries()) {
    command.sending({ held, together: entries.length, chained: appends[index] !== append });
  }
}

function isRetriable(error: unknown): boolean {
  return (error as { readonly retriable?: unknown } | null)?.retriable === true;
}
