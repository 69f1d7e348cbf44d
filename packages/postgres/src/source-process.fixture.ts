/** Runs a source file of this package in a process of its own, from which it can be killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as path from 'node:path';
import { createInterface } from 'node:readline';

export interface SourceProcess {
  /** SIGKILL: it can do nothing about it. */
  readonly kill: () => void;
  /** SIGTERM asks it to end; SIGSTOP has it stand still, wherever it is, until SIGCONT. */
  readonly signal: (name: 'SIGTERM' | 'SIGSTOP' | 'SIGCONT') => void;
  readonly ended: Promise<Ended>;
}

export interface Ended {
  /** Null for one that was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const here = import.meta.dirname;
const runSources = path.join(here, '../../../tools/run-sources.mjs');

export interface SourceProcessOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Of Node itself. */
  readonly flags?: readonly string[];
  /** Told of each line that it prints. */
  readonly hear?: (line: string) => void;
}

/** `file` is named from `src`. */
export function runSource(
  file: string,
  words: readonly string[] = [],
  { env = {}, flags = [], hear }: SourceProcessOptions = {},
): SourceProcess {
  // What npm and jest have set for this process is none of its business.
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--import', runSources, ...flags, path.join(here, file), ...words],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH, HOME, TMPDIR, ...env } },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  if (hear !== undefined) createInterface({ input: child.stdout }).on('line', hear);
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return { kill: () => void child.kill('SIGKILL'), signal: (name) => void child.kill(name), ended };
}
