/** Reading streams: a page is a slice of what a stream keeps, so a page costs what it holds, however long the stream. */
import type { Version } from '@eventcore/core';
import type { HoldQuery, LeanEvent, ReadRequest, ReadResult, StreamPage } from '@eventcore/core/store';
import type { EventLog, StreamLog } from './event-log.js';
import { commandRecord } from './receipt.js';

const NOTHING: readonly never[] = Object.freeze([]);

export function readStreams(log: EventLog, { streams, commands }: ReadRequest, pageSize: number): ReadResult {
  const pages = streams.map(({ stream: id, after, upTo, limit, detail }): StreamPage => {
    const stream = log.streams.get(id);
    if (stream === undefined) return { stream: id, version: 0 as Version, events: NOTHING };
    const version = stream.events.length as Version;
    const most = limit !== undefined && limit < pageSize ? limit : pageSize;
    const end = Math.min(after + most, upTo ?? version, version);
    return { stream: id, version, events: eventsBetween(log, stream, after, end, detail) };
  });
  const recorded = commands?.map((id) => {
    const commit = log.commands.find(id);
    return commit && commandRecord(log, commit);
  });
  return { pages, recorded: recorded ?? NOTHING };
}

/** What a caller who wants to hold streams has missed of them: all of it, since nobody can page under a lock. */
export function missedPages(log: EventLog, queries: readonly HoldQuery[]): readonly StreamPage[] {
  return queries.map(({ stream: id, after, detail }) => {
    const stream = log.streams.get(id);
    if (stream === undefined) return { stream: id, version: 0 as Version, events: NOTHING };
    const version = stream.events.length as Version;
    return { stream: id, version, events: eventsBetween(log, stream, after, version, detail) };
  });
}

/** The events after one version, up to and with another. */
function eventsBetween(
  log: EventLog,
  stream: StreamLog,
  after: number,
  upTo: number,
  detail: 'lean' | 'full' | undefined,
): readonly LeanEvent[] {
  if (after >= upTo) return NOTHING;
  if (detail !== 'full') return stream.events.slice(after, upTo);
  return stream.ordinals.slice(after, upTo).map((ordinal) => log.recordAt(ordinal));
}
