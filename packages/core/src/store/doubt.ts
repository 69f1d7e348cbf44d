/** What everybody who is in doubt about an append goes by. */

/** How long it is sent again before somebody is told that it can't be known, in milliseconds. */
export const MAX_DOUBT = 30_000;

/**
 * Whether a store refuses for a reason that doesn't pass: asking again is of no use then. An error that doesn't say whether trying
 * again may help, as a driver's, may pass.
 */
export function isForGood(error: unknown): boolean {
  return (error as { readonly retriable?: unknown } | null | undefined)?.retriable === false;
}
