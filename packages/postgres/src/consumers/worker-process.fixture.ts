/** Processes that run consumers, and what is heard of them. */
import { afterAll } from '@jest/globals';
import { runSource, type Ended, type SourceProcess } from '../fixtures/source-process.fixture.js';
import type { Told, Work } from './worker.fixture.js';

export interface TellingProcess<Told> extends SourceProcess {
  readonly told: readonly Told[];
  /** The first thing it tells, from now on or before, of which this is so. It fails when the process ends without. */
  hears(about: (told: Told) => boolean): Promise<Told>;
  /** Asks it to end, and makes sure that it did so by itself, with nothing unhandled. */
  end(): Promise<void>;
}

export type WorkerProcess = TellingProcess<Told>;

const running = new Set<SourceProcess>();

// Of a test that has failed some may be left.
afterAll(async () => {
  for (const source of running) source.kill();
  await Promise.all([...running].map(({ ended }) => ended));
});

export function startWorker(work: Work): WorkerProcess {
  return startTelling('consumers/worker.fixture.ts', { EVENTCORE_WORK: JSON.stringify(work) });
}

/** Starts a process that prints what happens, a line each, and says when it is `ready` to be asked to end. */
export function startTelling<Told extends { readonly phase: string }>(
  file: string,
  env: Readonly<Record<string, string>>,
): TellingProcess<Told> {
  const told: Told[] = [];
  const waiting = new Set<() => void>();
  const wake = (): void => waiting.forEach((look) => look());
  const source = runSource(file, [], {
    env,
    flags: ['--unhandled-rejections=strict', '--disable-warning=EventCoreWarning'],
    hear: (line) => {
      told.push(JSON.parse(line) as Told);
      wake();
    },
  });
  running.add(source);
  let over: Ended | undefined;
  void source.ended.then((ended) => {
    over = ended;
    running.delete(source);
    wake();
  });
  const hears: TellingProcess<Told>['hears'] = (about) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = told.find(about);
        if (found !== undefined) resolve(found);
        else if (over !== undefined) reject(new Error(`It ended: ${JSON.stringify(over)}`));
        else return;
        waiting.delete(look);
      };
      waiting.add(look);
      look();
    });
  return {
    ...source,
    told,
    hears,
    async end() {
      // Before, nobody would take notice of the signal, and it would just be gone.
      await hears(({ phase }) => phase === 'ready');
      source.signal('SIGTERM');
      const { code, stderr } = await source.ended;
      if (code !== 0 || stderr !== '') throw new Error(`It ended with ${code}: ${stderr}`);
    },
  };
}
