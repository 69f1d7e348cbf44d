/** What the command line asks for. Nothing that was typed is repeated in a message: it may hold a password. */
import { parseArgs } from 'node:util';
import { WrongUsage } from './wrong-usage.js';

export type Asked = { readonly command: 'help' } | Migrate | Status;

export interface Migrate {
  readonly command: 'migrate';
  readonly databaseUrl: string;
  readonly schema: string;
  readonly grantTo: readonly string[];
  readonly dryRun: boolean;
}

export interface Status {
  readonly command: 'status';
  readonly databaseUrl: string;
  readonly schema: string;
}

/** @throws {@link WrongUsage} */
export function commandLine(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Asked {
  const { values, positionals } = parse(words);
  if (values.help === true) return { command: 'help' };
  const [command, ...others] = positionals;
  if (command === undefined) throw new WrongUsage('No command was given. There are two: migrate and status.');
  if (command !== 'migrate' && command !== 'status') {
    throw new WrongUsage('There is no such command. There are two: migrate and status.');
  }
  if (others.length > 0) {
    throw new WrongUsage(`${command} takes options alone. The database is named by --database-url or DATABASE_URL.`);
  }
  if (command === 'status' && (values['grant-to'] !== undefined || values['dry-run'] !== undefined)) {
    throw new WrongUsage('status changes nothing: --grant-to and --dry-run are for migrate.');
  }
  const databaseUrl = once('--database-url', values['database-url']) ?? environment['DATABASE_URL'];
  if (databaseUrl === undefined || databaseUrl === '') {
    throw new WrongUsage(
      'No database was named. Set DATABASE_URL, or give --database-url postgres://user@host:5432/database.',
    );
  }
  const schema = once('--schema', values.schema) ?? 'eventcore';
  const grantTo = values['grant-to'] ?? [];
  // Errors name schemas and roles.
  if ([schema, ...grantTo].some((name) => name.includes('://'))) {
    throw new WrongUsage(
      '--schema and --grant-to take names. The database is named by --database-url or DATABASE_URL.',
    );
  }
  if (command === 'status') return { command, databaseUrl, schema };
  return {
    command,
    databaseUrl,
    schema,
    grantTo,
    dryRun: values['dry-run'] ?? false,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        'database-url': { type: 'string', multiple: true },
        schema: { type: 'string', multiple: true },
        'grant-to': { type: 'string', multiple: true },
        'dry-run': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    // Node names the option, and never its value.
    const [sentence = ''] = (error as Error).message.split(/\.?\s*(?:\n|To specify)/);
    throw new WrongUsage(`${sentence}.`);
  }
}

/** Of two values one would be passed over in silence. */
function once(option: string, given: readonly string[] = []): string | undefined {
  if (given.length > 1) throw new WrongUsage(`${option} was given ${given.length} times.`);
  return given[0];
}
