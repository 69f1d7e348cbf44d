/**
 * How large data and metadata may be as they are kept, which is how they are given back.
 *
 * That is another text than the one that was sent. jsonb puts a space after each comma and colon, which makes a text half as
 * long again at most; that much is granted on top of core's limits, so whatever passes those is kept. And it writes numbers
 * in all their digits: 1e308 has 309 of them. Only the server knows what comes of it, so there it is measured; what has grown
 * too large is refused, since a command that nobody can read would stop every reader of the feed.
 */
import { ValidationError } from '@eventcore/core';
import { MAX_APPEND_BYTES, MAX_EVENT_BYTES, type Append } from '@eventcore/core/store';

const SPACES = 1.5;
/** Of an event's data, and of metadata. */
export const MOST_EVENT_BYTES = MAX_EVENT_BYTES * SPACES;
/** Of all that a command writes. */
export const MOST_APPEND_BYTES = MAX_APPEND_BYTES * SPACES;

/** Nothing grows more than a list of `1e308`: six bytes become 311. */
const MOST_GROWTH = 52;
/** What is no larger as it is sent can't be too large as it is kept. */
export const SURELY_SMALL = Math.floor(MOST_EVENT_BYTES / MOST_GROWTH);

/** What is too large, as `append` tells it: which event, or -1 for the metadata, or -2 for all of it together. */
export type Oversize = readonly [part: number, bytes: number];

export function sizeFault({ events }: Append, [part, bytes]: Oversize): ValidationError {
  const subject = part === -2 ? 'The append' : part === -1 ? 'metadata' : `event ${events[part]!.type}`;
  const most = part === -2 ? MOST_APPEND_BYTES : MOST_EVENT_BYTES;
  return new ValidationError(subject, [
    {
      path: [],
      message:
        `takes ${bytes.toLocaleString('en')} bytes as PostgreSQL keeps JSON, with all digits of every number (1e308 has 309); ` +
        `${most.toLocaleString('en')} at most. Keep very large and very small numbers as strings`,
    },
  ]);
}
