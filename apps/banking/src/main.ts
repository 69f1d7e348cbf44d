/** Opens the bank, until somebody stops it. */
import { startServer } from './server.js';

try {
  const { url, storage, close } = await startServer();
  console.log(`The bank is open at ${url}, with its events in ${storage}. Ctrl-C closes it.`);

  let closing: number | undefined;
  const stop = (): void => {
    // Who asks again later doesn't want to wait any more. At once, it is npm that passes on what the terminal has told all.
    if (closing !== undefined && Date.now() - closing > 1_000) process.exit(1);
    if (closing !== undefined) return;
    closing = Date.now();
    console.log('The bank closes.');
    void close();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
