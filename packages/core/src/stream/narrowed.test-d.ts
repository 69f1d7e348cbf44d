// narrowed: one function that makes commands for many stream types.
import * as v from 'valibot';
import { defineCommand, defineStream, ensure, narrowed, type StreamTypeWith } from '@eventcore/core';
import { Account, Audit } from '../public-bank.fixture.js';

type Closable = StreamTypeWith<{ Closed: { by: string } }, { open: boolean }>;

export function closing(type: Closable) {
  return defineCommand('Close', {
    streams: { target: narrowed(type), audit: Audit },
    input: { by: v.string() },
    handle: ({ state, input, emit }) => {
      ensure(state.target.open, 'it is closed already');
      emit('target', 'Closed', { by: input.by });
      emit('audit', 'Noted', { text: input.by });
      // @ts-expect-error data that was not asked for
      emit('target', 'Closed', { by: input.by, why: '' });
      // @ts-expect-error an event that was not asked for
      emit('target', 'Opened', {});
      // @ts-expect-error a part of the state that was not asked for
      void state.target.balance;
    },
  });
}

const closed = { by: v.string() };
const state = () => ({ open: true, balance: 0 });

// More events, more state, and data that may be left out.
const Shop = defineStream('shop', {
  events: { Closed: v.object({ ...closed, why: v.optional(v.string()) }), Opened: v.object({}) },
  state,
  fold: {},
});
const Door = defineStream('door', { events: { Closed: v.object(closed) }, state: () => ({ open: true }), fold: {} });

const CloseShop = closing(Shop);
const CloseDoor = closing(Door);
new CloseShop({ target: 'corner', audit: 'today', by: 'alice' });
new CloseDoor({ target: 'front', audit: Audit.at('today'), by: 'alice' });
// @ts-expect-error an input is missing
new CloseShop({ target: 'corner', audit: 'today' });
// @ts-expect-error a stream of another type
new CloseShop({ target: Audit.at('today'), audit: 'today', by: 'alice' });

// @ts-expect-error it has no such event
closing(Account);
// @ts-expect-error its data is another
closing(defineStream('a', { events: { Closed: v.object({ by: v.number() }) }, state, fold: {} }));
// @ts-expect-error its data wants more
closing(defineStream('a', { events: { Closed: v.object({ ...closed, why: v.string() }) }, state, fold: {} }));
// @ts-expect-error its state has no such part
closing(defineStream('a', { events: { Closed: v.object(closed) }, state: () => ({ shut: true }), fold: {} }));
// @ts-expect-error its state has another
closing(defineStream('a', { events: { Closed: v.object(closed) }, state: () => ({ open: 1 }), fold: {} }));
// @ts-expect-error what is no stream type
closing({});
// @ts-expect-error a copy of one
closing({ ...Shop });
// @ts-expect-error one of its streams
closing(Shop.at('corner'));
