/**
 * How the suite is written down: a section holds clauses, a clause says what the contract promises, and its behaviours
 * show whether a store keeps that promise. When one doesn't hold, the promise is quoted above what was seen.
 */
import type { EventStore } from '@eventcore/core';
import { ContractFailure, withHeading } from './contract-failure.js';

/** What a behaviour is given: an empty store of its own. */
export interface Given {
  readonly store: EventStore;
  /** Another client of the same storage, as a second process would be; the store itself where there is none. */
  readonly peer: EventStore;
  /** How many calls race each other. */
  readonly racers: number;
  /** How many streams a wide command names. */
  readonly width: number;
  /** The shortest lease, in milliseconds, that the store tells from one without an end. */
  readonly shortLease: number;
}

export type Behaviour = (given: Given) => Promise<void>;

/** One promise in the contract's words, and behaviours by the sentences that name them. */
export interface Clause {
  readonly says: string;
  readonly behaviours: Readonly<Record<string, Behaviour>>;
}

export interface Section {
  readonly title: string;
  readonly clauses: readonly Clause[];
}

/** Runs a behaviour; what it fails with begins with the clause that is broken. */
export async function judge(clause: Clause, behaviour: Behaviour, given: Given): Promise<void> {
  try {
    await behaviour(given);
  } catch (error) {
    const promise = `The store breaks its contract, which says:\n\n  ${clause.says}\n\n`;
    if (error instanceof ContractFailure) throw withHeading(promise, error);
    throw new Error(`${promise}A call to it threw: ${String(error)}`, { cause: error });
  }
}
