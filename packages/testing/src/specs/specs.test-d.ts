// Specs: which events may be written down, with which data; and what awaiting one gives.
import { expect } from '@jest/globals';
import { defineCommand, defineStream, keyOf, type ReadOf, type StreamOf } from '@eventcore/core';
import { defineProjection, defineReaction, defineReadModel, type FollowUp } from '@eventcore/core/consumers';
import * as v from 'valibot';
import {
  failed,
  given,
  nothing,
  on,
  rejected,
  rows,
  together,
  type Given,
  type SpecOutcome as Outcome,
} from '@eventcore/testing';

const Money = v.pipe(v.number(), v.integer(), v.brand('Money'));
const Sku = v.pipe(v.string(), v.brand('Sku'));
const Account = defineStream('account', {
  events: {
    Opened: v.object({ owner: v.string(), kind: v.picklist(['private', 'business']) }),
    Deposited: v.object({ amount: Money }),
    Bought: v.object({ lines: v.array(v.object({ sku: Sku, price: Money })), pair: v.tuple([Sku, v.number()]) }),
    Moved: v.variant('to', [v.object({ to: v.literal('here') }), v.object({ to: v.literal('there'), by: v.number() })]),
    Rated: v.object({ memo: v.optional(v.string()), stars: v.nullable(v.number()) }),
    Counted: Money,
    Anything: v.unknown(),
    Closed: v.object({}),
  },
  state: () => ({}),
  fold: {},
});
const alice = Account.at('alice');
declare const policy: ReadOf<typeof Account>;
declare const either: boolean;

// ---- which data

on(alice, 'Opened', { owner: 'Alice', kind: 'private' });
on(policy, 'Opened', { owner: 'Alice', kind: 'business' });
on(alice, 'Closed', {});
on(alice, 'Anything', [1]);

// Brands may be left out, at any depth.
on(alice, 'Deposited', { amount: 100 });
on(alice, 'Counted', 100);
on(alice, 'Bought', { lines: [{ sku: 'tea', price: 3 }], pair: ['tea', 1] });
on(alice, 'Deposited', { amount: v.parse(Money, 100) });

// Alternatives, and what may be left out.
on(alice, 'Moved', { to: 'here' });
on(alice, 'Moved', either ? { to: 'here' } : { to: 'there', by: 1 });
on(alice, 'Rated', { stars: null });

// Matchers, wherever one is wanted.
on(alice, 'Deposited', { amount: expect.any(Number) });
on(alice, 'Opened', { owner: expect.any(String), kind: expect.any(String) });
on(alice, 'Bought', { lines: [{ sku: expect.any(String), price: 3 }], pair: expect.any(Array) });
on(alice, 'Bought', expect.objectContaining({ pair: ['tea', 1] }));

// @ts-expect-error an event that the stream type does not have
on(alice, 'Lost', { amount: 100 });
// @ts-expect-error data of another event
on(alice, 'Deposited', { owner: 'Alice' });
// @ts-expect-error a wrong kind of data
on(alice, 'Deposited', { amount: '100' });
// @ts-expect-error data that is missing
on(alice, 'Deposited', {});
// @ts-expect-error no data at all
on(alice, 'Closed');
// @ts-expect-error data too much
on(alice, 'Deposited', { amount: 100, note: 'x' });
// @ts-expect-error something where there is nothing to say
on(alice, 'Closed', { reason: 'x' });
// @ts-expect-error a literal that there isn't
on(alice, 'Opened', { owner: 'Alice', kind: 'other' });
// @ts-expect-error half of an alternative
on(alice, 'Moved', { to: 'there' });
// @ts-expect-error a wrong kind of data within a list
on(alice, 'Bought', { lines: [{ sku: 1, price: 3 }], pair: ['tea', 1] });
// @ts-expect-error a tuple that is too short
on(alice, 'Bought', { lines: [], pair: ['tea'] });
// @ts-expect-error the stream type instead of a reference
on(Account, 'Closed', {});
// @ts-expect-error a key instead of a reference
on('alice', 'Closed', {});

// ---- details

on(alice, 'Closed', {}, { metadata: { user: 'u' }, correlationId: 'c', causationId: 'd', at: '2026-03-01' });
// What older code wrote is unknown to the types.
on(alice, 'Opened', { name: 'Alice' }, { schemaVersion: 1 });
// @ts-expect-error ... but not the name of the event
on(alice, 'Lost', { name: 'Alice' }, { schemaVersion: 1 });
// @ts-expect-error a detail that there isn't
on(alice, 'Closed', {}, { recordedAt: '2026-03-01' });
// @ts-expect-error data of the newest version is checked, whatever else is said
on(alice, 'Deposited', { amount: '100' }, { at: '2026-03-01' });

// ---- the three parts

const Close = defineCommand('Close', { streams: { account: Account }, handle: () => undefined });
const close = new Close({ account: alice });
declare const events: ReturnType<typeof on>[];

export async function specs(): Promise<void> {
  await given().when(close).then(nothing);
  await given(on(alice, 'Closed', {}), together(on(alice, 'Closed', {})))
    .when(close)
    .then(on(alice, 'Closed', {}));
  const more: Given = given(...events).and(on(alice, 'Closed', {}), together(on(alice, 'Closed', {})));
  await more.when(close).then(nothing);
  await given(...events)
    .when(close)
    .then(...events);
  await given().when(close).then(rejected('no'));
  await given()
    .when(close)
    .then(rejected({ rule: 'no', message: /no/, data: { any: expect.any(Number) } }));
  await given().when(close).then(failed('VALIDATION'));

  // @ts-expect-error what has happened is never nothing: then it is left out
  given(nothing);
  // @ts-expect-error events are written down with on
  given({ type: 'Closed', data: {} });
  // @ts-expect-error a command is made with new
  await given().when(Close);
  // @ts-expect-error a code that no error has
  failed('WRONG');
  // @ts-expect-error a rule that says no is rejected(…)
  failed('BUSINESS_RULE_VIOLATION');
  // @ts-expect-error a part that a rejection doesn't have
  rejected({ rul: 'no' });
  // @ts-expect-error a list that isn't spread
  given(events);
  // @ts-expect-error events of one command are at least one
  together();

  const spec = given().when(close);
  // @ts-expect-error an expectation is no text
  await spec.then('no');
  // @ts-expect-error a rejection and events exclude each other
  await spec.then(on(alice, 'Closed', {}), rejected());
  // @ts-expect-error as do two verdicts
  await spec.then(nothing, rejected());
  // @ts-expect-error a word without its brackets is no callback
  await spec.then(rejected);

  // ---- awaiting

  const outcome: Outcome = await given().when(close);
  const checked: Outcome = await given().when(close).then(nothing);
  const mapped: number = await given()
    .when(close)
    .then(({ events: written }) => written.length);
  const [one]: [Outcome] = await Promise.all([given().when(close)]);
  const later: () => Promise<Outcome> = async () => given().when(close);
  const awaited: Awaited<ReturnType<ReturnType<typeof given>['when']>> = outcome;
  // @ts-expect-error an outcome, and nothing else
  const wrong: string = await given().when(close);
  void [checked, mapped, one, later, awaited, wrong];

  // A promise that isn't awaited is the linter's to find, and it needs a real one for that.
  const promise: Promise<Outcome> = given().when(close).then(nothing);
  // oxlint-disable-next-line typescript/no-floating-promises
  given().when(close).then(nothing);
  // oxlint-disable-next-line typescript/no-floating-promises
  given()
    .when(close)
    .then(on(alice, 'Closed', {}), on(alice, 'Closed', {}));
  // oxlint-disable-next-line typescript/no-floating-promises
  given().when(close);
  await promise;

  // ---- options of execute, and the store's metadata

  await given().when(close, { metadata: { whatever: 1 }, correlationId: 'c' });
  const signed = given().with({ metadata: v.object({ user: v.string() }) });
  await signed.when(close, { metadata: { user: 'u' } });
  // @ts-expect-error metadata that the store's schema refuses
  await signed.when(close, { metadata: { user: 1 } });
  // @ts-expect-error metadata that the store needs
  await signed.when(close);
  // @ts-expect-error an option that there isn't
  await given().when(close, { now: 1 });
}

export function shared(from: StreamOf<typeof Account>) {
  return given(on(from, 'Deposited', { amount: 1 }));
}

// ---- what consumes events

type Kind = 'private' | 'business';
const Owners = defineReadModel('owners', {
  row: () => ({ owner: '', kind: 'private' as Kind, spent: v.parse(Money, 0), tags: new Array<string>() }),
}).from(Account, { Opened: (row, { data }) => ({ ...row, owner: data.owner, kind: data.kind }) });
const Totals = defineProjection<{ readonly totals: Map<string, number> }>('totals').on(Account, { Opened: () => {} });
const Plain = defineProjection('plain').on(Account, { Opened: () => {} });
const Closer = defineReaction('closer').on(Account, {
  Opened: ({ stream }) => new Close({ account: keyOf(stream) }),
});

export async function consumers(): Promise<void> {
  const owners = given().project(Owners);
  await owners.then(rows({}));
  await owners.then(rows({ alice: { owner: 'Alice', kind: 'private', spent: 5, tags: ['a'] } }));
  await owners.then(rows({ alice: { owner: expect.any(String), kind: 'business', spent: 5, tags: [] } }));
  const alicesKind: Kind | undefined = (await owners).get('alice')?.kind;
  void alicesKind;
  // @ts-expect-error a wrong kind of value
  await owners.then(rows({ alice: { owner: 'Alice', kind: 'private', spent: '5', tags: [] } }));
  // @ts-expect-error a literal that there isn't
  await owners.then(rows({ alice: { owner: 'Alice', kind: 'other', spent: 5, tags: [] } }));
  // @ts-expect-error a part that is missing
  await owners.then(rows({ alice: { owner: 'Alice', kind: 'private', spent: 5 } }));
  // @ts-expect-error rows are no events
  await owners.then(on(alice, 'Closed', {}));

  const { totals }: { readonly totals: Map<string, number> } = await given().project(Totals, { totals: new Map() });
  void totals;
  await given().project(Plain);
  // @ts-expect-error what the handlers need is missing
  await given().project(Totals);
  // @ts-expect-error something else than the handlers need
  await given().project(Totals, { totals: new Set() });

  const answers = given().react(Closer);
  await answers.then(close, close);
  await answers.then(nothing);
  const followUps: readonly FollowUp[] = await answers;
  void followUps;
  // @ts-expect-error a read model answers nothing
  void given().react(Owners);
  // @ts-expect-error nor does a projection
  void given().react(Plain);
  // @ts-expect-error a reaction projects nothing
  await given().project(Closer);
  // @ts-expect-error a command, not its class
  await answers.then(Close);
  // @ts-expect-error nothing and something
  await answers.then(nothing, close);
}
