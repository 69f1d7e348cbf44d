/** The two ways to run a command for every turn of a round. */
import { execute, type AnyCommand } from '@eventcore/core';
import type { MemoryStore } from '@eventcore/memory';
import type { Ledger } from '../by-hand/ledger.js';
import type { Contestant } from '../harness.js';
import { inLedger, inStore, type Population } from '../population.js';

export interface Turns {
  readonly population: Population;
  readonly turns: number;
}

export function byHand(
  { population, turns }: Turns,
  act: (ledger: Ledger, turn: number) => Promise<unknown>,
): Contestant {
  return {
    name: 'by hand',
    prepare: async () => {
      const ledger = await inLedger(population);
      return async () => {
        for (let turn = 0; turn < turns; turn++) await act(ledger, turn);
      };
    },
  };
}

export function throughLibrary(
  name: string,
  { population, turns }: Turns,
  act: (store: MemoryStore, turn: number) => Promise<unknown>,
): Contestant {
  return {
    name,
    prepare: async () => {
      const store = await inStore(population);
      return async () => {
        for (let turn = 0; turn < turns; turn++) await act(store, turn);
      };
    },
  };
}

/** The library's two doors, for one and the same properties. */
export function bothDoors<Properties>(
  turns: Turns,
  Class: new (properties: Properties) => AnyCommand,
  Defined: new (properties: Properties) => AnyCommand,
  properties: (turn: number) => Properties,
): readonly Contestant[] {
  return [
    throughLibrary('@Command class', turns, (store, turn) => execute(new Class(properties(turn)), store)),
    throughLibrary('defineCommand', turns, (store, turn) => execute(new Defined(properties(turn)), store)),
  ];
}
