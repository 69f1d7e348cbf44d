/** The simulator and its judge have to be able to fail: every mutant is caught, and by what it does. */
import { describe, expect, it } from '@jest/globals';
import { isEventCoreError } from '@eventcore/core';
import { mutants } from './mutants.fixture.js';
import { SimulationFailed, trySeeds } from './simulate.js';
import { workload } from './workload.js';

const MOST_SEEDS = 300;

describe('within 300 seeds the simulator finds out that', () => {
  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))('%s', async (_, mutant) => {
    const { sabotage = {}, shownBy } = mutant;
    const seeds = Array.from({ length: MOST_SEEDS }, (__, index) => index + 1);
    const trying = trySeeds(mutant.workload ?? workload, seeds, { clients: 5, rounds: 12, sabotage });

    const failure = await trying.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(SimulationFailed);
    const { verdict, broken } = (failure as SimulationFailed).run;
    // The executor itself refuses some of what no store may do, and the commands what no executor may.
    const refusal = isEventCoreError(broken?.error) ? [broken.error.code] : broken ? [String(broken.error)] : [];
    const kinds = [...verdict.anomalies.map(({ kind }) => kind), ...refusal];
    expect(shownBy).toEqual(expect.arrayContaining([kinds.find((kind) => shownBy.includes(kind)) ?? kinds]));
  });
});
