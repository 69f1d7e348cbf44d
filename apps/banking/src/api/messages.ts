/** What the API says and takes: one schema each, for validation, for the OpenAPI description, and for the page's types. */
import * as v from 'valibot';

export const Currency = v.picklist(['EUR', 'GBP', 'USD']);
export type Currency = v.InferOutput<typeof Currency>;

/** Whole cents, pence: never a fraction. A balance may be below nothing, an amount that is moved may not. */
export const Cents = v.pipe(v.number(), v.safeInteger());
export const AmountOfMoney = v.object({ cents: v.pipe(Cents, v.minValue(1)), currency: Currency });
export const Balance = v.object({ cents: Cents, currency: Currency });
export type Balance = v.InferOutput<typeof Balance>;

export const User = v.object({ id: v.string(), name: v.string(), role: v.picklist(['customer', 'teller']) });
export type User = v.InferOutput<typeof User>;

/** What an account is called in a request: of what was never one, it need not be asked whether there is one. */
export const AccountNumber = v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,64}$/, 'is no account number'));

/** GET /api/session */
export const Session = v.object({ user: v.nullable(User), users: v.array(User), storage: v.string() });
export type Session = v.InferOutput<typeof Session>;

/** GET /api/accounts: a customer's own, and all of them for a teller. */
export const AccountView = v.object({
  account: v.string(),
  name: v.string(),
  owner: v.string(),
  ownerName: v.string(),
  balance: Balance,
  status: v.picklist(['open', 'frozen', 'closed']),
  /** How far below nothing the balance may go. */
  overdraft: Cents,
  openedAt: v.string(),
});
export type AccountView = v.InferOutput<typeof AccountView>;

/** GET /api/payees: whom a customer may send money to. Nothing of their balances. */
export const Payee = v.object({ account: v.string(), name: v.string(), ownerName: v.string(), currency: Currency });
export type Payee = v.InferOutput<typeof Payee>;

/**
 * GET /api/accounts/:account/statement?from=2026-11-01&to=2026-11-30&before=<entry>: newest first, page by page. `from` and `to` both
 * count: they are days in UTC, or moments with their zone (2026-11-01T00:00:00+01:00), as for somebody whose day begins elsewhere.
 */
export const StatementEntry = v.object({
  id: v.string(),
  time: v.string(),
  kind: v.picklist(['deposit', 'withdrawal', 'transfer-in', 'transfer-out', 'bonus', 'wages', 'standing-order']),
  /** Less than nothing where money left the account. */
  change: Balance,
  balance: Balance,
  counterparty: v.nullable(v.object({ account: v.string(), ownerName: v.string() })),
  memo: v.nullable(v.string()),
  /** Leads a teller to the causation tree. */
  correlationId: v.string(),
});
export type StatementEntry = v.InferOutput<typeof StatementEntry>;
export const Statement = v.object({
  account: v.string(),
  entries: v.array(StatementEntry),
  /** Where the next page begins; null at the end. */
  next: v.nullable(v.string()),
});
export type Statement = v.InferOutput<typeof Statement>;

/** GET /api/accounts/:account/balance-history?from=&to=: the balance after each movement, oldest first, thinned to 500 points. */
export const BalanceHistory = v.object({
  account: v.string(),
  currency: Currency,
  points: v.array(v.object({ time: v.string(), cents: Cents })),
});
export type BalanceHistory = v.InferOutput<typeof BalanceHistory>;

/** What each command answers. `position` goes into `?after=` of what is read next: read-your-writes. */
export const Done = v.object({
  commandId: v.string(),
  correlationId: v.string(),
  duplicate: v.boolean(),
  attempts: v.number(),
  position: v.string(),
  /** The account that was opened, where one was. */
  account: v.optional(v.string()),
});
export type Done = v.InferOutput<typeof Done>;

/** application/problem+json, RFC 9457. `code` is the error's, `rule` that of a broken business rule. */
export const Problem = v.object({
  type: v.string(),
  title: v.string(),
  status: v.number(),
  detail: v.string(),
  code: v.string(),
  rule: v.optional(v.string()),
  data: v.optional(v.record(v.string(), v.unknown())),
  /** Of what was invalid: where, and why. */
  issues: v.optional(v.array(v.object({ path: v.string(), message: v.string() }))),
});
export type Problem = v.InferOutput<typeof Problem>;

// What is sent. Each of these goes with a header `Idempotency-Key`, which becomes the command's id.

const AccountName = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(60));
const Memo = v.optional(v.pipe(v.string(), v.trim(), v.maxLength(140)));

/** POST /api/accounts: for oneself; a teller says for whom. */
export const OpenAccountRequest = v.object({ name: AccountName, currency: Currency, owner: v.optional(v.string()) });
/** POST /api/accounts/:account/deposits (tellers), /withdrawals */
export const CashRequest = v.object({ amount: AmountOfMoney });
/** POST /api/transfers */
export const TransferRequest = v.object({
  from: AccountNumber,
  to: AccountNumber,
  amount: AmountOfMoney,
  memo: Memo,
});
/** POST /api/payments: one account pays many, all of them or none. */
export const PaymentsRequest = v.object({
  from: AccountNumber,
  payments: v.pipe(v.array(v.object({ to: AccountNumber, amount: AmountOfMoney })), v.minLength(1), v.maxLength(100)),
  memo: Memo,
});
/** PUT /api/accounts/:account/standing-orders: whom the account pays whenever they are carried out; replaces what was there. */
export const StandingOrdersRequest = v.object({
  orders: v.pipe(v.array(v.object({ to: AccountNumber, amount: AmountOfMoney })), v.maxLength(20)),
});
/** POST /api/accounts/:account/standing-orders/payments takes nothing: the streams that it pays into are discovered from the account's state. */

// For tellers: POST /api/accounts/:account/close (also its owner), /freeze, /unfreeze { reason }; PUT /api/policy/overdraft { currency, limit }

export const FreezeRequest = v.object({ reason: v.pipe(v.string(), v.trim(), v.minLength(3), v.maxLength(200)) });
export const OverdraftRequest = v.object({ currency: Currency, limit: v.pipe(Cents, v.minValue(0)) });

/** GET /api/policy/overdraft, for tellers: one for each currency. */
export const OverdraftPolicy = v.object({ limits: v.array(OverdraftRequest) });
export type OverdraftPolicy = v.InferOutput<typeof OverdraftPolicy>;

export const SignInRequest = v.object({ user: v.string() });

// The event explorer, for tellers.

/** GET /api/explorer/streams?prefix=account-&after=: in the order of their ids. */
export const StreamList = v.object({
  streams: v.array(v.object({ stream: v.string(), version: v.number() })),
  next: v.nullable(v.string()),
});
export type StreamList = v.InferOutput<typeof StreamList>;

/**
 * GET /api/explorer/streams/:stream/events, /api/explorer/events?after= (the whole store's feed), and /api/explorer/events?last=50
 * (the newest that were written since the server began, at most 100; `next` is where they end).
 */
export const ExploredEvent = v.object({
  id: v.string(),
  stream: v.string(),
  version: v.number(),
  position: v.string(),
  type: v.string(),
  schemaVersion: v.number(),
  data: v.unknown(),
  time: v.string(),
  commandId: v.string(),
  correlationId: v.string(),
  causationId: v.string(),
  metadata: v.unknown(),
});
export type ExploredEvent = v.InferOutput<typeof ExploredEvent>;
export const EventList = v.object({ events: v.array(ExploredEvent), next: v.nullable(v.string()) });
export type EventList = v.InferOutput<typeof EventList>;

/** GET /api/explorer/streams/:stream/states: the state after each event, step by step. */
export const StreamStates = v.object({
  stream: v.string(),
  initial: v.unknown(),
  steps: v.array(v.object({ event: ExploredEvent, state: v.unknown() })),
});
export type StreamStates = v.InferOutput<typeof StreamStates>;

/** GET /api/explorer/correlations/:correlationId: what followed from what. */
export interface CausationNode {
  /** A command with the events that it wrote, in one step. */
  readonly commandId: string;
  /** The event that led to it: a reaction's; null where somebody asked for it. */
  readonly causedBy: string | null;
  readonly events: readonly ExploredEvent[];
  /** Commands that events of this one led to. */
  readonly led: readonly CausationNode[];
}
export const CausationNode: v.GenericSchema<CausationNode> = v.object({
  commandId: v.string(),
  causedBy: v.nullable(v.string()),
  events: v.array(ExploredEvent),
  led: v.array(v.lazy(() => CausationNode)),
});
export const CausationTree = v.object({ correlationId: v.string(), commands: v.array(CausationNode) });
export type CausationTree = v.InferOutput<typeof CausationTree>;

/** GET /api/projections, for tellers */
export const ProjectionView = v.object({
  name: v.string(),
  kind: v.picklist(['readModel', 'projection', 'reaction']),
  state: v.string(),
  position: v.string(),
  lag: v.object({ events: v.number(), seconds: v.number() }),
  /** Why it has stopped; null while it has not. */
  failure: v.nullable(v.string()),
});
export type ProjectionView = v.InferOutput<typeof ProjectionView>;

/** POST /api/projections/:name/rebuild answers text/event-stream: events `progress`, at last one with `finished: true`, or `problem`. */
export const RebuildProgress = v.object({
  done: v.number(),
  total: v.number(),
  /** Events a second. */
  rate: v.number(),
  /** Seconds that are left, about; null while nobody knows. */
  left: v.nullable(v.number()),
  finished: v.boolean(),
});
export type RebuildProgress = v.InferOutput<typeof RebuildProgress>;

/**
 * POST /api/contention { transfers, accounts, concurrency } answers text/event-stream: transfers that all want the same few accounts of their own.
 * Events `progress`, at last one with `finished: true`, or `problem`.
 */
export const ContentionRequest = v.object({
  accounts: v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(20)),
  transfers: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5000)),
  concurrency: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(200)),
});
export const ContentionProgress = v.object({
  done: v.number(),
  transfers: v.number(),
  rejected: v.number(),
  conflicts: v.number(),
  /** How many commands needed 1, 2, 3, … attempts. */
  attempts: v.array(v.number()),
  perSecond: v.number(),
  p50: v.number(),
  p95: v.number(),
  p99: v.number(),
  balances: v.array(v.object({ account: v.string(), cents: Cents })),
  /** Of all the balances together, in one snapshot; and what it was at the beginning. */
  total: Cents,
  expected: Cents,
  finished: v.boolean(),
});
export type ContentionProgress = v.InferOutput<typeof ContentionProgress>;

/**
 * GET /api/live answers text/event-stream. Event `accounts`: accounts that the user may see have changed, with what they are now; so the
 * page asks for nothing. Event `advanced`: the store has grown (for tellers), with the position. `ping` every 15 s.
 */
export const LiveAccounts = v.object({ accounts: v.array(AccountView), position: v.string() });
export type LiveAccounts = v.InferOutput<typeof LiveAccounts>;

/** GET /api/accounts/:account/standing-orders */
export const StandingOrders = v.object({ orders: v.array(v.object({ to: v.string(), amount: Balance })) });
export type StandingOrders = v.InferOutput<typeof StandingOrders>;
