/** The names of all that can be wrong with a history, and what each means in one sentence. */
import type { Operation } from './history.js';

/** One thing that is wrong with a history. */
export interface Anomaly {
  readonly kind: AnomalyKind;
  /** The feed that it was found in; left out if it is in the store itself. */
  readonly feed?: string;
  /** The streams that it shows in. */
  readonly streams: readonly string[];
  /** The operations that take part. */
  readonly operations: readonly Operation[];
  /** The ids of the events that take part. */
  readonly events: readonly string[];
  /** For what no order explains: each had to be before the next one, and the last before the first. Else empty. */
  readonly cycle: readonly CycleStep[];
  /** What it means, and the case: lines to be read by people. */
  readonly explanation: string;
}

/** `from` had to be before `to`. */
export interface CycleStep {
  readonly from: Operation;
  readonly to: Operation;
  /** A sentence that names both. */
  readonly because: string;
}

/** What is wrong with the order of commands, by the names that Elle, the checker of Jepsen, gave. */
export type OrderAnomaly = 'G0' | 'G1c' | 'G-single' | 'G2-item';

/** What is wrong, as a word. */
export type AnomalyKind =
  | 'misnumbered'
  | 'lost'
  | 'phantom'
  | 'duplicated'
  | 'partial'
  | 'mistold'
  | 'badRead'
  | 'lostUpdate'
  | 'ownEffect'
  | OrderAnomaly
  | `${OrderAnomaly}-process`
  | `${OrderAnomaly}-realtime`
  | 'missing'
  | 'skipped'
  | 'repeated'
  | 'foreign'
  | 'disordered'
  | 'torn'
  | 'causality';

/** One sentence for people who have never heard the name. `commands` is how many of them are in the cycle. */
export function meaningOf(kind: AnomalyKind, commands: number): string {
  const [name, by] = split(kind);
  const meaning = MEANINGS[name];
  const sentence = typeof meaning === 'string' ? meaning : meaning(amount(commands));
  return `${sentence}${by === undefined ? '' : BOUNDS[by]}.`;
}

function split(kind: AnomalyKind): [Plain, Bound | undefined] {
  for (const bound of ['process', 'realtime'] as const)
    // The types can't follow a suffix that was cut off.
    if (kind.endsWith(`-${bound}`)) return [kind.slice(0, -bound.length - 1) as Plain, bound];
  return [kind as Plain, undefined];
}

type Bound = 'process' | 'realtime';
type Plain = Exclude<AnomalyKind, `${string}-${Bound}`>;

const BOUNDS: Readonly<Record<Bound, string>> = {
  process: ', given in which order each process executed its own',
  realtime: ', given which of them had ended before others began',
};

const MEANINGS: Readonly<Record<Plain, string | ((commands: string) => string)>> = {
  misnumbered: 'the versions of a stream do not count 1, 2, 3, … in the order of the log',
  lost: 'events were acknowledged and are not in the log',
  phantom: 'events are in the log that, by all that was answered, nobody wrote',
  duplicated: 'a command was applied more than once',
  partial: 'a command was not applied as it was sent: events are missing, or stand in another order',
  mistold: 'a receipt names other events than those that the log holds for its command',
  badRead: 'a decision rested on events that are not what the log holds: never committed, torn, or mixed',
  ownEffect:
    'a command was decided on what it had written itself, applied already under the same id; its answer should have been that',
  lostUpdate: 'a command wrote to a stream that it had read, but not right behind what it had read',
  G0: (commands) =>
    `${commands} commands overwrote each other in a circle; whichever came first, another one did before`,
  G1c: (commands) =>
    `${commands} commands each saw, or overwrote, what another one of them wrote; none can have come first`,
  'G-single': (commands) =>
    `${commands} commands, one of which decided on what was overwritten before it took effect; no order explains what each of them saw`,
  'G2-item': (commands) =>
    commands === 'two'
      ? 'two commands each decided on what the other one changed; no order of the two explains both'
      : `${commands} commands in a circle, more than one of which decided on what the next one changed; no order explains all of them`,
  missing: 'events at the end of the log were not delivered',
  skipped: 'events were not delivered, though later ones were',
  repeated: 'an event is there more than once',
  foreign: 'events were delivered that are not in the log',
  disordered: 'events do not come in the order of the log',
  torn: 'the events of a command do not stand together',
  causality: 'an event comes before another one that its command had read',
};

function amount(commands: number): string {
  return ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'][commands] ?? String(commands);
}
