import type { Anomaly } from '../judge/anomaly.js';
import type { Run, RunOptions } from './run-seed.js';

/** What a failed run says: how to replay it, what is wrong, and what happened, in this order. */
export function describeFailure(run: Run, { clients, rounds }: RunOptions, schedule: readonly string[]): string {
  const size = `clients: ${clients}, rounds: ${rounds}`;
  return [
    `Seed ${run.seed} fails. Replay it with simulate({ …, seed: ${run.seed}, ${size} }).`,
    describeFindings(run),
    ['What happened, in milliseconds:', ...schedule].join('\n'),
  ].join('\n\n');
}

/** What is wrong, and what would mend it where that is plain. */
export function describeFindings({ broken, verdict }: Run): string {
  const findings: string[] = [];
  if (broken !== undefined) findings.push(broken.error instanceof Error ? broken.error.message : String(broken.error));
  if (!verdict.valid) findings.push(String(verdict), ...new Set(verdict.anomalies.flatMap(remedies)));
  return findings.join('\n\n');
}

/** A stream that a command was made of, without reading it itself, is one that it forgot to declare. */
function remedies({ operations, streams }: Anomaly): readonly string[] {
  return operations.flatMap(({ name, beforehand = [] }) =>
    beforehand
      .filter((stream) => streams.includes(stream))
      .map((stream) => stream.slice(0, stream.indexOf('-')))
      .map(
        (type) =>
          `${name} is made of what was read of a stream of type "${type}" before, and doesn't declare that stream. ` +
          'Declare it for reading, and decide on its state.',
      ),
  );
}
