import * as v from 'valibot';
import { defineStream, event, type EventOf, type RecordedEvent, type StateIn } from '@eventcore/core';
import { type Account, Money } from '../public-bank.fixture.js';
import { sameType } from '../same-type.fixture.js';

// ---- what a stream type tells of itself

// Its name is a literal, and its events are known by name.
sameType<typeof Account.name, 'account'>();
sameType<typeof Account.events, readonly ('AccountOpened' | 'MoneyDeposited' | 'MoneyWithdrawn' | 'AccountClosed')[]>();

// Its state is readonly at every depth.
sameType<
  StateIn<typeof Account>,
  { readonly open: boolean; readonly balance: number; readonly tags: readonly string[] }
>();

// Its events are records that tell what they carry by their type.
declare const recorded: EventOf<typeof Account>;
if (recorded.type === 'AccountOpened') sameType<typeof recorded.data, { readonly owner: string }>();
if (recorded.type === 'MoneyDeposited') sameType<typeof recorded.data, { readonly amount: Money }>();

// One kind of event, or some of them.
sameType<EventOf<typeof Account, 'AccountOpened'>, RecordedEvent<'AccountOpened', { readonly owner: string }>>();
sameType<EventOf<typeof Account, 'MoneyDeposited' | 'MoneyWithdrawn'>['type'], 'MoneyDeposited' | 'MoneyWithdrawn'>();
sameType<EventOf<typeof Account, 'MoneyDeposited' | 'MoneyWithdrawn'>['data']['amount'], Money>();

// @ts-expect-error an event that the stream type does not have
type Misspelt = EventOf<typeof Account, 'MoneyDeposted'>;

// @ts-expect-error the stream type itself is a value: its type is `typeof Account`
type OfAValue = StateIn<Account>;

// ---- folds

const empty = v.object({});

defineStream('order', {
  events: { Paid: empty, Shipped: v.object({ to: v.string() }), Cancelled: empty, Refunded: empty, Lost: empty },
  state: () => ({ status: 'open' as 'open' | 'paid' | 'shipped', lines: new Map<string, number>() }),
  fold: {
    // A literal stays one of a union, and isn't widened to string.
    Paid: (state) => ({ ...state, status: 'paid' }),

    // @ts-expect-error a literal that the state does not have
    Shipped: (state) => ({ ...state, status: 'shiped' }),

    // @ts-expect-error a wrong shape
    Cancelled: () => ({ status: 'open' }),

    // A map is read-only in a fold, and a new one may take its place.
    Refunded: (state) => ({ ...state, lines: new Map(state.lines).set('a', 1) }),
  },
});

defineStream('order', {
  events: { Paid: empty },
  state: () => ({ paid: false }),
  // @ts-expect-error an event that the stream type does not have
  fold: { Payed: (state: { readonly paid: boolean }) => state },
});

defineStream('order', {
  events: { Paid: empty, Shipped: empty, Cancelled: empty, Lost: empty, Found: v.object({ where: v.string() }) },
  state: () => ({ status: 'open' as 'open' | 'lost', lines: [{ product: '1', count: 1 }] }),
  fold: {
    Paid: (state) => {
      // @ts-expect-error the state a fold gets is readonly
      state.status = 'lost';
      // @ts-expect-error ... at every depth
      state.lines[0]!.count = 2;
      // @ts-expect-error ... lists too
      state.lines.push({ product: '2', count: 1 });
      return state;
    },

    // @ts-expect-error a fold gives the next state back
    Shipped: () => {},

    // @ts-expect-error a fold is synchronous
    Cancelled: async (state) => state,

    // Parts of the readonly state may be used in the next one, and new parts beside them.
    Lost: (state) => ({ status: 'lost', lines: [...state.lines, { product: '2', count: 1 }] }),

    // @ts-expect-error data that the event does not carry
    Found: (state, { who }) => ({ ...state, lines: [{ product: who, count: 1 }] }),
  },
});

// An event without a fold leaves the state as it is.
defineStream('order', { events: { Paid: empty }, state: () => 0, fold: {} });

// The state may be anything, dates and class instances included: it is never stored.
defineStream('order', {
  events: { Paid: v.object({ at: v.pipe(v.string(), v.isoTimestamp()) }) },
  state: () => ({ paid: undefined as Date | undefined, total: 0n }),
  fold: { Paid: (state, { at }) => ({ paid: new Date(at), total: state.total + 1n }) },
});

// A state that is no object.
defineStream('counter', {
  events: { Counted: v.object({ by: v.number() }) },
  state: () => 0,
  fold: { Counted: (total, { by }) => total + by },
});

// A state with alternatives, declared by its type.
interface Idle {
  readonly kind: 'idle';
}
interface Running {
  readonly kind: 'running';
  readonly since: string;
}
defineStream('machine', {
  events: { Started: v.object({ at: v.string() }), Stopped: empty },
  state: (): Idle | Running => ({ kind: 'idle' }),
  fold: {
    Started: (_, { at }) => ({ kind: 'running', since: at }),
    // @ts-expect-error neither of the alternatives
    Stopped: () => ({ kind: 'running' }),
  },
});

// ---- events are JSON

interface Address {
  street: string;
  second?: string;
}
interface Tree {
  readonly label: string;
  readonly children: readonly Tree[];
}
type Nested = string | Nested[];
const Tree: v.GenericSchema<Tree> = v.object({ label: v.string(), children: v.array(v.lazy(() => Tree)) });

// What JSON can hold: interfaces, optional parts, literals, lists, tuples, records, recursive types, brands, any and unknown.
defineStream('json', {
  events: {
    Interface: v.custom<Address>(() => true),
    Optional: v.object({ a: v.optional(v.string()), b: v.nullable(v.number()) }),
    Lists: v.object({
      list: v.array(v.string()),
      tuple: v.tuple([v.string(), v.number()]),
      pairs: v.array(v.array(Money)),
    }),
    Records: v.record(v.string(), v.object({ count: v.number() })),
    Alternatives: v.variant('kind', [
      v.object({ kind: v.literal('a') }),
      v.object({ kind: v.literal('b'), n: v.number() }),
    ]),
    Recursive: Tree,
    InLists: v.custom<Nested>(() => true),
    Brands: v.object({
      text: v.pipe(v.string(), v.brand('Text')),
      flag: v.pipe(v.boolean(), v.brand('Flag')),
      list: v.pipe(v.array(v.string()), v.brand('List')),
      whole: v.pipe(v.object({ a: v.string() }), v.brand('Whole')),
    }),
    Anything: v.object({ any: v.any(), unknown: v.unknown() }),
    Bare: v.string(),
    Null: v.null(),
    Unknown: v.unknown(),
  },
  state: () => 0,
  fold: { Recursive: (count, { children }) => count + children.length },
});

defineStream('notJson', {
  events: {
    // @ts-expect-error a Date
    Date: v.object({ at: v.date() }),
    // @ts-expect-error a bigint
    BigInt: v.object({ amount: v.bigint() }),
    // @ts-expect-error a Map
    Map: v.object({ lines: v.map(v.string(), v.number()) }),
    // @ts-expect-error a Set
    Set: v.object({ tags: v.set(v.string()) }),
    // @ts-expect-error a function
    Function: v.object({ then: v.function() }),
    // @ts-expect-error a symbol
    Symbol: v.object({ tag: v.symbol() }),
    // @ts-expect-error a class instance
    Instance: v.object({ link: v.instance(URL) }),
    // @ts-expect-error by itself
    Bare: v.date(),
    // @ts-expect-error within lists
    InLists: v.object({ times: v.array(v.date()) }),
    // @ts-expect-error within lists of lists
    InListsOfLists: v.array(v.array(v.object({ at: v.date() }))),
    // @ts-expect-error within tuples
    InTuples: v.tuple([v.string(), v.date()]),
    // @ts-expect-error within records
    InRecords: v.record(v.string(), v.bigint()),
    // @ts-expect-error as one of several alternatives
    InUnions: v.object({ at: v.union([v.string(), v.date()]) }),
    // @ts-expect-error where it is optional
    Optional: v.object({ at: v.optional(v.date()) }),
    // @ts-expect-error where it is branded
    Branded: v.object({ amount: v.pipe(v.bigint(), v.brand('Amount')) }),
    // @ts-expect-error in an interface
    InInterfaces: v.custom<{ address: Address; moved?: Date }>(() => true),
    // @ts-expect-error what the schema gives counts, not what it takes
    Transformed: v.pipe(
      v.string(),
      v.transform((text) => new Date(text)),
    ),
    // @ts-expect-error behind a version
    Versioned: event(v.object({ at: v.date() }), { version: 1 }),
    // @ts-expect-error an event has data, if only an empty object
    Undefined: v.undefined(),
    // @ts-expect-error ... always
    Maybe: v.optional(v.object({})),
    // What a schema only takes may be anything. (Such an event is read, and can't be emitted: see there.)
    Received: v.pipe(
      v.date(),
      v.transform((date) => date.toISOString()),
    ),
  },
  state: () => 0,
  fold: {},
});

// ---- versions

const Customer = defineStream('customer', {
  events: {
    // The newest version is what folds and readers see; an upcaster may say what the older one looked like.
    Registered: event(v.object({ first: v.string(), last: v.string() }), {
      version: 2,
      upcast: { 1: ({ name }: { name: string }) => ({ first: name, last: name }) },
    }),
  },
  state: () => ({ last: '' }),
  fold: { Registered: (_, { last }) => ({ last }) },
});
sameType<EventOf<typeof Customer>['data'], { readonly first: string; readonly last: string }>();

// @ts-expect-error a version is a number
event(v.string(), { version: '2' });

// ---- specifications that can't be

// @ts-expect-error a stream type has a state
defineStream('order', { events: { Paid: empty }, fold: {} });

// @ts-expect-error a stream type has folds, if only {}
defineStream('order', { events: { Paid: empty }, state: () => 0 });

// @ts-expect-error a schema is one of a library that implements Standard Schema
defineStream('order', { events: { Paid: { amount: 'number' } }, state: () => 0, fold: {} });

// @ts-expect-error the state is a function that makes it
defineStream('order', { events: { Paid: empty }, state: { n: 0 }, fold: {} });
