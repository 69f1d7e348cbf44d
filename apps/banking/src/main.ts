/** Opens the bank, until somebody stops it. */
import { startServer, type BankServer } from './server.js';

try {
  await run(await startServer());
} catch (error) {
  fail(error);
}

async function run({ url, storage, ready, close }: BankServer): Promise<void> {
  let closing: number | undefined;
  const stop = (): void => {
    // Who asks again later doesn't want to wait any more. At once, it is npm that passes on what the terminal has told all.
    if (closing !== undefined && Date.now() - closing > 1_000) process.exit(1);
    if (closing !== undefined) return;
    closing = Date.now();
    console.log('The bank closes.');
    close().catch(fail);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  console.log(`The bank is open at ${url}, with its events in ${storage}. Ctrl-C closes it.`);

  try {
    await ready;
  } catch (error) {
    // What a seed that was told to stop has left is taken up at the next start.
    if (closing !== undefined) return;
    console.error('The bank could not be seeded, and closes.');
    closing = Date.now();
    await close();
    throw error;
  }
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
