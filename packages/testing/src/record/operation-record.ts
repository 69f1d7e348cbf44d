/**
 * One operation, as it is seen from outside: between the executor and the store stands something that watches, and the
 * hooks tell what each decision rests on.
 */
import {
  BusinessRuleViolation,
  isEventCoreError,
  type EventStore,
  type ExecutionHooks,
  type Receipt,
  type StreamId,
} from '@eventcore/core';
import type { NewEvent, Outcome } from '@eventcore/core/store';
import { aroundStore } from '../chaos/around-store.js';
import type { Operation, ReadOfStream, SentAppend } from '../judge/history.js';
import { SeenStreams } from './seen-streams.js';

export class OperationRecord {
  readonly #process: string;
  readonly #told: (data: unknown) => readonly ReadOfStream[] | undefined;
  readonly #invoked: number;
  readonly #seen = new SeenStreams();
  /** What was read to make the command. */
  readonly #prepared: ReadOfStream[] = [];
  readonly #sent: SentAppend[] = [];
  #preparing = true;
  /** Known once it is executed. */
  #name = '(preparing)';
  #commandId = '';
  /** What the newest decision rests on. */
  #reads: readonly ReadOfStream[] = [];
  #completed: number | undefined;
  /** Until it is known otherwise. */
  #end: Operation['end'] = 'unknown';
  #acknowledged: readonly string[] = [];

  constructor(process: string, told: (data: unknown) => readonly ReadOfStream[] | undefined, invoked: number) {
    this.#process = process;
    this.#told = told;
    this.#invoked = invoked;
  }

  readonly hooks: ExecutionHooks = {
    started: ({ command, commandId }) => {
      this.#name = command;
      this.#commandId = commandId;
    },
    decided: ({ versions }) => {
      this.#reads = Array.from(versions, ([stream, version]) => this.#seen.at(stream, version));
    },
    sending: ({ events }) => this.#sends(events),
  };

  /** The command is made: what is read from now on, its decisions name. */
  executes(): void {
    this.#preparing = false;
  }

  /** A store that does as this one, and is watched. */
  watching<Metadata>(store: EventStore<Metadata>): EventStore<Metadata> {
    return aroundStore(store, {
      read: async (request, call) => {
        const result = await store.read(request, call);
        this.#seen.read(request.streams, result);
        if (this.#preparing) this.#prepare(request.streams, result);
        return result;
      },
      append: async (appends, call) => {
        const outcomes = await store.append(appends, call);
        outcomes.forEach((outcome) => this.#answered(outcome));
        return outcomes;
      },
      ...(store.hold !== undefined && {
        hold: (queries, decide, call) =>
          store.hold!(
            queries,
            (pages) => {
              this.#seen.read(queries, { pages });
              return decide(pages);
            },
            call,
          ),
      }),
    });
  }

  succeeded({ events }: Receipt, completed: number): void {
    this.#end = 'ok';
    this.#acknowledged = events.map(({ id }) => id);
    this.#completed = completed;
  }

  raised(error: unknown, completed: number): void {
    this.#end = endOf(error);
    if (error instanceof BusinessRuleViolation) this.#reads = this.#told(error.data) ?? this.#reads;
    this.#completed = completed;
  }

  /** As it was known at a moment: what ended later had not ended, and what it sent may have been applied all the same. */
  operation(asOf: number): Operation {
    const hasEnded = this.#completed !== undefined && this.#completed <= asOf;
    return {
      process: this.#process,
      commandId: this.#commandId,
      name: this.#name,
      invoked: this.#invoked,
      ...(hasEnded && { completed: this.#completed! }),
      end: hasEnded ? this.#end : 'unknown',
      reads: this.#withPreparation(this.#reads),
      ...(this.#prepared.length > 0 && { beforehand: this.#undeclared() }),
      sent: [...this.#sent],
      acknowledged: hasEnded ? this.#acknowledged : [],
    };
  }

  /** What is read before there is a command, without a limit to it, is what the command is made of. */
  #prepare(queries: Parameters<SeenStreams['read']>[0], { pages }: Parameters<SeenStreams['read']>[1]): void {
    queries.forEach(({ stream, upTo, limit }, index) => {
      const page = pages[index];
      if (page === undefined || upTo !== undefined || limit !== undefined) return;
      this.#prepared.push({ stream, version: page.version });
    });
  }

  #sends(events: readonly NewEvent[]): void {
    const ids = events.map(({ id }) => id as string);
    // The same one again, since its answer was lost.
    if (events.length === 0 || this.#sent.some(({ events: [first] }) => first === ids[0])) return;
    const reads = this.#told(events[0]!.data) ?? this.#reads;
    this.#sent.push({ reads: this.#withPreparation(reads), events: ids });
  }

  #answered(outcome: Outcome | undefined): void {
    if (outcome?.kind !== 'conflict') return;
    for (const stale of outcome.stale) {
      if (stale.reason !== 'stale' || typeof stale.expected !== 'number') continue;
      this.#seen.events(stale.stream as StreamId, stale.expected, stale.missed ?? []);
    }
  }

  /** What the command reads itself is checked; what it was made of was a hint, where both are of one stream. */
  #withPreparation(reads: readonly ReadOfStream[]): readonly ReadOfStream[] {
    if (this.#prepared.length === 0) return reads;
    const itself = new Set(reads.map(({ stream }) => stream));
    return [...this.#prepared.filter(({ stream }) => !itself.has(stream)), ...reads];
  }

  #undeclared(): readonly string[] {
    const itself = new Set(this.#reads.map(({ stream }) => stream));
    return [...new Set(this.#prepared.map(({ stream }) => stream))].filter((stream) => !itself.has(stream));
  }
}

/** How an operation ended that raised an error. Of an error that isn't of the family nothing is known. */
function endOf(error: unknown): Operation['end'] {
  if (!isEventCoreError(error)) return 'unknown';
  if (error.code === 'BUSINESS_RULE_VIOLATION') return 'rejected';
  return error.code === 'INDETERMINATE' ? 'unknown' : 'failed';
}
