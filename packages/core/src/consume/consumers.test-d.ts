// Projections, read models and reactions: what the compiler takes, and what it refuses, in both dialects and through both doors.
import * as v from 'valibot';
import { defineCommand, type EventOf, type RecordedEvent } from '@eventcore/core';
import {
  defineProjection,
  defineReaction,
  defineReadModel,
  foldRows,
  On,
  project,
  Projection,
  Reaction,
  remove,
  type ContextOf,
  type ReactionContext,
  type RowOf,
} from '@eventcore/core/consumers';
import { Account, Audit, Savings, type Money } from '../public-bank.fixture.js';
import { sameType } from '../same-type.fixture.js';

const Note = defineCommand('Note', {
  streams: { audit: Audit },
  input: { text: v.string() },
  handle: ({ input, emit }) => emit('audit', 'Noted', { text: input.text }),
});
interface Tx {
  readonly tx: Map<string, number>;
}
declare const events: readonly RecordedEvent[];

// ---- @On
@Projection('fine')
class Fine {
  @On(Account, 'MoneyDeposited')
  async exactly(event: EventOf<typeof Account, 'MoneyDeposited'>, { tx }: Tx) {
    sameType<typeof event.data.amount, Money>();
    await Promise.resolve(tx);
  }

  @On(Account, 'MoneyWithdrawn')
  wider(event: EventOf<typeof Account>, context: { readonly log: string }) {
    return void [event.type, context.log];
  }

  @On(Account, 'AccountOpened')
  anyRecord(event: RecordedEvent) {
    return void event.id;
  }

  @On(Account, 'AccountClosed')
  @On(Savings, 'AccountClosed')
  @On(Savings, 'MoneyDeposited')
  ofSeveral(
    event: EventOf<typeof Account, 'AccountClosed'> | EventOf<typeof Savings, 'AccountClosed' | 'MoneyDeposited'>,
  ) {
    return void event.stream;
  }

  @On(Savings, 'InterestPaid')
  ofNothing() {}

  private helper(event: EventOf<typeof Account>) {
    return new Note({ audit: 'x', text: event.type });
  }
  readonly used = () => void this.helper;
}
sameType<ContextOf<typeof Fine>, Tx & { readonly log: string }>();
sameType<ContextOf<Fine>, Tx & { readonly log: string }>();
await project(Fine, events, { tx: new Map(), log: '' });
await project(new Fine(), events, { tx: new Map(), log: '' });
// @ts-expect-error what its handlers need is missing
await project(Fine, events);
// @ts-expect-error half of what its handlers need is missing
await project(Fine, events, { tx: new Map() });

export class Mistaken {
  // @ts-expect-error an event that the stream type doesn't have
  @On(Account, 'InterestPaid') ofAnother(event: EventOf<typeof Savings, 'InterestPaid'>) {
    return void event;
  }
  // @ts-expect-error another event than the handler takes
  @On(Account, 'MoneyDeposited') another(event: EventOf<typeof Account, 'AccountOpened'>) {
    return void event;
  }
  // @ts-expect-error the same event of another stream type, with other data
  @On(Account, 'AccountClosed') elsewhere(event: EventOf<typeof Savings, 'AccountClosed'>) {
    return void event;
  }
  @On(Account, 'MoneyDeposited')
  // @ts-expect-error one event of several doesn't fit
  @On(Account, 'AccountOpened')
  tooNarrow(event: EventOf<typeof Account, 'MoneyDeposited'>) {
    return void event;
  }
  // @ts-expect-error the data by itself is no event
  @On(Account, 'MoneyDeposited') data(data: { amount: Money }) {
    return void data;
  }
  // @ts-expect-error a handler isn't given more than that
  @On(Account, 'MoneyDeposited') more(event: EventOf<typeof Account>, context: object, more: number) {
    return void [event, context, more];
  }
  // @ts-expect-error nobody would hear the number
  @On(Account, 'MoneyDeposited') number() {
    return 1;
  }
  // @ts-expect-error a list of promises is awaited by nobody
  @On(Account, 'MoneyDeposited') promises() {
    return [Promise.resolve()];
  }
  // @ts-expect-error on a field
  @On(Account, 'MoneyDeposited') field = 1;
  // @ts-expect-error on a function in a field
  @On(Account, 'MoneyDeposited') arrow = () => {};
  // @ts-expect-error on a getter
  @On(Account, 'MoneyDeposited') get getter() {
    return 1;
  }
  // @ts-expect-error on a static method
  @On(Account, 'MoneyDeposited') static method() {}
  // @ts-expect-error on a private method
  @On(Account, 'MoneyDeposited') private hidden() {}
  // @ts-expect-error on a protected method
  @On(Account, 'MoneyDeposited') protected guarded() {}
  // @ts-expect-error on a symbol
  @On(Account, 'MoneyDeposited') [Symbol.iterator]() {}
  readonly used = () => void this.hidden;
}

// @ts-expect-error a name is no stream type
On('account', 'MoneyDeposited');
// @ts-expect-error one stream is no stream type
On(Account.at('alice'), 'MoneyDeposited');
// @ts-expect-error on a class
@On(Account, 'MoneyDeposited')
export class OnAClass {}

// An event is immutable at every depth.
export class Immutable {
  @On(Account, 'AccountOpened')
  opened(event: EventOf<typeof Account, 'AccountOpened'>) {
    // @ts-expect-error it is readonly
    event.data.owner = 'x';
  }
}

// ---- @Projection
// @ts-expect-error a projection executes no commands
@Projection('commanding')
export class Commanding {
  @On(Account, 'AccountOpened')
  opened(event: EventOf<typeof Account, 'AccountOpened'>) {
    return new Note({ audit: 'x', text: event.data.owner });
  }
}
// @ts-expect-error a class that no object can be made of
@Projection('abstract')
export abstract class Abstract {
  @On(Account, 'AccountOpened') opened() {}
}
// @ts-expect-error it needs a name
@Projection()
export class Nameless {}

// ---- @Reaction
@Reaction('fine-too')
export class FineToo {
  @On(Account, 'AccountOpened')
  one({ data }: EventOf<typeof Account, 'AccountOpened'>, { now }: ReactionContext) {
    return new Note({ audit: 'x', text: data.owner + now });
  }
  @On(Account, 'MoneyDeposited')
  several(_: EventOf<typeof Account, 'MoneyDeposited'>) {
    return [new Note({ audit: 'x', text: '1' }), new Note({ audit: 'y', text: '2' })];
  }
  @On(Account, 'MoneyWithdrawn')
  async perhaps(event: EventOf<typeof Account, 'MoneyWithdrawn'>) {
    await Promise.resolve();
    return event.data.amount > 100 ? new Note({ audit: 'x', text: 'much' }) : undefined;
  }
  @On(Account, 'AccountClosed') nothing() {}
}
// @ts-expect-error what follows from an event are commands
@Reaction('numbers')
export class Numbers {
  @On(Account, 'AccountOpened') async opened(_: EventOf<typeof Account, 'AccountOpened'>) {
    return Promise.resolve(1);
  }
}
// What it needs is looked at where it is run: nobody gives a reaction a transaction.
@Reaction('transacting')
export class Transacting {
  @On(Account, 'AccountOpened') opened(_: EventOf<typeof Account, 'AccountOpened'>, { tx }: Tx) {
    return void tx;
  }
}

// ---- defineProjection
const Balances = defineProjection<Tx>('balances')
  .on(Account, {
    MoneyDeposited: (event, { tx }) => {
      sameType<typeof event, EventOf<typeof Account, 'MoneyDeposited'>>();
      tx.set(event.stream, event.data.amount);
    },
    MoneyWithdrawn: async (event, context) => {
      sameType<typeof context, Tx>();
      await Promise.resolve(event);
    },
    AccountOpened: (event: EventOf<typeof Account>) => void event,
  })
  .on(Savings, { AccountClosed: (event) => void event.data.reason.length });
sameType<ContextOf<typeof Balances>, Tx>();
await project(Balances, events, { tx: new Map() });
// @ts-expect-error the context is missing
await project(Balances, events);
const Plain = defineProjection('plain').on(Account, { AccountOpened: () => {} });
await project(Plain, events);
// @ts-expect-error a read model is folded, with foldRows
await project(defineReadModel('rows', { row: () => ({}) }).from(Account, {}), events);
// @ts-expect-error a reaction is asked, with reactionsTo
await project(defineReaction('reacting').on(Account, {}), events);

// @ts-expect-error an event that the stream type doesn't have
defineProjection('x').on(Account, { InterestPaid: () => {} });
// @ts-expect-error a handler of another event
defineProjection('x').on(Account, { AccountOpened: (event: EventOf<typeof Account, 'AccountClosed'>) => void event });
// @ts-expect-error a method of another event
defineProjection('x').on(Account, { AccountOpened(event: EventOf<typeof Account, 'AccountClosed'>) {} });
// @ts-expect-error nobody said that there is a transaction
defineProjection('x').on(Account, { AccountOpened: (event, { tx }: Tx) => void tx });
// @ts-expect-error a projection executes no commands
defineProjection('x').on(Account, { AccountOpened: () => new Note({ audit: 'x', text: '' }) });
// @ts-expect-error a name is no stream type
defineProjection('x').on('account', {});

// ---- defineReaction
defineReaction('notary')
  .on(Account, {
    AccountOpened: ({ data }, { now }) => new Note({ audit: 'x', text: data.owner + now }),
    MoneyDeposited: () => [new Note({ audit: 'x', text: '' })],
    MoneyWithdrawn: async ({ data }) => {
      await Promise.resolve();
      if (data.amount > 100) return new Note({ audit: 'x', text: '' });
      return undefined;
    },
    AccountClosed: () => {},
  })
  .on(Savings, { InterestPaid: ({ data }) => (data.rate > 1 ? new Note({ audit: 'x', text: '' }) : undefined) });
// @ts-expect-error a class is no command
defineReaction('x').on(Account, { AccountOpened: () => Note });
// @ts-expect-error a number is no command
defineReaction('x').on(Account, { AccountOpened: async () => Promise.resolve(1) });

// ---- defineReadModel
type Status = 'open' | 'closed';
interface Row {
  readonly owner: string;
  readonly status: Status;
  readonly tags: readonly string[];
}
const Accounts = defineReadModel('accounts', { row: (): Row => ({ owner: '', status: 'open', tags: [] }) })
  .from(Account, {
    AccountOpened: (row, event) => {
      sameType<typeof event, EventOf<typeof Account, 'AccountOpened'>>();
      return { ...row, owner: event.data.owner };
    },
    MoneyDeposited: (row) => ({ ...row, status: 'open' }),
    AccountClosed: (row) => (row.tags.length > 0 ? { ...row, status: 'closed' } : remove),
  })
  .from(
    Savings,
    { AccountClosed: (row, { data }, key) => ({ ...row, tags: [...row.tags, data.reason, key] }) },
    {
      key: ({ data }) => ('reason' in data ? data.reason : undefined),
    },
  )
  .from(Audit, { Noted: (row) => row }, { key: { Noted: ({ data }) => [data.text, 'all'] } });
sameType<RowOf<typeof Accounts>, Row>();
const changes = foldRows(Accounts, new Map(), events);
for (const [key, row] of changes) {
  sameType<typeof key, string>();
  if (row !== remove) sameType<typeof row.status, Status>();
}
// What was folded can be folded on with.
declare const kept: ReadonlyMap<string, Row>;
foldRows(Accounts, kept, events);

// The row's type may be told by what it begins as; the key is there for rows that hold it.
const Counts = defineReadModel('counts', { row: (key) => ({ key, count: 0 }) }).from(Account, {
  MoneyDeposited: (row) => ({ ...row, count: row.count + 1 }),
});
sameType<RowOf<typeof Counts>, { key: string; count: number }>();

const counts = defineReadModel('x', { row: () => ({ count: 0 }) });
// @ts-expect-error an event that the stream type doesn't have
counts.from(Account, { InterestPaid: (row: { count: number }) => row });
// @ts-expect-error a fold of another event
counts.from(Account, { AccountOpened: (row, event: EventOf<typeof Account, 'AccountClosed'>) => row });
// @ts-expect-error not a row
counts.from(Account, { AccountOpened: () => ({ count: 'one' }) });
// @ts-expect-error a row without what it has
counts.from(Account, { AccountOpened: () => ({}) });
// @ts-expect-error nothing: a row is deleted by saying so
counts.from(Account, { AccountOpened: () => undefined });
// @ts-expect-error folds are synchronous
counts.from(Account, { AccountOpened: async (row) => Promise.resolve(row) });
// @ts-expect-error a key is text
counts.from(Account, { AccountOpened: (row) => row }, { key: () => 1 });
// @ts-expect-error the key of an event that the stream type doesn't have
counts.from(Account, { AccountOpened: (row) => row }, { key: { InterestPaid: () => 'x' } });
counts.from(Account, {
  AccountOpened: (row) => {
    // @ts-expect-error a row is readonly
    row.count = 1;
    return row;
  },
});
// @ts-expect-error it is fed by nothing yet
foldRows(counts, new Map(), events);
// @ts-expect-error rows of another read model
foldRows(Accounts, new Map([['x', { count: 1 }]]), events);
// @ts-expect-error a row is an object
defineReadModel('x', { row: () => 1 });
// @ts-expect-error a projection has no rows
foldRows(Balances, new Map(), events);
