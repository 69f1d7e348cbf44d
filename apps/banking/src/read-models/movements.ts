/**
 * Movements of all accounts, in an order that statements are read in: those of an account together, the newest first.
 *
 * Rows come in the order of their keys. So a key is the account, the time and the version, and the latter two count down:
 * a statement that begins at any day is a page that begins at a key.
 */
import type { StreamId } from '@eventcore/core';
import { defineReadModel } from '@eventcore/core/consumers';
import { Account } from '../domain/account.js';
import type { Amount } from '../domain/money.js';
import { bookedAt, type Booked, type Metadata } from '../metadata.js';
import { shownAccount } from './shown-accounts.js';

export type MovementKind =
  'deposit' | 'withdrawal' | 'transfer-in' | 'transfer-out' | 'bonus' | 'wages' | 'standing-order';

export interface MovementRow {
  readonly time: string;
  readonly kind: MovementKind;
  /** In cents; less than nothing where money left the account. */
  readonly change: number;
  readonly balance: number;
  readonly currency: string;
  /** The other account. */
  readonly counterparty: string | null;
  readonly memo: string;
  readonly correlationId: string;
}

const NONE: MovementRow = {
  time: '',
  kind: 'deposit',
  change: 0,
  balance: 0,
  currency: 'EUR',
  counterparty: null,
  memo: '',
  correlationId: '',
};

export const Movements = defineReadModel<MovementRow, Metadata>('movements', { row: () => NONE }).from(
  Account,
  {
    MoneyDeposited: (_, event) => entry(event, 'deposit', 1),
    MoneyWithdrawn: (_, event) => entry(event, 'withdrawal', -1),
    BonusReceived: (_, event) => entry(event, 'bonus', 1),
    MoneySent: (_, event) => {
      const { purpose, to, memo } = event.data;
      return { ...entry(event, purpose === 'transfer' ? 'transfer-out' : purpose, -1), counterparty: to, memo };
    },
    MoneyReceived: (_, event) => {
      const { purpose, from, memo } = event.data;
      return { ...entry(event, purpose === 'transfer' ? 'transfer-in' : purpose, 1), counterparty: from, memo };
    },
  },
  {
    key: (event) => {
      const account = shownAccount(event);
      return account && keyOfMovement(account, new Date(bookedAt(event)), event.version);
    },
  },
);

interface Movement extends Booked {
  readonly stream: StreamId;
  readonly correlationId: string;
  readonly data: { readonly amount: Amount; readonly balance: number };
}

function entry(event: Movement, kind: MovementKind, sign: 1 | -1): MovementRow {
  const { amount, balance } = event.data;
  return {
    ...NONE,
    time: bookedAt(event),
    kind,
    change: sign * amount.cents,
    balance,
    currency: amount.currency,
    correlationId: event.correlationId,
  };
}

/** The key of a movement. With the highest version, that of any movement of a time goes behind it. */
export function keyOfMovement(account: string, time: Date, version: number): string {
  return `${prefixOf(account)}${countingDown(time.getTime())}/${countingDown(version)}`;
}

/** What all keys of an account begin with, and none of another one. Keys of accounts hold no slash. */
export function prefixOf(account: string): string {
  return `${account}/`;
}

/** In plain string order the higher number goes first. */
function countingDown(number: number): string {
  return String(Number.MAX_SAFE_INTEGER - number).padStart(16, '0');
}
