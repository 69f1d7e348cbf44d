import { EventCoreError } from '@eventcore/core';

/**
 * The server has refused what it was asked to write, and would again: a trigger or a constraint of the user's own, a value
 * that it can't hold. Nothing was written. `cause` is the driver's error.
 *
 * @example
 * ```ts
 * import { execute, isEventCoreError } from '@eventcore/core';
 * import { DatabaseRefusal } from '@eventcore/postgres';
 *
 * export function isOurTrigger(error: unknown): boolean {
 *   return error instanceof DatabaseRefusal && String(error.cause).includes('audit');
 * }
 * ```
 */
export class DatabaseRefusal extends EventCoreError {
  readonly code = 'DATABASE_REFUSAL';
}
Object.defineProperty(DatabaseRefusal.prototype, 'name', {
  value: 'DatabaseRefusal',
  configurable: true,
  writable: true,
});
