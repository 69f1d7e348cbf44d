/** What happened in all runs of a simulation: the figures to look at before believing it. */
import { allSimulatedFaults, type SimulatedFaults } from './simulation.js';
import type { Operation } from '../judge/history.js';
import type { Run } from './run-seed.js';

type FaultKind = keyof SimulatedFaults;
const kinds = Object.keys(allSimulatedFaults) as readonly FaultKind[];

export interface SimulationReport {
  readonly seeds: number;
  /** How operations ended. */
  readonly ended: Readonly<Record<Operation['end'], number>>;
  readonly events: number;
  readonly conflicts: number;
  /** Answers that were lost. Most were found out by sending the same append again. */
  readonly doubts: number;
  /** How often each fault took effect. */
  readonly fired: Readonly<Record<FaultKind, number>>;
  toString(): string;
}

/** Adds up one run after the other. */
export class RunningReport implements SimulationReport {
  seeds = 0;
  readonly ended = { ok: 0, rejected: 0, failed: 0, unknown: 0 };
  events = 0;
  conflicts = 0;
  doubts = 0;
  readonly fired = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<FaultKind, number>;

  add({ history, conflicts, doubts, fired }: Run): void {
    this.seeds += 1;
    for (const { end } of history.operations) this.ended[end] += 1;
    this.events += history.log.length;
    this.conflicts += conflicts;
    this.doubts += doubts;
    for (const kind of kinds) this.fired[kind] += fired[kind];
  }

  toString(): string {
    const { ok, rejected, failed, unknown } = this.ended;
    const fired = kinds.map((kind) => `${kind} ${this.fired[kind]}`).join(', ');
    return [
      `${this.seeds} seeds, nothing wrong`,
      `  commands: ${ok} answered, ${rejected} rejected, ${failed} failed, ${unknown} unknown`,
      `  ${this.events} events, ${this.conflicts} conflicts, ${this.doubts} lost answers`,
      `  faults: ${fired}`,
    ].join('\n');
  }
}
