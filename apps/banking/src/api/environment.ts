/** What every route finds in its context. */
import type { Bank } from '../bank.js';
import type { User } from './messages.js';

export interface Environment {
  readonly Variables: {
    readonly bank: Bank;
    /** Who is signed in; set for all routes that need somebody to be. */
    readonly user: User;
    /** When the session of that user ends, in milliseconds since 1970. */
    readonly sessionEnds: number;
    /** Whether the bank has what it begins with. Until then it is there to be looked at. */
    readonly isReady: () => boolean;
  };
}
