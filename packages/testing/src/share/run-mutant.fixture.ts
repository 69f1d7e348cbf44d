/**
 * Runs the simulator on shared calls, in a process of its own whose sources are changed as they are loaded: by the mutant of that
 * number, or by none. Prints the first seed that fails, or nothing.
 */
import { registerHooks } from 'node:module';
import { sourceMutants } from './mutants.fixture.js';

const [number, first, last] = process.argv.slice(2).map(Number);
const mutant = sourceMutants[number!];

if (mutant !== undefined) {
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      const changes = mutant.changes.filter(({ file }) => url.endsWith(`/core/src/${file}`));
      let source = changes.length > 0 ? String(loaded.source) : '';
      for (const { file, part, instead } of changes) {
        // A mutant that mutates nothing would pass for the real thing.
        if (!source.includes(part)) throw new Error(`${file} has no "${part}" to be changed.`);
        source = source.replace(part, () => instead);
      }
      return changes.length > 0 ? { ...loaded, source } : loaded;
    },
  });
}

const { createMemoryStore } = await import('@eventcore/memory');
const { SimulationFailed, simulate } = await import('../simulate/simulate.js');
const { workload } = await import('../simulate/workload.js');

/** Answers are lost and appends come late more often than elsewhere: that is where calls have to hold together. */
const faults = { requestLost: 0.15, replyLost: 0.1, appliedLate: 0.15, refused: 0.1 };

/** With holds and without, and with pages that end early; two processes of three clients each. */
const stores = [{}, { hold: false }, { pageSize: 2 }];

try {
  for (let seed = first!; seed <= last!; seed++) {
    const { hold = true, ...options } = stores[seed % stores.length]!;
    await simulate({
      ...workload,
      seed,
      clients: 6,
      processes: 2,
      faults,
      store: (runtime) => {
        const { hold: held, ...rest } = createMemoryStore({ runtime, share: true, ...options });
        return { ...rest, ...(hold && { hold: held }) };
      },
    });
  }
} catch (error) {
  if (!(error instanceof SimulationFailed)) throw error;
  process.stdout.write(`${error.seed}`);
}
