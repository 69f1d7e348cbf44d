/** `together`: events that one command wrote. */
import { DefinitionError } from '@eventcore/core';
import { SpecEvent } from './on.js';

/**
 * Groups what has happened: these events were written by one command, so they share its id, and stand at one position.
 * Without it, each event of `given` is a command of its own.
 *
 * @throws `DefinitionError` when they can't be of one command: it has one correlation id, one time, one metadata.
 *
 * @example
 * ```ts
 * const [alice, bob] = [Account.at('alice'), Account.at('bob')];
 * given(
 *   on(alice, 'AccountOpened', { owner: 'Alice' }),
 *   together(on(alice, 'MoneyWithdrawn', { amount: 60 }), on(bob, 'MoneyDeposited', { amount: 60 })),
 * );
 * ```
 */
export function together(...events: readonly [SpecEvent, ...SpecEvent[]]): Together {
  if (events.length === 0 || !events.every(SpecEvent.is)) {
    throw new DefinitionError('together takes events: together(on(alice, …), on(bob, …)).');
  }
  return new Together(events);
}

/** Events that one command wrote. */
export class Together {
  readonly events: readonly SpecEvent[];
  readonly #grouped = true;

  constructor(events: readonly SpecEvent[]) {
    this.events = Object.freeze([...events]);
    Object.freeze(this);
  }

  static is(value: unknown): value is Together {
    return typeof value === 'object' && value !== null && #grouped in value && value.#grouped;
  }
}
