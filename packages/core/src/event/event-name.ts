/** The names and schema versions of events. */
import { ValidationError } from '../errors/input-errors.js';
import { nameFault } from './stream-id.js';

/** An event's name may be anything printable. @throws {@link ValidationError} */
export function eventName(name: string): string {
  const fault = nameFault(name);
  if (fault !== undefined)
    throw new ValidationError(`The event name ${JSON.stringify(name)}`, [{ path: [], message: fault }]);
  return name;
}

/** A schema version is stored beside every event, in two bytes. @throws {@link ValidationError} */
export function schemaVersion(event: string, number: number): number {
  if (Number.isSafeInteger(number) && number >= 1 && number <= 32_767) return number;
  const message = `must be a whole number from 1 to 32,767, not ${number}`;
  throw new ValidationError(`The schema version of ${event}`, [{ path: [], message }]);
}
