import { describe, expect, it } from '@jest/globals';
import { commandLine } from './command-line.js';
import { WrongUsage } from './wrong-usage.js';

const DATABASE_URL = 'postgres://bank_owner:hunter2@localhost/bank';

describe('the command line', () => {
  it('needs nothing but the command where the environment names the database', () => {
    expect(commandLine(['migrate'], { DATABASE_URL })).toEqual({
      command: 'migrate',
      databaseUrl: DATABASE_URL,
      schema: 'eventcore',
      grantTo: [],
      dryRun: false,
    });
  });

  it('takes every option, in both ways of writing it', () => {
    const words = ['--dry-run', 'migrate', '--schema', 'shop', '--grant-to=web', '--grant-to', 'worker'];
    expect(commandLine([...words, '--database-url=postgres://localhost/shop'], { DATABASE_URL })).toEqual({
      command: 'migrate',
      databaseUrl: 'postgres://localhost/shop',
      schema: 'shop',
      grantTo: ['web', 'worker'],
      dryRun: true,
    });
  });

  it('asks how a database stands', () => {
    expect(commandLine(['status', '--schema', 'shop'], { DATABASE_URL })).toEqual({
      command: 'status',
      databaseUrl: DATABASE_URL,
      schema: 'shop',
    });
  });

  it.each([[['--help']], [['-h']], [['migrate', '--help']]])('asks for help: %j', (words) => {
    expect(commandLine(words, {})).toEqual({ command: 'help' });
  });

  it.each([
    [[], 'No command was given. There are two: migrate and status.'],
    [['migrat'], 'There is no such command'],
    [[DATABASE_URL], 'There is no such command'],
    [['migrate', DATABASE_URL], 'migrate takes options alone'],
    [['status', DATABASE_URL], 'status takes options alone'],
    [['status', '--dry-run'], 'status changes nothing'],
    [['status', '--grant-to', 'web'], 'status changes nothing'],
    [['migrate', '--schema', DATABASE_URL], '--schema and --grant-to take names'],
    [['migrate', '--grant-to', DATABASE_URL], '--schema and --grant-to take names'],
    [['migrate', `--database-ulr=${DATABASE_URL}`], "Unknown option '--database-ulr'."],
    [['migrate', `--dry-run=${DATABASE_URL}`], "Option '--dry-run' does not take an argument."],
    [['migrate', '--schema'], "Option '--schema <value>' argument missing."],
    [['migrate', '--schema', '--dry-run'], "Option '--schema' argument is ambiguous."],
    [['migrate', '--schema', 'a', '--schema', 'b'], '--schema was given 2 times.'],
    [['migrate', '--database-url', DATABASE_URL, '--database-url', DATABASE_URL], '--database-url was given 2 times.'],
  ])('is refused, and never repeated: %j', (words, message) => {
    let refused: unknown;
    try {
      commandLine(words, { DATABASE_URL });
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(WrongUsage);
    expect(String(refused)).toContain(message);
    expect(String(refused)).not.toContain('hunter2');
  });

  it.each([[{}], [{ DATABASE_URL: '' }]])('has to name a database: %j', (environment) => {
    expect(() => commandLine(['migrate'], environment)).toThrow('Set DATABASE_URL, or give --database-url');
  });
});
