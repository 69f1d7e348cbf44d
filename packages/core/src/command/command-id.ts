/** Command ids from a caller's own keys, so that sending a request again is harmless. */
import { v5 } from 'uuid';
import { ValidationError } from '../errors/input-errors.js';
import type { CommandId } from '../event/recorded-event.js';

/** The namespace of all ids that this library derives. Never changes: old keys have to give the same ids for ever. */
const NAMESPACE = '6f6d2c1e-3c52-5d0b-9a53-0d8f7a7e5b11';

/**
 * A command id from a key of the caller's own, such as an `Idempotency-Key` header. The scope says whose key it is: two
 * customers may well use the same one, and neither should get the other's receipt.
 *
 * @example
 * ```ts
 * const commandId = commandIdFrom('customer-7', 'b1946ac9-rent-november');
 * await execute(new TransferMoney({ from: 'alice', to: 'bob', amount: 60 }), store, { commandId });
 * ```
 */
export function commandIdFrom(scope: string, key: string): CommandId {
  if (typeof scope !== 'string' || scope === '' || typeof key !== 'string' || key === '') {
    throw new ValidationError('commandIdFrom', [
      { path: [], message: 'needs a scope and a key, neither of them empty' },
    ]);
  }
  if (!scope.isWellFormed() || !key.isWellFormed()) {
    throw new ValidationError('commandIdFrom', [
      { path: [], message: 'must not be given a lone surrogate: it has no UTF-8 form' },
    ]);
  }
  return v5(key, v5(scope, NAMESPACE)) as CommandId;
}
