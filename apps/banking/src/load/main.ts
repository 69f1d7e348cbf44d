/**
 * How many transfers a second, on each storage: `npm run load`, or `npm run load -- --transfers 5000 --concurrency 64`. The same
 * bank as ever, with its read models and reactions at work; PostgreSQL where a `DATABASE_URL` names a database to be filled.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import type { ContentionProgress } from '../api/messages.js';
import { Bank } from '../bank.js';
import { contend, type Contention } from '../contention.js';
import { openStorage } from '../storage/open-storage.js';
import { ProgressBar } from './progress-bar.js';

const { values } = parseArgs({
  options: {
    transfers: { type: 'string', default: '2000' },
    concurrency: { type: 'string', default: '32' },
    storage: { type: 'string', multiple: true, default: ['memory', 'pglite', 'postgres'] },
  },
});
const transfers = Number(values.transfers);
const concurrency = Number(values.concurrency);

/** Money that hardly ever meets, and money that does all the time. */
const CROWDS = [100, 4];

console.log(`${transfers} transfers, ${concurrency} at once, while read models and reactions follow\n`);
console.log(row(['storage', 'accounts', 'per second', 'p50 ms', 'p95 ms', 'p99 ms', 'conflicts', 'refused', 'total']));
for (const storage of values.storage) {
  if (storage === 'postgres' && !process.env['DATABASE_URL']) {
    console.log(row([storage, 'skipped: no DATABASE_URL']));
    continue;
  }
  for (const accounts of CROWDS) {
    const result = await measure(storage, { accounts, transfers, concurrency });
    const { perSecond, p50, p95, p99, conflicts, rejected, total, expected } = result;
    const kept = total === expected ? 'conserved' : `${total - expected} off`;
    const figures = [perSecond, p50, p95, p99].map((figure, index) => figure.toFixed(index === 0 ? 0 : 1));
    console.log(row([storage, accounts, ...figures, conflicts, rejected, kept]));
    if (total !== expected) process.exitCode = 1;
  }
}

async function measure(kind: string, crowd: Contention): Promise<ContentionProgress> {
  const folder = await mkdtemp(path.join(tmpdir(), 'banking-load-'));
  const storage = await openStorage({ ...process.env, STORAGE: kind, BANK_DATA: path.join(folder, 'bank') });
  const bank = new Bank(storage.store);
  const bar = new ProgressBar(`${kind}, ${crowd.accounts} accounts`);
  try {
    let last: ContentionProgress | undefined;
    for await (const progress of contend(bank, 'load', crowd, new AbortController().signal)) {
      bar.show(progress.done, progress.transfers, `${Math.round(progress.perSecond)}/s`);
      last = progress;
    }
    return last!;
  } finally {
    bar.clear();
    await bank.close();
    await storage.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function row(cells: readonly (string | number)[]): string {
  const [first = '', ...others] = cells.map(String);
  return [first.padEnd(10), ...others.map((cell) => cell.padStart(11))].join('');
}
