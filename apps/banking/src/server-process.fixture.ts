/** The bank in a process of its own, from its sources, to be stopped and to be killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as path from 'node:path';

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

/** Starts it, on a port that is free. @throws what it said, when it ends before it is open. */
export async function startServerProcess(env: Readonly<Record<string, string>>): Promise<ServerProcess> {
  // What npm and jest have set for this process is none of its business.
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
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
  const first = await Promise.race([url, ended]);
  if (typeof first !== 'string') throw new Error(first.output);
  return { url: first, pid: child.pid!, kill: end('SIGKILL'), stop: end('SIGTERM') };
}
