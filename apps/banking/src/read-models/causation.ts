/** What followed from what: the events of one correlation, as the tree of the commands that wrote them. */
import type { RecordedEvent } from '@eventcore/core';

export interface CausedCommand<Event> {
  readonly commandId: string;
  /** The event that led to it; null where somebody asked for it. */
  readonly causedBy: string | null;
  readonly events: readonly Event[];
  readonly led: readonly CausedCommand<Event>[];
}

type Event = Pick<RecordedEvent, 'id' | 'commandId' | 'causationId'>;

/** Events in the order of the store, with what each is shown as. */
export function causationTree<Recorded extends Event, Shown>(
  events: readonly Recorded[],
  show: (event: Recorded) => Shown,
): readonly CausedCommand<Shown>[] {
  const known = new Set<string>(events.map(({ id }) => id));
  const causeOf = ({ causationId }: Recorded): string | null => (known.has(causationId) ? causationId : null);
  const commands = [...Map.groupBy(events, ({ commandId }) => commandId)];

  /** The commands that one of these events led to; with null, those that nobody of this correlation led to. */
  const ledBy = (causes: ReadonlySet<string | null>): readonly CausedCommand<Shown>[] =>
    commands
      .filter(([, [first]]) => causes.has(causeOf(first!)))
      .map(([commandId, written]) => ({
        commandId,
        causedBy: causeOf(written[0]!),
        events: written.map(show),
        led: ledBy(new Set(written.map(({ id }) => id))),
      }));
  return ledBy(new Set([null]));
}
