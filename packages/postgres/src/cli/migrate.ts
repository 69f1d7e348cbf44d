/** `migrate`, on one connection of its own. */
import type { Migration } from '../schema/migrate.js';
import { migrations } from '../schema/migrations.js';
import type { Migrate } from './command-line.js';
import { open } from './open.js';

export async function migrate(asked: Migrate): Promise<string> {
  await using store = open(asked);
  const migration = await store.migrate({ grantTo: asked.grantTo, dryRun: asked.dryRun });
  return asked.dryRun ? script(asked.schema, migration) : report(asked, migration);
}

function report({ schema, grantTo }: Migrate, migration: Migration): string {
  const granted = grantTo.map((role) => `\nThe role ${role} may use it.`).join('');
  const mended = migration.mended.map((guard) => `\nIt was set up again: ${guard}.`).join('');
  return `${state(schema, migration, 'was brought')}${mended}${granted}`;
}

/** Ready to be reviewed, and to be run as it is. */
function script(schema: string, migration: Migration): string {
  const { statements } = migration;
  const comment = `-- ${state(schema, migration, 'would be brought')}`;
  return statements.length === 0 ? comment : `${comment}\n${['BEGIN', ...statements, 'COMMIT'].join(';\n\n')};`;
}

function state(schema: string, { from, to }: Migration, brought: string): string {
  if (from > migrations.length) {
    return `The schema ${schema} is at version ${from}, of a later release than this one, and is left as it is.`;
  }
  return from === to
    ? `The schema ${schema} is at version ${to} already.`
    : `The schema ${schema} ${brought} from version ${from} to version ${to}.`;
}
