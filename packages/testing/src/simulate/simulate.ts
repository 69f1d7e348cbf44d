/**
 * Simulating what may happen: clients send commands at once, through chaos, in virtual time, as a seed has it. What comes of
 * it is judged. A seed that fails is made as small as it can be, and replayed to tell what happened.
 */
import { describeFailure, describeFindings } from './describe-failure.js';
import { runSeed, type Run, type RunOptions } from './run-seed.js';
import { checkSimulation, type Simulation } from './simulation.js';
import { RunningReport, type SimulationReport } from './simulation-report.js';

/** Taken before any test framework can put something else in its place. */
const nextTurn = globalThis.setImmediate;

/** What a seed has brought to light. The message says it all. */
export class SimulationFailed extends Error {
  static {
    this.prototype.name = 'SimulationFailed';
  }
  /** Replays it: `simulate({ …, seed })`. */
  readonly seed: number;
  readonly run: Run;

  constructor(message: string, run: Run) {
    super(message, { cause: run.broken?.error });
    this.seed = run.seed;
    this.run = run;
  }
}

/**
 * Runs commands of several clients against each other, seed by seed, and judges each run: whether all that happened could
 * have happened one command after the other, whether anything was lost or done twice, and whether consumers were given
 * everything. With an `invariant`, it also asks that.
 *
 * Point it at your own commands to find the stream that one of them forgot to declare.
 *
 * @returns what happened in all seeds together, if nothing was wrong.
 * @throws {@link SimulationFailed} at the first seed that fails: with the anomaly, the schedule, and how to replay it.
 *
 * @example
 * ```ts
 * const report = await simulate({
 *   before: [new OpenAccount({ account: 'alice', owner: 'Alice' }), new OpenAccount({ account: 'bob', owner: 'Bob' })],
 *   commands: ({ random }) => {
 *     const [from, to] = random.sample(['alice', 'bob'], 2);
 *     return new TransferMoney({ from: from!, to: to!, amount: random.integer(1, 50) });
 *   },
 *   invariant: async (store) => {
 *     if ((await load(store, Account.at('alice'))).balance < 0) throw new Error('Alice is overdrawn.');
 *   },
 *   seeds: 20,
 * });
 * console.log(`${report}`);
 * ```
 */
export async function simulate<Metadata = unknown>(simulation: Simulation<Metadata>): Promise<SimulationReport> {
  checkSimulation(simulation as Simulation);
  const { clients = 5, rounds = 12, seed, seeds = 100 } = simulation;
  const options = { clients, rounds };
  if (seed !== undefined) return trySeeds(simulation, [seed], options);
  const report = await trySeeds(simulation, upTo(seeds), options);
  await checkRepeatable(simulation, options);
  if (report.ended.ok === 0) {
    throw new Error(
      `In ${seeds} seeds no command was applied, so nothing was tested: ${report.ended.rejected} were rejected, ` +
        `${report.ended.failed} failed. Let \`before\` execute what they need.`,
    );
  }
  return report;
}

/** Two runs of one seed have to be the same run: otherwise a seed that fails couldn't be replayed. */
async function checkRepeatable<Metadata>(simulation: Simulation<Metadata>, options: RunOptions): Promise<void> {
  const [one, other] = [await runSeed(simulation, 1, options), await runSeed(simulation, 1, options)];
  if (JSON.stringify(one.history) !== JSON.stringify(other.history))
    throw new Error(`Seed 1 ran twice, and not alike: ${CHANCE}`);
}

const CHANCE =
  "something in the commands is left to chance that doesn't come from the client's random or from the command's context, such as Math.random() or Date.now().";

export async function trySeeds<Metadata>(
  simulation: Simulation<Metadata>,
  seeds: Iterable<number>,
  options: RunOptions,
): Promise<SimulationReport> {
  const report = new RunningReport();
  for (const seed of seeds) {
    const run = await runSeed(simulation, seed, options);
    if (failureOf(run) !== undefined) throw await explained(simulation, run, options);
    report.add(run);
    // Within a run there is no turn of the event loop. Between two, others have theirs: signals, timeouts of tests.
    await new Promise((resolve) => nextTurn(resolve));
  }
  return report;
}

function* upTo(seeds: number): Iterable<number> {
  for (let seed = 1; seed <= seeds; seed++) yield seed;
}

/** In which way a run has failed: by an anomaly, or else by an error; undefined if it hasn't. */
function failureOf({ broken, verdict }: Run): string | undefined {
  return verdict.anomalies[0]?.kind ?? (broken === undefined ? undefined : 'broken');
}

/** The same seed with as few rounds and clients as still fail in the same way, replayed with an ear for what happens. */
async function explained<Metadata>(
  simulation: Simulation<Metadata>,
  first: Run,
  options: RunOptions,
): Promise<SimulationFailed> {
  const { seed } = first;
  let smallest: RunOptions = options;
  for (let rounds = 1; rounds < options.rounds; rounds++) {
    const smaller = { ...options, rounds };
    if (failureOf(await runSeed(simulation, seed, smaller)) !== failureOf(first)) continue;
    smallest = smaller;
    break;
  }
  for (let clients = 1; clients < options.clients; clients++) {
    const smaller = { ...smallest, clients };
    if (failureOf(await runSeed(simulation, seed, smaller)) !== failureOf(first)) continue;
    smallest = smaller;
    break;
  }
  const schedule: string[] = [];
  const run = await runSeed(simulation, seed, {
    ...smallest,
    tell: (moment, who, what) => schedule.push(`${moment.toFixed(1).padStart(9)}  ${who.padEnd(12)}${what}`),
  });
  if (failureOf(run) === failureOf(first)) return new SimulationFailed(describeFailure(run, smallest, schedule), run);
  return new SimulationFailed(
    `Seed ${seed} failed, and didn't when it was replayed: ${CHANCE}\n\n${describeFindings(first)}`,
    first,
  );
}
