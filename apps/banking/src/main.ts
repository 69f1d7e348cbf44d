/** Opens the bank, until somebody stops it. */
import { startServer } from './server.js';

try {
  const { url, storage, close } = await startServer();
  console.log(`The bank is open at ${url}, with its events in ${storage}. Ctrl-C closes it.`);

  const stop = (): void => {
    // Who asks twice doesn't want to wait.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop).once(signal, () => process.exit(1));
    console.log('The bank closes.');
    void close();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
