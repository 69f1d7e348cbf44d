// References are nominal: what names a stream of one type never passes for a stream of another.
import * as v from 'valibot';
import {
  defineStream,
  type AppendOf,
  type Discovered,
  type ReadOf,
  type ReadRef,
  type StreamId,
  type StreamOf,
  type StreamRef,
  type StreamsOf,
  type TypedStreamId,
} from '@eventcore/core';
import { Account, Audit, type Money } from '../public-bank.fixture.js';
import { sameType } from '../same-type.fixture.js';

const alice = Account.at('alice');

// `at` gives what a field of that type holds.
sameType<typeof alice, StreamOf<typeof Account>>();
sameType<typeof alice.key, string>();
sameType<StreamsOf<typeof Account>, readonly StreamOf<typeof Account>[]>();

// Its id is a stream id, and remembers which events the stream has.
export const id: StreamId = alice.id;
sameType<
  typeof alice.id,
  TypedStreamId<
    'account',
    {
      AccountOpened: { owner: string };
      MoneyDeposited: { amount: Money };
      MoneyWithdrawn: { amount: Money };
      AccountClosed: {};
    }
  >
>();

// @ts-expect-error a key is a string
Account.at(1);

// @ts-expect-error an id is no key: it would name another stream
Account.at(alice.id);

// What brands a key itself doesn't matter.
Account.at('alice' as string & v.Brand<'AccountKey'>);

// @ts-expect-error a stream of another type
export const ofAnotherType: StreamOf<typeof Account> = Audit.at('alice');

// @ts-expect-error a key is no reference
export const key: StreamOf<typeof Account> = 'alice';

// @ts-expect-error nor is an object that looks like one
export const lookAlike: StreamOf<typeof Account> = { id: alice.id, key: 'alice' };

declare const read: ReadOf<typeof Account>;
declare const append: AppendOf<typeof Account>;
declare const discovered: Discovered<typeof Account>;

// @ts-expect-error what is only read is not written
export const writtenRead: StreamOf<typeof Account> = read;
// @ts-expect-error what is appended to blindly is not read
export const writtenAppend: StreamOf<typeof Account> = append;
// @ts-expect-error the roles are told apart in every direction
export const readAppend: ReadOf<typeof Account> = append;
// @ts-expect-error ... also from the one that may do more
export const readStream: ReadOf<typeof Account> = alice;
// @ts-expect-error what is discovered is no stream by itself
export const one: StreamOf<typeof Account> = discovered;
// @ts-expect-error an id of another type of streams, with other events
export const otherId: typeof alice.id = Audit.at('x').id;
const Twin = defineStream('twin', {
  events: { Noted: v.object({ text: v.string() }) },
  state: () => ({ notes: 0 }),
  fold: {},
});
// @ts-expect-error an id of another type of streams, with the same events
export const twinId: typeof twin.id = Audit.at('x').id;
const twin = Twin.at('x');
// @ts-expect-error a text is no id
export const text: StreamId = 'account-alice';

// The same name with other events, or another state, makes another type.
const events = { AccountOpened: v.object({ owner: v.string() }) };
const Simple = defineStream('account', { events, state: () => ({ open: false }), fold: {} });
const OtherState = defineStream('account', { events, state: () => ({ open: false, balance: 0 }), fold: {} });
const OtherEvents = defineStream('account', {
  events: { ...events, AccountClosed: v.object({}) },
  state: () => ({ open: false }),
  fold: {},
});
const OtherPayload = defineStream('account', {
  events: { AccountOpened: v.object({ owner: v.string(), bank: v.string() }) },
  state: () => ({ open: false }),
  fold: {},
});
// @ts-expect-error a state with more to it
export const wider: StreamOf<typeof Simple> = OtherState.at('x');
// @ts-expect-error a state with less to it
export const narrower: StreamOf<typeof OtherState> = Simple.at('x');
// @ts-expect-error an event more
export const more: StreamOf<typeof Simple> = OtherEvents.at('x');
// @ts-expect-error an event less
export const less: StreamOf<typeof OtherEvents> = Simple.at('x');
// @ts-expect-error a payload with more to it
export const payload: StreamOf<typeof Simple> = OtherPayload.at('x');

// The names of reference types are there for libraries; they are as nominal as their short forms.
export const longForm: StreamRef<'audit', { Noted: { text: string } }, { notes: number }> = Audit.at('x');
// @ts-expect-error another name
export const misnamed: StreamRef<'note', { Noted: { text: string } }, { notes: number }> = Audit.at('x');
// @ts-expect-error another role
export const misread: ReadRef<'audit', { Noted: { text: string } }, { notes: number }> = Audit.at('x');

// Nothing is a stream of what is no stream type.
sameType<StreamOf<string>, never>();
sameType<ReadOf<typeof Money>, never>();
sameType<Discovered<never>, never>();
