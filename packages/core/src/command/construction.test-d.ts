// What `new` takes: told by the class's own fields.
import * as v from 'valibot';
import {
  Appends,
  Command,
  CommandLogic,
  Discovers,
  Input,
  Reads,
  Stream,
  Streams,
  type AppendOf,
  type Discovered,
  type Json,
  type PropertiesOf,
  type ReadOf,
  type StreamKey,
  type StreamOf,
  type StreamsOf,
  type WithDefault,
} from '@eventcore/core';
import { Account, Audit, Money, Savings } from '../public-bank.fixture.js';
import { sameType } from '../same-type.fixture.js';

const Lines = v.array(v.object({ product: v.pipe(v.string(), v.brand('Product')), price: Money }));
const Pair = v.tuple([Money, v.string()]);
const Tags = v.pipe(v.array(v.pipe(v.string(), v.brand('Tag'))), v.brand('Tags'));
const Flag = v.pipe(v.boolean(), v.brand('Flag'));
const Whole = v.pipe(v.object({ price: Money }), v.brand('Whole'));

@Command()
export class Buy extends CommandLogic<Buy> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Reads(Savings) readonly savings!: ReadOf<typeof Savings>;
  @Appends(Audit) readonly audit!: AppendOf<typeof Audit>;
  @Streams(Account) readonly sellers!: StreamsOf<typeof Account>;
  @Stream(Account, { optional: true }) readonly referrer?: StreamOf<typeof Account>;
  @Discovers(Account) readonly found!: Discovered<typeof Account>;
  @Input(Money) readonly amount!: Money;
  @Input(v.picklist(['normal', 'instant'])) readonly speed!: 'normal' | 'instant';
  @Input(v.optional(v.string())) readonly memo?: string;
  @Input(v.optional(v.string(), 'cash')) readonly source!: WithDefault<string>;
  @Input(v.optional(v.picklist(['low', 'high']), 'low')) readonly urgency!: WithDefault<'low' | 'high'>;
  @Input(v.optional(Money)) readonly tip?: Money;
  @Input(v.optional(Lines, [])) readonly lines!: WithDefault<v.InferOutput<typeof Lines>>;
  @Input(v.optional(Pair)) readonly pair?: v.InferOutput<typeof Pair>;
  @Input(v.optional(Tags)) readonly tags?: v.InferOutput<typeof Tags>;
  @Input(v.optional(Flag)) readonly flag?: v.InferOutput<typeof Flag>;
  @Input(v.optional(Whole)) readonly whole?: v.InferOutput<typeof Whole>;
  @Input(v.optional(v.custom<Json>(() => true))) readonly json?: Json;
  @Input(v.optional(v.object({ inner: v.optional(Money) }))) readonly deep?: { inner?: Money };

  discover() {
    return { found: [] };
  }
  handle() {}
}

const needed = { account: 'alice', savings: '1', audit: 'today', sellers: [], amount: 60, speed: 'normal' } as const;

// Streams by key. What has a default, or is optional, may be left out; what is discovered can't be given.
new Buy({ account: 'alice', savings: '1', audit: 'today', sellers: ['bob', 'carol'], amount: 60, speed: 'normal' });

// Streams by reference, and by both in one list. What is only read or appended to is given by the same references.
new Buy({
  account: Account.at('alice'),
  savings: Savings.at('1'),
  audit: Audit.at('today'),
  sellers: ['bob', Account.at('carol')],
  referrer: Account.at('dora'),
  amount: 60,
  speed: 'instant',
});

// Keys and values that come from elsewhere.
export function buy(key: string, amount: number, keys: readonly string[]) {
  return new Buy({ ...needed, account: key, amount, sellers: keys });
}

// What a field holds goes into the next command.
export function again(last: Buy) {
  return new Buy({ ...needed, account: last.account, savings: last.savings, audit: last.audit, amount: last.amount });
}

// Brands may be left out at any depth, or given.
new Buy({
  ...needed,
  tip: v.parse(Money, 5),
  lines: [{ product: 'tea', price: 3 }],
  pair: [5, 'x'],
  tags: ['a', 'b'],
  flag: true,
  whole: { price: 3 },
  json: { any: ['thing', { at: [1, null, true] }] },
  deep: { inner: 5 },
});

// Readonly values will do, and so will undefined for what may be left out: JSON has none.
declare const memo: string | undefined;
declare const lines: readonly { readonly product: string; readonly price: number }[];
new Buy({ ...needed, memo, tip: undefined, lines, referrer: undefined, deep: {} });

// What has a default may be given all the same, brands left out as anywhere.
new Buy({ ...needed, source: 'card', urgency: 'high', lines: [{ product: 'tea', price: 3 }] });
new Buy({ ...needed, source: undefined, urgency: undefined, lines: undefined });
// @ts-expect-error of the wrong kind
new Buy({ ...needed, source: 5 });
// @ts-expect-error a literal that there isn't
new Buy({ ...needed, urgency: 'highest' });
// @ts-expect-error a part that is missing within a value
new Buy({ ...needed, lines: [{ product: 'tea' }] });

// @ts-expect-error an input is missing
new Buy({ account: 'alice', savings: '1', audit: 'today', sellers: [], speed: 'normal' });
// @ts-expect-error a stream is missing
new Buy({ savings: '1', audit: 'today', sellers: [], amount: 60, speed: 'normal' });
// @ts-expect-error a set is missing
new Buy({ account: 'alice', savings: '1', audit: 'today', amount: 60, speed: 'normal' });
// @ts-expect-error everything is missing
new Buy();
// @ts-expect-error an input too many
new Buy({ ...needed, note: 'x' });
// @ts-expect-error what is discovered is not given
new Buy({ ...needed, found: ['x'] });
// @ts-expect-error methods are not given
new Buy({ ...needed, handle: () => {} });
// @ts-expect-error a wrong kind of input
new Buy({ ...needed, amount: '60' });
// @ts-expect-error null is no number
new Buy({ ...needed, amount: null });
// @ts-expect-error undefined is no number
new Buy({ ...needed, amount: undefined });
// @ts-expect-error a literal that there isn't
new Buy({ ...needed, speed: 'soon' });
// @ts-expect-error a literal that was widened
new Buy({ ...needed, speed: 'normal' as string });
// @ts-expect-error a wrong kind of input within a value
new Buy({ ...needed, lines: [{ product: 'tea', price: '3' }] });
// @ts-expect-error a part that is missing within a value
new Buy({ ...needed, lines: [{ product: 'tea' }] });
// @ts-expect-error a part too many within a value
new Buy({ ...needed, lines: [{ product: 'tea', price: 3, note: '' }] });
// @ts-expect-error a tuple of another size
new Buy({ ...needed, pair: [5] });
// @ts-expect-error a date is no JSON
new Buy({ ...needed, json: { at: new Date() } });

// @ts-expect-error a stream of another type
new Buy({ ...needed, account: Audit.at('x') });
// @ts-expect-error ... that is only read
new Buy({ ...needed, savings: Account.at('x') });
// @ts-expect-error ... that is appended to
new Buy({ ...needed, audit: Account.at('x') });
// @ts-expect-error ... in a set
new Buy({ ...needed, sellers: ['bob', Audit.at('x')] });
// @ts-expect-error ... that is optional
new Buy({ ...needed, referrer: Audit.at('x') });
// @ts-expect-error an object that looks like a reference
new Buy({ ...needed, account: { id: 'account-alice', key: 'alice' } });
// @ts-expect-error an id: as a key it would name another stream
new Buy({ ...needed, account: Account.at('alice').id });
// @ts-expect-error ... in a set
new Buy({ ...needed, sellers: [Account.at('alice').id] });
// @ts-expect-error neither a key nor a reference
new Buy({ ...needed, account: 5 });
// @ts-expect-error one stream for many
new Buy({ ...needed, sellers: 'bob' });
declare const read: ReadOf<typeof Account>;
declare const append: AppendOf<typeof Account>;
// @ts-expect-error what was only read is not written without saying so: name it by its key
new Buy({ ...needed, account: read });
// @ts-expect-error what was appended to blindly neither
new Buy({ ...needed, account: append });
// @ts-expect-error ... nor in a set
new Buy({ ...needed, sellers: [read] });

@Command()
class Deposit extends CommandLogic<Deposit> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Input(Money) readonly amount!: Money;
  @Input(v.optional(v.string())) readonly memo?: string;

  handle() {}
}

// The type by itself, for functions of one's own.
sameType<
  { [K in keyof PropertiesOf<Deposit>]: PropertiesOf<Deposit>[K] },
  {
    readonly account: StreamOf<typeof Account> | StreamKey;
    readonly amount: number;
    readonly memo?: string | undefined;
  }
>();

// What a command object holds is what the schemas gave.
const deposit = new Deposit({ account: 'alice', amount: 60 });
sameType<typeof deposit.account, StreamOf<typeof Account>>();
sameType<typeof deposit.amount, Money>();
// @ts-expect-error a command object is never changed
deposit.amount = deposit.amount;
