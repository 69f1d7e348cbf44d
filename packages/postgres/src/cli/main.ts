#!/usr/bin/env node
/** `npx --no eventcore-postgres`: says what came of it on its standard output, what went wrong on the other one, and by its exit code. */
import { commandLine } from './command-line.js';
import { HELP } from './help.js';
import { migrate } from './migrate.js';
import { WrongUsage } from './wrong-usage.js';

async function answer(): Promise<string> {
  const asked = commandLine(process.argv.slice(2), process.env);
  switch (asked.command) {
    case 'help':
      return HELP;
    case 'migrate':
      return migrate(asked);
  }
}

try {
  process.stdout.write(`${await answer()}\n`);
} catch (error) {
  // A message of ours says what to do. Of anything else, where it comes from is all that could help.
  const expected = error instanceof Error && 'code' in error;
  process.stderr.write(
    `eventcore-postgres: ${expected ? error.message : error instanceof Error ? error.stack : error}\n`,
  );
  if (error instanceof WrongUsage) process.stderr.write('See: npx --no eventcore-postgres --help\n');
  process.exitCode = error instanceof WrongUsage ? 2 : 1;
}
