import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { Account, Audit } from '../bank.fixture.js';
import { raised } from '../raised.fixture.js';
import { defineStream } from '../stream/define-stream.js';
import { event } from '../stream/event-schema.js';
import { defineProjection } from './define-projection.js';
import { defineReadModel, remove } from './define-read-model.js';
import { foldRows, RowBatch } from './fold-rows.js';
import { bobOpened, deposited, opened, recorded, withdrawn } from '../read/recorded.fixture.js';

interface Balance {
  readonly owner: string;
  readonly balance: number;
}
const Balances = defineReadModel('balances', { row: (): Balance => ({ owner: '', balance: 0 }) }).from(Account, {
  AccountOpened: (row, { data }) => ({ ...row, owner: data.owner }),
  MoneyDeposited: (row, { data }) => ({ ...row, balance: row.balance + data.amount }),
  MoneyWithdrawn: (row, { data }) =>
    data.amount > row.balance ? remove : { ...row, balance: row.balance - data.amount },
});
const none = new Map<string, never>();

describe('folding events into rows', () => {
  it('gives the rows that changed, by the key of their stream', () => {
    expect(foldRows(Balances, none, [opened, deposited, bobOpened, withdrawn])).toEqual(
      new Map([
        ['alice', { owner: 'Alice', balance: 40 }],
        ['bob', { owner: 'Bob', balance: 0 }],
      ]),
    );
  });

  it('goes on from the rows that are there, and gives back no other', () => {
    const rows = new Map([
      ['alice', { owner: 'Alice', balance: 100 }],
      ['carol', { owner: 'Carol', balance: 7 }],
    ]);
    expect(foldRows(Balances, rows, [deposited])).toEqual(new Map([['alice', { owner: 'Alice', balance: 160 }]]));
    expect(rows.get('alice')).toEqual({ owner: 'Alice', balance: 100 });
  });

  it('gives the same in batches as at once', () => {
    const events = [opened, deposited, bobOpened, withdrawn];
    let rows = new Map<string, Balance | typeof remove>();
    for (const one of events) rows = new Map([...rows, ...foldRows(Balances, rows, [one])]);
    expect(rows).toEqual(foldRows(Balances, none, events));
  });

  it('leaves out a row that is what it was', () => {
    const Kept = defineReadModel('kept', { row: () => ({ owner: '' }) }).from(Account, {
      AccountOpened: (row, { data }) => (row.owner === data.owner ? row : { owner: data.owner }),
    });
    expect(foldRows(Kept, new Map([['alice', { owner: 'Alice' }]]), [opened]).size).toBe(0);
    expect(foldRows(Kept, new Map([['alice', { owner: 'Bob' }]]), [opened]).size).toBe(1);
  });

  it('writes a row that comes into being, also as what it begins as', () => {
    const Known = defineReadModel('known', { row: (key) => ({ key }) }).from(Account, { AccountOpened: (row) => row });
    expect(foldRows(Known, none, [opened])).toEqual(new Map([['alice', { key: 'alice' }]]));
  });

  it('calls nothing for an event without a fold, and for streams of other types', () => {
    const Openings = defineReadModel('openings', { row: () => ({ count: 0 }) }).from(Account, {
      AccountOpened: ({ count }) => ({ count: count + 1 }),
    });
    const elsewhere = recorded(5, 'audit-alice', 'AccountOpened', { owner: 'Eve' });
    expect(foldRows(Openings, none, [deposited, elsewhere]).size).toBe(0);
  });

  it('tells streams of one type from those of a type whose name begins like it', () => {
    const elsewhere = recorded(5, 'account_old-alice', 'AccountOpened', { owner: 'Eve' });
    expect(foldRows(Balances, none, [elsewhere]).size).toBe(0);
  });

  it('refuses what is no read model', () => {
    const Deposits = defineProjection('deposits').on(Account, { MoneyDeposited: () => {} });
    expect(() => foldRows(Deposits as never, none, [])).toThrow(
      'foldRows needs a read model, and "deposits" is a projection: project hands events to it.',
    );
  });
});

describe('deleting a row', () => {
  const rows = new Map([['alice', { owner: 'Alice', balance: 10 }]]);

  it('is said by giving remove', () => {
    expect(foldRows(Balances, rows, [withdrawn])).toEqual(new Map([['alice', remove]]));
  });

  it('lets it begin anew', () => {
    expect(foldRows(Balances, rows, [withdrawn, deposited])).toEqual(new Map([['alice', { owner: '', balance: 60 }]]));
    expect(foldRows(Balances, new Map([['alice', remove]] as const), [deposited])).toEqual(
      new Map([['alice', { owner: '', balance: 60 }]]),
    );
  });

  it('is nothing where there was none', () => {
    expect(foldRows(Balances, none, [withdrawn]).size).toBe(0);
    expect(
      foldRows(Balances, none, [recorded(1, 'account-alice', 'MoneyDeposited', { amount: 1 }), withdrawn]).size,
    ).toBe(0);
    expect(foldRows(Balances, new Map([['alice', remove]] as const), [withdrawn]).size).toBe(0);
  });
});

describe('the keys of rows', () => {
  const counting = defineReadModel('owners', { row: () => ({ count: 0 }) });
  const count = ({ count: before }: { readonly count: number }) => ({ count: before + 1 });
  const keys = (changes: ReadonlyMap<string, unknown>): string[] => [...changes.keys()];

  it('may be given for all events of a stream type', () => {
    const ByVersion = counting.from(
      Account,
      { AccountOpened: count, MoneyDeposited: count },
      { key: ({ type }) => type },
    );
    expect(keys(foldRows(ByVersion, none, [opened, deposited, bobOpened]))).toEqual([
      'AccountOpened',
      'MoneyDeposited',
    ]);
  });

  it('may be given by event: one without has the key of its stream', () => {
    const ByOwner = counting.from(
      Account,
      { AccountOpened: count, MoneyDeposited: count },
      { key: { AccountOpened: ({ data }) => data.owner } },
    );
    expect(keys(foldRows(ByOwner, none, [opened, deposited]))).toEqual(['Alice', 'alice']);
  });

  it('may be several, each folded once', () => {
    const Sides = counting.from(
      Account,
      { AccountOpened: (row, { data }, key) => ({ count: row.count + (key === data.owner ? 10 : 1) }) },
      { key: ({ stream }) => ['Alice', stream, 'Alice', 'x'] },
    );
    expect(foldRows(Sides, none, [opened])).toEqual(
      new Map([
        ['Alice', { count: 10 }],
        ['account-alice', { count: 1 }],
        ['x', { count: 1 }],
      ]),
    );
  });

  it('may be none: then the event touches no row', () => {
    for (const nothing of [undefined, []]) {
      const Some = counting.from(Account, { AccountOpened: count }, { key: () => nothing });
      expect(foldRows(Some, none, [opened]).size).toBe(0);
    }
  });

  it.each([null, 1, '', 'a\u0000b', '\ud800', 'x'.repeat(256), ['fine', ''], [undefined], Promise.resolve('x')])(
    'are text that any database can keep, unlike %p',
    (key) => {
      const Bad = counting.from(Account, { AccountOpened: count }, { key: (() => key) as never });
      const error = raised(() => foldRows(Bad, none, [opened]));
      expect(error.message).toContain(`The key of "owners" on AccountOpened gave `);
      expect(error.message).toContain(`for event ${opened.id}: a row's key must`);
      expect(error.context).toEqual({ stream: 'account-alice', event: 'AccountOpened', position: opened.position });
    },
  );

  it('are known before any row is, so that a store can load them at once', () => {
    const batch = new RowBatch(Balances, [opened, deposited, bobOpened], 'throw');
    expect([...batch.keys]).toEqual(['alice', 'bob']);
    expect(batch.foldInto(new Map([['bob', { owner: '', balance: 5 }]])).get('bob')).toEqual({
      owner: 'Bob',
      balance: 5,
    });
  });
});

describe('a fold that gives what it must not', () => {
  const giving = (given: unknown) =>
    defineReadModel('bad', { row: () => ({ count: 0 }) }).from(Account, { AccountOpened: () => given as never });

  it.each<[unknown, string]>([
    [undefined, 'gave nothing back. It has to return the next row, or `remove` to delete it.'],
    [null, 'gave null. It has to return the next row, an object, or `remove` to delete it.'],
    [1, 'gave 1. It has to return the next row'],
    [Symbol('remove'), 'gave Symbol(remove). It has to return the next row'],
    [Promise.resolve({ count: 1 }), 'is asynchronous. Folds are pure and synchronous.'],
    [Promise.reject(new Error('never seen')), 'is asynchronous. Folds are pure and synchronous.'],
  ])('is told: %p', (given, message) => {
    const error = raised(() => foldRows(giving(given), none, [opened]));
    expect(error.message).toContain(`The fold of "bad" on AccountOpened ${message}`);
    expect(error.context.position).toBe(opened.position);
  });

  it.each([undefined, null, 1, Promise.resolve({})])('is told of the row to begin with, too: %p', (given) => {
    const Bad = defineReadModel('bad', { row: () => given as never }).from(Account, {
      AccountOpened: () => ({}) as never,
    });
    expect(() => foldRows(Bad, none, [opened])).toThrow(
      'The row that "bad" on AccountOpened begins with must be an object',
    );
  });

  it('finds its row frozen, whether it was given, began or was folded', () => {
    const Writing = defineReadModel('writing', { row: () => ({ tags: [] as string[] }) }).from(Account, {
      AccountOpened: (row) => ({ tags: [...row.tags, 'opened'] }),
      MoneyDeposited: (row) => {
        (row.tags as string[]).push('deposited');
        return row;
      },
    });
    expect(() => foldRows(Writing, none, [deposited])).toThrow(TypeError);
    expect(() => foldRows(Writing, none, [opened, deposited])).toThrow(TypeError);
    expect(() => foldRows(Writing, new Map([['alice', { tags: [] }]]), [deposited])).toThrow(TypeError);
    expect(() => foldRows(Writing, foldRows(Writing, none, [opened]), [deposited])).toThrow(TypeError);
  });

  it('gives rows that are frozen at every depth', () => {
    const Tagged = defineReadModel('tagged', { row: () => ({ tags: [''] }) }).from(Account, {
      AccountOpened: (_, { data }) => ({ tags: [data.owner] }),
    });
    const row = foldRows(Tagged, none, [opened]).get('alice') as { tags: string[] };
    expect([Object.isFrozen(row), Object.isFrozen(row.tags)]).toEqual([true, true]);
  });
});

describe('the events that a fold gets', () => {
  const Customer = defineStream('customer', {
    events: {
      Registered: event(v.object({ first: v.string() }), {
        version: 2,
        upcast: { 1: ({ name }: { name: string }) => ({ first: name.split(' ')[0]! }) },
      }),
      Left: v.object({}),
    },
    state: () => ({}),
    fold: {},
  });
  const Names = defineReadModel('names', { row: () => ({ first: '', schemaVersion: 0 }) }).from(Customer, {
    Registered: (_, { data, schemaVersion }) => ({ first: data.first, schemaVersion }),
  });
  const old = recorded(1, 'customer-1', 'Registered', { name: 'Ada Lovelace' });

  it('are what the newest schema says', () => {
    expect(foldRows(Names, none, [old]).get('1')).toEqual({ first: 'Ada', schemaVersion: 2 });
    const current = recorded(1, 'customer-1', 'Registered', { first: 'Ada' }, { schemaVersion: 2 });
    expect(foldRows(Names, none, [current]).get('1')).toEqual({ first: 'Ada', schemaVersion: 2 });
  });

  it('are whole, and frozen', () => {
    let seen: unknown;
    const Seen = defineReadModel('seen', { row: () => ({}) }).from(Account, {
      AccountOpened: (row, given) => {
        seen = given;
        return row;
      },
    });
    foldRows(Seen, none, [opened]);
    expect(seen).toEqual(opened);
    expect(Object.isFrozen(seen)).toBe(true);
    expect(Object.isFrozen((seen as typeof opened).data)).toBe(true);
  });

  it('are known to their stream type, handled or not; the store may say that unknown ones are skipped', () => {
    const unknown = recorded(2, 'customer-1', 'Renamed', {});
    const newer = recorded(2, 'customer-1', 'Registered', {}, { schemaVersion: 3 });
    for (const bad of [unknown, newer]) {
      expect(raised(() => foldRows(Names, none, [old, bad])).code).toBe('UNKNOWN_EVENT_TYPE');
      expect(foldRows(Names, none, [old, bad], { onUnknownEvent: 'skip' }).size).toBe(1);
    }
  });

  it('are left alone without a fold, whatever their version: nobody looks at their data', () => {
    const left = recorded(2, 'customer-1', 'Left', {}, { schemaVersion: 9 });
    expect(foldRows(Names, none, [left]).size).toBe(0);
  });

  it('may come from several stream types', () => {
    const Both = Balances.from(Audit, { Noted: (row, { data }) => ({ ...row, owner: data.text }) });
    const noted = recorded(5, 'audit-alice', 'Noted', { text: 'checked' });
    expect(foldRows(Both, none, [opened, noted]).get('alice')).toEqual({ owner: 'checked', balance: 0 });
  });
});
