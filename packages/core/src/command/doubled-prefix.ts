/** Telling of a key that looks like an id: `book-dune`, given for a stream of type `book`, leads to `book-book-dune`. */
import type { StreamField } from './compiled-command.js';

const production = process.env['NODE_ENV'] === 'production';
const told = new WeakSet<StreamField>();

/**
 * Warns of a key that begins with its own type's prefix: once a field, and not in production. It is no error, since a key may
 * hold anything, and the compiler refuses an id that is typed as one.
 */
export function warnOfDoubledPrefix(field: StreamField, key: string): void {
  if (production || told.has(field) || !key.startsWith(field.type.name) || key[field.type.name.length] !== '-') return;
  told.add(field);
  const { where, type } = field;
  process.emitWarning(
    `${where} was given the key ${JSON.stringify(key)}, which leads to the stream "${type.name}-${key}". ` +
      `If that is an id already, give its key, keyOf(id), or a reference.`,
    { type: 'EventCoreWarning', code: 'EVENTCORE_DOUBLED_PREFIX' },
  );
}
