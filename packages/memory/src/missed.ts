import type { Json } from '@eventcore/core';
import type { LeanEvent } from '@eventcore/core/store';
import type { StreamLog } from './event-log.js';

/** About what a conflict may carry. Here nothing travels, but who folds a conflict shouldn't be taken by surprise. */
const MOST_BYTES = 1_000_000;

/** The events that somebody at one version has missed at a later one; undefined if they are too much, or none. */
export function missedEvents(stream: StreamLog, after: number, upTo: number): readonly LeanEvent[] | undefined {
  if (after >= upTo) return undefined;
  let bytes = 0;
  for (let index = after; index < upTo; index++) {
    const { type, data } = stream.events[index]!;
    bytes += type.length + roughSize(data);
    if (bytes > MOST_BYTES) return undefined;
  }
  return stream.events.slice(after, upTo);
}

/** About the length of its JSON text, without writing it. */
function roughSize(value: Json): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 8;
  let size = 2;
  if (Array.isArray(value)) for (const item of value as readonly Json[]) size += roughSize(item) + 1;
  else for (const [key, item] of Object.entries(value)) size += key.length + 4 + roughSize(item as Json);
  return size;
}
