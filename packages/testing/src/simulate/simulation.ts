/** What is simulated: who does what, on which store, and what goes wrong. */
import type { AnyCommand, EventStore, Runtime } from '@eventcore/core';
import { allFaults, checkFaults, noFaults, type Faults } from '../chaos/faults.js';
import type { SeededRandom } from '../chaos/seeded-random.js';
import type { RecordHistoryOptions } from '../record/record-history.js';

/** What a command is made of: chance, and a store to look at. */
export interface SimulatedClient<Metadata = unknown> {
  readonly name: string;
  readonly random: SeededRandom;
  /** What is read from it counts as read by the command, unless the command reads it itself: for what goes into the command. */
  readonly store: EventStore<Metadata>;
  /** What is read from it counts for nothing: for choosing what to do next. */
  readonly peek: EventStore<Metadata>;
}

export type MakeCommand<Metadata = unknown> = (client: SimulatedClient<Metadata>) => AnyCommand | Promise<AnyCommand>;

/** What happens to clients, each with the probability that it does, for each command. */
export interface ClientFaults {
  /** The process dies in the middle of it. */
  readonly crash: number;
  /** Somebody sets the clock of the process, by up to an hour. */
  readonly clockJump: number;
}

export type SimulatedFaults = Faults & ClientFaults;

/** All that may go wrong in a simulation: `{ ...allSimulatedFaults, crash: 0 }` is all but crashes. */
export const allSimulatedFaults: SimulatedFaults = { ...allFaults, outage: 0.001, crash: 0.05, clockJump: 0.02 };
export const nothing: SimulatedFaults = { ...noFaults, crash: 0, clockJump: 0 };

export interface Simulation<Metadata = unknown> {
  /** Makes the next command of a client. Whatever is left to chance in it comes from the client's `random`. */
  readonly commands: MakeCommand<Metadata>;
  /** Executed first, one after the other, with nothing going wrong. */
  readonly before?: readonly AnyCommand[];
  /** Throws, or gives false, when something is not as it has to be. Called when all is over. */
  readonly invariant?: (store: EventStore<Metadata>) => void | boolean | Promise<void | boolean>;
  /** How many seeds to try, from 1 on; 100 unless given. */
  readonly seeds?: number;
  /** Runs this one alone: what a failure says. */
  readonly seed?: number;
  /** How many clients send commands at once; 5 unless given. */
  readonly clients?: number;
  /** Over how many processes they are spread; one for each client unless given. Clients of a process crash together. */
  readonly processes?: number;
  /** How many commands each of them sends; 12 unless given. */
  readonly rounds?: number;
  /** `false`: nothing goes wrong, and only the interleaving is left to chance. Everything may go wrong unless given. */
  readonly faults?: Partial<SimulatedFaults> | false;
  /** The store; one in memory unless given. It has to be one that lives in this process, and takes its time from the runtime. */
  readonly store?: (runtime: Runtime) => EventStore<Metadata>;
  /** For commands that say in their events what they rest on: see `recordHistory`. */
  readonly told?: NonNullable<RecordHistoryOptions['told']>;
}

const parts: { readonly [Part in keyof Required<Simulation>]: true } = {
  commands: true,
  before: true,
  invariant: true,
  seeds: true,
  seed: true,
  clients: true,
  processes: true,
  rounds: true,
  faults: true,
  store: true,
  told: true,
};

/** @throws RangeError, TypeError for what can't be simulated. */
export function checkSimulation(simulation: Simulation): void {
  if (typeof (simulation as Partial<Simulation> | undefined)?.commands !== 'function') {
    throw new TypeError('simulate needs to be told what clients do: simulate({ commands: ({ random }) => new … }).');
  }
  for (const part of Object.keys(simulation)) {
    if (!(part in parts))
      throw new RangeError(`A simulation has no "${part}". It has ${Object.keys(parts).join(', ')}.`);
  }
  for (const part of ['seeds', 'clients', 'processes', 'rounds'] as const) {
    const count = simulation[part] ?? 1;
    if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`${part} is a count from 1 on, not ${count}.`);
  }
  if (simulation.faults) checkFaults(simulation.faults, Object.keys(allSimulatedFaults));
}

export function faultsOf({ faults }: Pick<Simulation, 'faults'>): SimulatedFaults {
  if (faults === false) return nothing;
  return faults === undefined ? allSimulatedFaults : { ...nothing, ...faults };
}
