/**
 * Recording what happens: who sent which command when, what each decision rested on, how it ended, and what consumers were
 * given. The history that comes of it is judged by `checkHistory`.
 */
import {
  execute,
  START,
  type AnyCommand,
  type EventStore,
  type ExecuteOptions,
  type Position,
  type Receipt,
} from '@eventcore/core';
import { sharesCalls } from '@eventcore/core/store';
import type { History, LoggedEvent, Operation, ReadOfStream } from '../judge/history.js';
import { markOf } from './mark.js';
import { OperationRecord } from './operation-record.js';

/** Sends commands, and remembers all that is needed to judge how they were executed. What was there before is taken as it is. */
export interface HistoryRecorder<Metadata = unknown> {
  /**
   * Executes a command on behalf of a process, which does one thing at a time. Ends as `execute` does.
   *
   * @throws `Error` if the process is busy with another command
   */
  execute(process: string, command: AnyCommand, options?: RecordedOptions<Metadata>): Promise<Receipt>;
  /**
   * Lets a process prepare a command by what it reads from a store that it is given, and executes what it makes. A stream
   * that it read counts as read by the command, unless the command reads it itself.
   *
   * @throws `Error` if the process is busy with another command; else what `prepare` throws, or `execute`
   */
  perform(
    process: string,
    prepare: (store: EventStore<Metadata>) => AnyCommand | Promise<AnyCommand>,
    options?: RecordedOptions<Metadata>,
  ): Promise<Receipt>;
  /**
   * A consumer that is given events: call what this returns with each one. It should be given all that there is in the
   * end, or what `expects` says: for those that filter, or begin later.
   */
  feed(name: string, expects?: (event: LoggedEvent) => boolean): (event: { readonly id: string }) => void;
  /**
   * What happened so far; the log is read from the store as it is now. It may be asked for while commands are still being
   * executed: those are told as operations that nobody has heard of yet. Consumers should have caught up, or their feeds
   * be left out: what they weren't given yet is missing.
   */
  history(): Promise<History>;
}

export type RecordedOptions<Metadata = unknown> = Omit<ExecuteOptions<Metadata>, 'hooks'> & {
  /** What this command is sent through, if it isn't the store itself: chaos around it, another process's connection. */
  readonly through?: EventStore<Metadata>;
};

export interface RecordHistoryOptions {
  /**
   * What a decision says by itself that it rested on: of the data of a command's first event, or of a rejection. For
   * workloads that count versions and digests in their own folds, which checks the folding as well.
   */
  readonly told?: (data: unknown) => readonly ReadOfStream[] | undefined;
}

/**
 * Records what happens on a store, for {@link checkHistory}. Begin with an empty one, and let the recorder execute what
 * comes first as well: the judge takes what nobody has sent for a phantom.
 *
 * @example
 * ```ts
 * const recorder = recordHistory(store);
 * await Promise.all([
 *   recorder.execute('client-1', new TransferMoney({ from: 'alice', to: 'bob', amount: 60 })),
 *   recorder.execute('client-2', new TransferMoney({ from: 'bob', to: 'alice', amount: 20 })),
 * ]);
 * const verdict = checkHistory(await recorder.history());
 * console.log(verdict.valid);
 * ```
 */
export function recordHistory<Metadata>(
  store: EventStore<Metadata>,
  options: RecordHistoryOptions = {},
): HistoryRecorder<Metadata> {
  const { told = () => undefined } = options;
  const operations: OperationRecord[] = [];
  const feeds = new Map<
    string,
    { readonly events: string[]; readonly expects: ((event: LoggedEvent) => boolean) | undefined }
  >();
  const busy = new Set<string>();
  let clock = 0;
  let earlier: Promise<readonly LoggedEvent[]> | undefined;

  async function perform(
    process: string,
    prepare: (store: EventStore<Metadata>) => AnyCommand | Promise<AnyCommand>,
    given: RecordedOptions<Metadata> = {},
  ): Promise<Receipt> {
    if (busy.has(process)) {
      throw new Error(
        `The process "${process}" is busy. It does one thing at a time; give the other one another name.`,
      );
    }
    busy.add(process);
    await (earlier ??= logOf(store)).catch((error: unknown) => {
      busy.delete(process);
      throw error;
    });
    const { through = store, ...rest } = given;
    const record = new OperationRecord(process, told, ++clock);
    operations.push(record);
    const watched = record.watching(through);
    try {
      const command = await prepare(watched);
      record.executes();
      // The metadata is what the caller gave for this very store.
      const asked = { ...rest, hooks: record.hooks } as ExecuteOptions;
      // Those that share calls share a store. Then nobody can watch what is read, and hooks tell the rest.
      const shares = rest.share ?? sharesCalls(through);
      const receipt = await execute(command, (shares ? through : watched) as EventStore, asked);
      record.succeeded(receipt, ++clock);
      return receipt;
    } catch (error) {
      record.raised(error, ++clock);
      throw error;
    } finally {
      busy.delete(process);
    }
  }

  return {
    perform,
    execute: (process, command, given) => perform(process, () => command, given),
    feed(name, expects) {
      // A consumer that is started again goes on with its list.
      const events = feeds.get(name)?.events ?? [];
      feeds.set(name, { events, expects });
      return ({ id }) => void events.push(id);
    },
    async history() {
      // Reading the log takes time, and others go on. What ended by now, and was given by now, is there when it is read; what
      // was sent until it has been read may be there.
      const asOf = clock;
      const given = Array.from(feeds, ([name, { events, expects }]) => ({ name, expects, events: [...events] }));
      const before = operationsBefore(await (earlier ??= logOf(store)));
      const log = await logOf(store);
      return {
        operations: [...before, ...operations.map((record): Operation => record.operation(asOf))],
        log,
        feeds: given.map(({ name, events, expects }) => ({
          name,
          events,
          ...(expects && { expected: log.filter(expects).map(({ id }) => id) }),
        })),
      };
    },
  };
}

/** What was there when the recording began, as if somebody had sent it, one after the other. */
function operationsBefore(log: readonly LoggedEvent[]): readonly Operation[] {
  const events = new Map<string, string[]>();
  for (const { commandId, id } of log) {
    const own = events.get(commandId);
    if (own === undefined) events.set(commandId, [id]);
    else own.push(id);
  }
  const first = -2 * events.size;
  return Array.from(events, ([commandId, ids], index) => ({
    process: 'before the recording',
    commandId,
    name: '(earlier)',
    invoked: first + 2 * index,
    completed: first + 2 * index + 1,
    end: 'ok',
    reads: [],
    sent: [{ reads: [], events: ids }],
    acknowledged: ids,
  }));
}

async function logOf(store: EventStore): Promise<readonly LoggedEvent[]> {
  const log: LoggedEvent[] = [];
  for (let after: Position = START; ;) {
    const { events, upTo } = await store.readAll({ after, limit: 1_000 });
    for (const event of events) {
      const { id, stream, version, position, commandId, type } = event;
      log.push({ id, stream, version, position, commandId, type, mark: markOf(event) });
    }
    if (upTo === after) return log;
    after = upTo;
  }
}
