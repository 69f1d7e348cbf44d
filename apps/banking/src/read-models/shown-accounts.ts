/** Which rows events of accounts touch. Those of the contention demo touch none: each run has thousands, and nobody is shown them. */
import { keyOf, type StreamId } from '@eventcore/core';
import { isDemonstration } from '../people.js';

/** The key of the account whose stream this is, or whose compliance is in it; undefined where it isn't shown. */
export function shownAccount({ stream }: { readonly stream: StreamId }): string | undefined {
  const account = keyOf(stream);
  return isDemonstration(account) ? undefined : account;
}
