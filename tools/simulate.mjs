/**
 * Runs the simulator's own workload over many seeds, on all cores, and prints what happened: `npm run simulate -- 20000`.
 * It fails if a seed fails, and also if a fault never took effect or nobody ever met a conflict: then nothing was tested.
 *
 * It runs on what was built, since workers can't run what is not.
 */
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/**
 * Stores as they come: with holds and without, with pages that end early; and such that commands of a process share calls, several
 * of which run in each process then.
 */
const stores = [
  {},
  { shared: true },
  { hold: false },
  { hold: false, shared: true },
  { pageSize: 2 },
  { pageSize: 2, shared: true },
  { pageSize: 3, hold: false },
];

if (isMainThread) await runAll(Number(process.argv[2] ?? 2_000));
else await runShare(workerData);

async function runAll(seeds) {
  const workers = availableParallelism();
  const began = performance.now();
  const shares = Array.from({ length: workers }, (_, index) => share({ first: index + 1, step: workers, last: seeds }));
  const total = { seeds: 0, events: 0, conflicts: 0, doubts: 0, ended: {}, fired: {} };
  for (const report of await Promise.all(shares)) sum(total, report);
  const seconds = (performance.now() - began) / 1_000;

  const { ended, fired } = total;
  console.log(`${total.seeds} seeds in ${seconds.toFixed(0)} s on ${workers} cores, no anomaly`);
  console.log(`  commands: ${list(ended)}`);
  console.log(`  ${total.events} events, ${total.conflicts} conflicts, ${total.doubts} lost answers`);
  console.log(`  faults that took effect: ${list(fired)}`);
  const absent = Object.keys(fired).filter((fault) => fired[fault] === 0);
  if (total.conflicts === 0) absent.push('conflicts');
  if (absent.length > 0) throw new Error(`This has tested nothing: there was never any of ${absent.join(', ')}.`);
}

function share(data) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: data });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`A worker ended with ${code}, and no report.`)));
  });
}

async function runShare({ first, step, last }) {
  const { createMemoryStore } = await import('@eventcore/memory');
  const { simulate, workload } = await import('@eventcore/testing');
  const total = { seeds: 0, events: 0, conflicts: 0, doubts: 0, ended: {}, fired: {} };
  for (let seed = first; seed <= last; seed += step) {
    const { hold = true, shared = false, ...options } = stores[seed % stores.length];
    const store = (runtime) => {
      const { hold: held, ...rest } = createMemoryStore({ runtime, share: shared, ...options });
      return { ...rest, ...(hold && { hold: held }) };
    };
    sum(total, await simulate({ ...workload, store, seed, ...(shared && { clients: 6, processes: 2 }) }));
  }
  parentPort.postMessage(total);
}

function sum(total, report) {
  for (const [key, value] of Object.entries(report)) {
    if (typeof value === 'number') total[key] = (total[key] ?? 0) + value;
    else sum((total[key] ??= {}), value);
  }
}

function list(counts) {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
