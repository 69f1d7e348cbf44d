/** Telling what is asynchronous, where it matters that a function isn't. */
import { types } from 'node:util';

/** Whether it would be awaited: a promise of any library. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof (value as { readonly then?: unknown }).then === 'function'
  );
}

/** The same, for one that is about to be refused. */
export function isUnwantedPromise(value: unknown): value is PromiseLike<unknown> {
  if (!isThenable(value)) return false;
  // Nobody is going to await it, and an unhandled rejection would end the process. Promise's own `then`, and only for real
  // promises: some libraries begin their work, such as a query, when `then` is called.
  if (types.isPromise(value)) void Promise.prototype.then.call(value, undefined, () => undefined);
  return true;
}
