/** Statements, and the balance over time. */
import { rowsOf } from '@eventcore/core/consumers';
import { Hono } from 'hono';
import * as v from 'valibot';
import type { Bank } from '../bank.js';
import { nameOf } from '../people.js';
import { Accounts } from '../read-models/accounts.js';
import { maySee } from '../read-models/account-views.js';
import { movementsOf, type MovementEntry } from '../read-models/statements.js';
import type { Environment } from './environment.js';
import { BalanceHistory, Statement, type Currency, type StatementEntry, type User } from './messages.js';
import { noSuchAccount } from './problems.js';
import { AccountPath, After, answers, takes } from './requests.js';

const PAGE = 50;

/** As many points as a chart can show. */
const POINTS = 500;

/** From the first moment to the last one, which both count. */
const Period = { from: v.optional(moment('T00:00:00.000Z')), to: v.optional(moment('T23:59:59.999Z')) };
const StatementQuery = v.object({
  ...After.entries,
  ...Period,
  before: v.optional(v.pipe(v.string(), v.maxLength(200))),
});
const HistoryQuery = v.object({ ...After.entries, ...Period });

export const statementRoutes = new Hono<Environment>()
  .get(
    '/:account/statement',
    answers('Movements, the newest first, page by page', Statement),
    takes('param', AccountPath),
    takes('query', StatementQuery),
    async (context) => {
      const { bank, user } = context.var;
      const { account } = context.req.valid('param');
      const { after, before, ...period } = context.req.valid('query');
      await bank.caughtUp(after);
      await ownRow(bank, user, account);
      const entries: MovementEntry[] = [];
      for await (const entry of movementsOf(
        bank.store,
        account,
        { ...period, before: keyOf(account, before) },
        PAGE + 1,
      )) {
        entries.push(entry);
        if (entries.length > PAGE) break;
      }
      const shown = entries.slice(0, PAGE);
      const next = entries.length > PAGE ? entryOf(shown.at(-1)!.key) : null;
      return context.json({ account, entries: await described(bank, shown), next });
    },
  )
  .get(
    '/:account/balance-history',
    answers('The balance after each movement, the oldest first', BalanceHistory),
    takes('param', AccountPath),
    takes('query', HistoryQuery),
    async (context) => {
      const { bank, user } = context.var;
      const { account } = context.req.valid('param');
      const { after, ...period } = context.req.valid('query');
      await bank.caughtUp(after);
      const { currency } = await ownRow(bank, user, account);
      const points: { time: string; cents: number }[] = [];
      for await (const { row } of movementsOf(bank.store, account, period)) {
        points.push({ time: row.time, cents: row.balance });
      }
      return context.json({ account, currency, points: thinned(points.reverse()) });
    },
  );

/** A moment with its zone; or a day, in UTC, of which it is the moment that is given. */
function moment(ofDay: string) {
  const instant = v.pipe(
    v.string(),
    v.isoTimestamp(),
    v.transform((text) => new Date(text)),
  );
  const day = v.pipe(
    v.string(),
    v.isoDate(),
    v.transform((text) => new Date(`${text}${ofDay}`)),
  );
  return v.pipe(
    v.union([day, instant], 'is neither a day nor a moment with its zone'),
    v.check((time) => !Number.isNaN(time.getTime()), 'is no day that there is'),
  );
}

async function ownRow(bank: Bank, user: User, account: string) {
  const row = await rowsOf(bank.store, Accounts).row(account);
  if (row === undefined || !maySee(user, row)) throw noSuchAccount(account);
  return row;
}

async function described(bank: Bank, entries: readonly MovementEntry[]): Promise<StatementEntry[]> {
  const others = new Set(entries.flatMap(({ row }) => row.counterparty ?? []));
  const rows = await rowsOf(bank.store, Accounts).rows([...others]);
  return entries.map(({ key, row }) => {
    const { time, kind, change, balance, counterparty, memo, correlationId } = row;
    const currency = row.currency as Currency;
    return {
      id: entryOf(key),
      time,
      kind,
      change: { cents: change, currency },
      balance: { cents: balance, currency },
      counterparty:
        counterparty === null
          ? null
          : { account: counterparty, ownerName: nameOf(rows.get(counterparty)?.owner ?? '') },
      memo: memo === '' ? null : memo,
      correlationId,
    };
  });
}

/** Entries are named by their keys without the account, so that nobody reads on in another one's. */
function entryOf(key: string): string {
  return key.slice(key.indexOf('/') + 1).replace('/', '-');
}

function keyOf(account: string, entry: string | undefined): string | undefined {
  return entry === undefined ? undefined : `${account}/${entry.replace('-', '/')}`;
}

/** Every so-manieth point, and the last one in any case. */
function thinned<Point>(points: readonly Point[]): Point[] {
  const step = Math.ceil(points.length / POINTS);
  return points.filter((_, index) => (points.length - 1 - index) % step === 0);
}
