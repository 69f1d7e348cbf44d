/** Writes histories by hand: what happened, one thing after the other, unless it says when. */
import { digestOf } from './digest.js';
import type { Feed, History, LoggedEvent, Operation, ReadOfStream } from './history.js';

/** One operation, and what it did to the log. */
export interface Told {
  /** Each has a process of its own unless it says so. */
  readonly by?: string;
  /** When it was invoked and when it ended; one number: it never did. */
  readonly at?: readonly [number, number?];
  readonly end?: Operation['end'];
  /** Versions by stream; digests are those of the log, unless given. Two reads of one stream: a list. */
  readonly reads?: Readonly<Record<string, number | Omit<ReadOfStream, 'stream'> | readonly number[]>>;
  /** The streams that it sent events to, one each. */
  readonly writes?: readonly string[];
  /** The ids of these events: `a.1`, `a.2` for command a unless given. */
  readonly events?: readonly string[];
  /** Whether the log holds them; unless given: if it ended as ok. A list: these of them, in this order. */
  readonly applied?: boolean | readonly string[];
  /** Of an ok: what it sent, unless given. */
  readonly acknowledged?: readonly string[];
}

/** What happened to one command, by its id. */
export type Line = readonly [commandId: string, told?: Told];

/** In the order in which things took effect; each began after the one before had ended, unless it says when. */
export function historyOf(...lines: readonly Line[]): History & { readonly feeds: readonly Feed[] } {
  const log: LoggedEvent[] = [];
  for (const [commandId, told = {}] of lines) {
    const sent = sentBy(commandId, told);
    const applied = told.applied ?? (told.end ?? 'ok') === 'ok';
    for (const id of applied === true ? sent : applied || []) {
      const stream = told.writes![sent.indexOf(id)]!;
      log.push(logged(id, commandId, stream, log));
    }
  }
  const operations = lines.map(([commandId, told = {}], place): Operation => {
    const [invoked, completed] = told.at ?? [10 * place + 1, 10 * place + 2];
    const end = told.end ?? 'ok';
    const reads = Object.entries(told.reads ?? {}).flatMap(([stream, read]) => readsOf(stream, read, log));
    const sent = sentBy(commandId, told);
    return {
      process: told.by ?? `process-${place + 1}`,
      commandId,
      name: 'Do',
      invoked,
      ...(completed === undefined ? {} : { completed }),
      end,
      reads: sent.length === 0 ? reads : [],
      sent: sent.length === 0 ? [] : [{ reads, events: sent }],
      acknowledged: end === 'ok' ? (told.acknowledged ?? sent) : [],
    };
  });
  return { operations, log, feeds: [{ name: 'feed', events: log.map(({ id }) => id) }] };
}

/** The same log, its feed reading otherwise. */
export function fed(history: History, events: readonly string[], expected?: readonly string[]): History {
  return { ...history, feeds: [{ name: 'feed', events, ...(expected === undefined ? {} : { expected }) }] };
}

/** Another log than what was told, and a feed that gives it. */
export function logging(history: History, log: readonly LoggedEvent[]): History {
  return { ...history, log, feeds: [{ name: 'feed', events: log.map(({ id }) => id) }] };
}

function sentBy(commandId: string, { writes = [], events }: Told): readonly string[] {
  return events ?? writes.map((_, index) => `${commandId}.${index + 1}`);
}

function logged(id: string, commandId: string, stream: string, log: readonly LoggedEvent[]): LoggedEvent {
  const version = log.filter((event) => event.stream === stream).length + 1;
  return { id, stream, version, position: positionOf(log.length), commandId, type: 'Done', mark: id };
}

export function positionOf(place: number): string {
  return String(place + 1).padStart(6, '0');
}

function readsOf(
  stream: string,
  read: number | Omit<ReadOfStream, 'stream'> | readonly number[],
  log: readonly LoggedEvent[],
): readonly ReadOfStream[] {
  if (typeof read === 'object' && 'version' in read) return [{ stream, ...read }];
  return [read].flat().map((version) => {
    const folded = log.filter((event) => event.stream === stream).slice(0, version);
    return folded.length < version
      ? { stream, version }
      : { stream, version, digest: folded.reduce((digest, { id }) => digestOf(digest, id), 0) };
  });
}
