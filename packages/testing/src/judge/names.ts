/** How operations and events are called in an explanation: by ids as short as can be told apart. */
import type { LoggedEvent, Operation } from './history.js';

export interface Names {
  /** `Withdraw 0192…a1 by client-2`. */
  readonly operation: (operation: Operation) => string;
  /** `account-ann version 3 (Withdrawn)`, or the id of an event that the log doesn't hold. */
  readonly event: (id: string) => string;
  readonly id: (id: string) => string;
}

/** Names for what takes part; ids that don't are not told apart from. */
export function namesFor(
  operations: Iterable<Operation>,
  events: Iterable<string>,
  logged: (eventId: string) => LoggedEvent | undefined,
): Names {
  // An event of the log is known by its stream and version.
  const ids = new Set<string>([...events].filter((eventId) => logged(eventId) === undefined));
  for (const { commandId } of operations) ids.add(commandId);
  const id = shortened(ids);
  return {
    id,
    operation: ({ name, commandId, process, end }) =>
      process === NOBODY
        ? `command ${id(commandId)}, which nobody sent,`
        : `${name} ${id(commandId)} by ${process}${end === 'rejected' ? ' (rejected)' : ''}`,
    event: (eventId) => {
      const event = logged(eventId);
      return event === undefined ? `event ${id(eventId)}` : nameOfEvent(event);
    },
  };
}

/** The process of what stands in for the operation of a command that none is known of. */
export const NOBODY = '';

export function nameOfEvent({ stream, version, type }: LoggedEvent): string {
  return `${stream} version ${version} (${type})`;
}

export function enumerated(items: readonly string[]): string {
  return items.length === 0 ? 'nothing' : items.join(', ');
}

/** UUIDs of one time begin alike, so it's the end that tells them apart, as much of it as it takes. */
function shortened(ids: ReadonlySet<string>): (id: string) => string {
  const long = [...ids].filter((id) => id.length > HEAD + LONGEST_TAIL);
  for (let tail = SHORTEST_TAIL; tail <= LONGEST_TAIL; tail++) {
    const short = (id: string): string => `${id.slice(0, HEAD)}…${id.slice(-tail)}`;
    if (new Set(long.map(short)).size === long.length)
      return (id) => (id.length > HEAD + LONGEST_TAIL ? short(id) : id);
  }
  return (id) => id;
}

const HEAD = 4;
const SHORTEST_TAIL = 2;
const LONGEST_TAIL = 10;
