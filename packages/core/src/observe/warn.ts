/** Telling of a failure that nobody else would hear of, as a warning of the process: visible, and never an error of a command. */
import { describeThrown } from '../errors/thrown.js';

export function warn(code: string, what: string, error: unknown): void {
  const detail = stackOf(error);
  const { name, message } = describeThrown(error);
  process.emitWarning(`${what}: ${error instanceof Error ? `${name}: ${message}` : message}`, {
    type: 'EventCoreWarning',
    code,
    ...(detail !== undefined && { detail }),
  });
}

/** Causes may be each other's: so many are followed. */
const MOST_CAUSES = 5;

/** Where it was raised, and where what caused it was: that is mostly where somebody has to look. */
function stackOf(error: unknown): string | undefined {
  const stacks: string[] = [];
  try {
    for (let next = error; next instanceof Error && stacks.length < MOST_CAUSES; next = next.cause) {
      stacks.push(String(next.stack));
    }
  } catch {
    // A stack that can't even be read says nothing. What was thrown is told all the same.
  }
  return stacks.length === 0 ? undefined : stacks.join('\nCaused by ');
}
