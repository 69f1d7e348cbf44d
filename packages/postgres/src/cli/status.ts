/** `status`: how a database stands. */
import type { SchemaCheck } from '../schema/check.js';
import type { Status } from './command-line.js';
import { open } from './open.js';

/** What there is to say, and whether the database is as it should be. */
export async function status(asked: Status): Promise<{ readonly text: string; readonly isWell: boolean }> {
  await using store = open(asked);
  const check = await store.check();
  return { text: describe(asked.schema, check), isWell: check.version >= check.needed && check.fallen.length === 0 };
}

function describe(schema: string, { version, needed, fallen }: SchemaCheck): string {
  if (version === 0) return `The schema ${schema} holds no store. Run migrate.`;
  if (version < needed)
    return `The schema ${schema} is at version ${version}, and this release needs ${needed}. Run migrate.`;
  if (version > needed)
    return `The schema ${schema} is at version ${version}, of a later release than this one. Ask that one.`;
  if (fallen.length === 0) return `The schema ${schema} is at version ${version}, and all that guards it stands.`;
  const list = fallen.map((guard) => `- ${guard}`).join('\n');
  return `The schema ${schema} is at version ${version}, and these no longer stand:\n${list}\nRun migrate, as the owner.`;
}
