/**
 * What a fresh bank begins with: a few customers, and some weeks of their lives.
 *
 * The same commands as everybody's, under ids of their own, so that a seed that was interrupted, or that two processes begin
 * at once, is there once. They are executed now, and recorded now; when each was booked is in its metadata.
 */
import { commandIdFrom, START, type AnyCommand } from '@eventcore/core';
import { setTimeout as pause } from 'node:timers/promises';
import { accountNumber } from './api/commands.js';
import type { Bank } from './bank.js';
import { Deposit } from './domain/deposit.js';
import { OpenAccount } from './domain/open-account.js';
import { PayMany } from './domain/pay-many.js';
import { SetOverdraftLimit } from './domain/set-overdraft-limit.js';
import { SetStandingOrders } from './domain/set-standing-orders.js';
import { TransferMoney } from './domain/transfer-money.js';
import { Withdraw } from './domain/withdraw.js';
import type { Currency } from './domain/money.js';

const DAY = 24 * 60 * 60 * 1000;
const WEEKS = 12;

/** Another process may be seeding as well, and have the consumers stand still meanwhile; in milliseconds. */
const PATIENCE = 60_000;

/** For how many milliseconds whoever looks at the bank goes first, before each command. */
const BREATH = 2;

interface SeedOptions {
  readonly now?: Date;
  readonly signal?: AbortSignal;
}

/**
 * Writes what isn't there yet. An abort leaves it as it is: the next seed goes on from there.
 *
 * @throws what a command, or waiting for the read models, has failed with; the reason of the abort.
 */
export async function seed(bank: Bank, { now = new Date(), signal }: SeedOptions = {}): Promise<void> {
  const finished = commandIdFrom('seed', 'overdraft GBP');
  if ((await bank.store.capabilities.lookup.byCommand(finished)).length > 0) return;

  const begin = async (name: string, command: AnyCommand, time: Date) => {
    // PGlite works in this process, and answers in the same turn of the event loop: without others nobody would be heard.
    // A request for a file of the page takes several, and is done within this while.
    await pause(BREATH, undefined, { ...(signal && { signal }) });
    return bank.execute(command, 'bank', { commandId: commandIdFrom('seed', name), bookedAt: time.toISOString() });
  };
  const patience = { timeout: PATIENCE, ...(signal && { signal }) };

  // One after the other each event would be a step of every consumer. Together they are one.
  await bank.runner.pause();
  const first = Math.floor(now.getTime() / DAY - WEEKS * 7) * DAY;
  let position = START;
  for (const name of Object.keys(ACCOUNTS) as Name[]) {
    const [owner, called, currency] = ACCOUNTS[name];
    const account = numberOf(name);
    const opened = new Date(first - DAY + 9 * 60 * 60 * 1000);
    ({ position } = await begin(`open ${name}`, new OpenAccount({ account, owner, name: called, currency }), opened));
  }
  // The welcome bonuses come before all else, as they would have.
  bank.runner.resume('welcome-bonus');
  await bank.runner.caughtUp(position, { consumer: 'welcome-bonus', ...patience });
  await bank.runner.pause('welcome-bonus');
  for (const { day, hour, name, command } of history()) {
    const time = new Date(first + day * DAY + hour * 60 * 60 * 1000);
    if (time < now) await begin(name, command, time);
  }
  await begin('overdraft EUR', new SetOverdraftLimit({ policy: 'EUR', limit: 500_00 }), now);
  ({ position } = await begin('overdraft GBP', new SetOverdraftLimit({ policy: 'GBP', limit: 250_00 }), now));
  bank.runner.resume();
  await bank.runner.caughtUp(position, patience);
}

const ACCOUNTS = {
  acme: ['acme', 'Operations', 'EUR'],
  'alice everyday': ['alice', 'Everyday', 'EUR'],
  'alice savings': ['alice', 'Savings', 'EUR'],
  'bob everyday': ['bob', 'Everyday', 'EUR'],
  'carol everyday': ['carol', 'Everyday', 'EUR'],
  'carol travel': ['carol', 'Travel', 'GBP'],
} as const satisfies Record<string, readonly [string, string, Currency]>;

type Name = keyof typeof ACCOUNTS;

function numberOf(name: Name): string {
  return accountNumber(commandIdFrom('seed', `open ${name}`));
}

interface Booking {
  readonly day: number;
  readonly hour: number;
  readonly name: string;
  readonly command: AnyCommand;
}

/** Twelve weeks, in the order in which they went by: the same on each machine. */
function history(): readonly Booking[] {
  const bookings: Booking[] = [];
  const eur = (cents: number) => ({ cents, currency: 'EUR' }) as const;
  const book = (day: number, hour: number, name: string, command: AnyCommand): void =>
    void bookings.push({ day, hour, name: `${day} ${name}`, command });
  const transfer = (day: number, hour: number, from: Name, to: Name, cents: number, memo: string): void =>
    book(day, hour, `${from} to ${to} ${memo}`, TransferMoney.between(numberOf(from), numberOf(to), eur(cents), memo));

  book(0, 9, 'capital', new Deposit({ account: numberOf('acme'), amount: eur(85_000_00) }));
  book(0, 10, 'alice begins', new Deposit({ account: numberOf('alice everyday'), amount: eur(1_250_00) }));
  book(0, 11, 'bob begins', new Deposit({ account: numberOf('bob everyday'), amount: eur(640_00) }));
  book(0, 12, 'carol begins', new Deposit({ account: numberOf('carol everyday'), amount: eur(2_100_00) }));
  book(1, 10, 'pounds', new Deposit({ account: numberOf('carol travel'), amount: { cents: 320_00, currency: 'GBP' } }));
  book(
    2,
    9,
    'alice orders',
    new SetStandingOrders({
      account: numberOf('alice everyday'),
      orders: [{ to: numberOf('alice savings'), amount: eur(200_00) }],
    }),
  );
  for (let week = 0; week < WEEKS; week++) {
    const day = week * 7;
    const draw = (most: number, salt: number): number => 5_00 + ((week * 7919 + salt * 104_729) % (most / 5)) * 5;
    if (week % 4 === 1) {
      const wages = [
        { to: numberOf('alice everyday'), cents: 2_480_00 },
        { to: numberOf('bob everyday'), cents: 2_150_00 },
        { to: numberOf('carol everyday'), cents: 3_020_00 },
      ];
      const told = { currency: 'EUR', purpose: 'wages', memo: 'Wages' } as const;
      book(day + 1, 6, 'wages', PayMany.from(numberOf('acme'), wages, told));
      transfer(day + 2, 8, 'bob everyday', 'carol everyday', 780_00, 'Rent');
      transfer(day + 3, 8, 'alice everyday', 'alice savings', 300_00, 'Putting aside');
    }
    transfer(day + 3, 19, 'alice everyday', 'bob everyday', draw(60_00, 1), 'Dinner');
    transfer(day + 4, 20, 'bob everyday', 'alice everyday', draw(45_00, 2), 'Cinema tickets');
    transfer(day + 5, 12, 'carol everyday', 'alice everyday', draw(80_00, 3), 'Birthday present');
    const cash = (name: Name, cents: number): void =>
      book(day + 6, 11, `${name} cash`, Withdraw.from(numberOf(name), eur(cents)));
    cash('alice everyday', 60_00 + (week % 3) * 20_00);
    cash('bob everyday', 50_00 + (week % 2) * 30_00);
    if (week % 3 === 2) cash('carol everyday', 150_00);
    if (week % 2 === 0)
      book(
        day + 6,
        15,
        'customers',
        new Deposit({ account: numberOf('acme'), amount: eur(4_300_00 + draw(900_00, 4)) }),
      );
  }
  return bookings.sort((a, b) => a.day - b.day || a.hour - b.hour);
}
