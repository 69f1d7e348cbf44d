#!/usr/bin/env node
/** `npx --no eventcore-postgres`: says what came of it on its standard output, what went wrong on the other one, and by its exit code. */
import { commandLine } from './command-line.js';
import { HELP } from './help.js';
import { migrate } from './migrate.js';
import { status } from './status.js';
import { WrongUsage } from './wrong-usage.js';

/** What there is to say, and whether all is well. */
async function answer(): Promise<{ readonly text: string; readonly isWell: boolean }> {
  const asked = commandLine(process.argv.slice(2), process.env);
  switch (asked.command) {
    case 'help':
      return { text: HELP, isWell: true };
    case 'migrate':
      return { text: await migrate(asked), isWell: true };
    case 'status':
      return status(asked);
  }
}

try {
  const { text, isWell } = await answer();
  process.stdout.write(`${text}\n`);
  process.exitCode = isWell ? 0 : 1;
} catch (error) {
  // A message of ours says what to do. Of anything else, where it comes from is all that could help.
  const expected = error instanceof Error && 'code' in error;
  process.stderr.write(
    `eventcore-postgres: ${expected ? error.message : error instanceof Error ? error.stack : error}\n`,
  );
  if (error instanceof WrongUsage) process.stderr.write('See: npx --no eventcore-postgres --help\n');
  process.exitCode = error instanceof WrongUsage ? 2 : 1;
}
