import type { Run, RunOptions } from './run-seed.js';

/** What a failed run says: how to replay it, what is wrong, and what happened, in this order. */
export function describeFailure(run: Run, { clients, rounds }: RunOptions, schedule: readonly string[]): string {
  const { seed, broken, verdict } = run;
  const size = `clients: ${clients}, rounds: ${rounds}`;
  const lines = [`Seed ${seed} fails. Replay it with simulate({ …, seed: ${seed}, ${size} }).`, ''];
  if (broken !== undefined)
    lines.push(`${broken.error instanceof Error ? broken.error.message : String(broken.error)}`, '');
  if (!verdict.valid) lines.push(`${verdict}`, '');
  if (schedule.length > 0) lines.push('What happened, in milliseconds:', ...schedule);
  return lines.join('\n').trimEnd();
}
