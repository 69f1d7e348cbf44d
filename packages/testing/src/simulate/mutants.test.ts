/** The simulator and its judge have to be able to fail: every mutant is caught, and by what it does. */
import { describe, expect, it } from '@jest/globals';
import { mutants } from './mutants.fixture.js';
import { SimulationFailed, trySeeds } from './simulate.js';
import { workload } from './workload.js';

const MOST_SEEDS = 300;

describe('within 300 seeds the simulator finds out that', () => {
  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))('%s', async (_, { sabotage, shownBy }) => {
    const seeds = Array.from({ length: MOST_SEEDS }, (__, index) => index + 1);
    const trying = trySeeds(workload, seeds, { clients: 5, rounds: 12, sabotage });

    const failure = await trying.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(SimulationFailed);
    const kinds = (failure as SimulationFailed).run.verdict.anomalies.map(({ kind }) => kind);
    expect(shownBy).toEqual(expect.arrayContaining([kinds.find((kind) => shownBy.includes(kind)) ?? kinds]));
  });
});
