/** Telling of a failure that nobody else would hear of, as a warning of the process: visible, and never an error of a command. */
export function warn(code: string, what: string, error: unknown): void {
  const detail = error instanceof Error ? error.stack : undefined;
  process.emitWarning(`${what}: ${String(error)}`, {
    type: 'EventCoreWarning',
    code,
    ...(detail !== undefined && { detail }),
  });
}
