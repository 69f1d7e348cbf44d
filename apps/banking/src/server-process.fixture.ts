/** The bank in a process of its own, from its sources, to be stopped and to be killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** SIGKILL: it can do nothing about it. */
  readonly kill: () => Promise<Ended>;
  /** SIGTERM: it ends by itself. */
  readonly stop: () => Promise<Ended>;
}

export interface Ended {
  /** Null for one that was killed. */
  readonly code: number | null;
  readonly output: string;
}

const app = path.resolve(import.meta.dirname, '..');
const hooks = [path.join(app, '../../tools/run-sources.mjs'), path.join(app, 'tools/run-sources.mjs')];

/**
 * Starts it, on a port that is free, and waits until it is ready; or only until it is open.
 *
 * @throws what it said, when it ends before that.
 */
export async function startServerProcess(
  env: Readonly<Record<string, string>>,
  until: 'ready' | 'open' = 'ready',
): Promise<ServerProcess> {
  // What npm and jest have set for this process is none of its business.
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      // Else to compile PGlite takes half a gigabyte more.
      '--liftoff-only',
      ...hooks.flatMap((hook) => ['--import', hook]),
      path.join(app, 'src/main.ts'),
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH, HOME, TMPDIR, PORT: '0', SESSION_SECRET: 'of the test', ...env },
    },
  );
  let output = '';
  const ended = once(child, 'close').then(([code]): Ended => ({ code: code as number | null, output }));
  const url = new Promise<string>((resolve) => {
    const hear = (text: string): void => {
      output += text;
      const [, found] = /The bank is open at (\S+?),/.exec(output) ?? [];
      if (found !== undefined) resolve(found);
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
  });
  const end = (signal: NodeJS.Signals) => (): Promise<Ended> => {
    child.kill(signal);
    return ended;
  };
  const known = until === 'open' ? url : url.then(ready);
  const first = await Promise.race([known, ended]);
  if (typeof first !== 'string') throw new Error(`It ended with ${first.code}: ${first.output}`);
  return { url: first, pid: child.pid!, kill: end('SIGKILL'), stop: end('SIGTERM') };
}

/** Asks until it says so. Of one that has ended nobody waits for it any more. */
async function ready(url: string): Promise<string> {
  for (;;) {
    try {
      if ((await fetch(`${url}/readyz`)).ok) return url;
    } catch {
      // It has ended meanwhile, and how is what its caller is told.
      return new Promise(() => {});
    }
    await sleep(20);
  }
}
