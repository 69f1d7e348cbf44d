/** Telling of a failure that nobody else would hear of, as a warning of the process: visible, and never an error of a command. */
import { inspect } from 'node:util';

export function warn(code: string, what: string, error: unknown): void {
  const detail = error instanceof Error ? error.stack : undefined;
  process.emitWarning(`${what}: ${textOf(error)}`, {
    type: 'EventCoreWarning',
    code,
    ...(detail !== undefined && { detail }),
  });
}

/** Whatever was thrown: also what can't be made a text. */
function textOf(error: unknown): string {
  return error instanceof Error ? String(error) : inspect(error);
}
