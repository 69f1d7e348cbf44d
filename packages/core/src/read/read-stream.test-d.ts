// load, readStream, replay and streams: reading without a command.
import {
  load,
  readStream,
  replay,
  streams,
  type EventOf,
  type EventStore,
  type ReadOf,
  type StateIn,
} from '@eventcore/core';
import type { ListedStream } from '@eventcore/core/store';
import { Account, Audit, type Money } from '../public-bank.fixture.js';
import { sameType } from '../same-type.fixture.js';

declare const store: EventStore;
declare const strict: EventStore<{ readonly user: string }>;
declare const read: ReadOf<typeof Account>;

// The state of one stream, readonly.
const state = await load(store, Account.at('alice'));
sameType<typeof state, StateIn<typeof Account>>();
// @ts-expect-error it is readonly
state.balance = 1;

// At a version, or at a time.
await load(store, Account.at('alice'), { version: 3 });
await load(store, Account.at('alice'), { time: new Date() });
await load(store, Account.at('alice'), { time: '2026-03-03' });
// @ts-expect-error one of both
await load(store, Account.at('alice'), { version: 3, time: '2026-03-03' });
// @ts-expect-error milliseconds are no time: they look like a version
await load(store, Account.at('alice'), { time: 1_700_000_000_000 });

// Its events, each told by its type.
for await (const event of readStream(store, Account.at('alice'), { after: 3 })) {
  sameType<typeof event, EventOf<typeof Account>>();
  switch (event.type) {
    case 'MoneyDeposited':
    case 'MoneyWithdrawn':
      sameType<typeof event.data.amount, Money>();
      break;
    case 'AccountOpened':
      sameType<typeof event.data.owner, string>();
      // @ts-expect-error an event is immutable
      event.data.owner = 'x';
      break;
    case 'AccountClosed':
      break;
    default:
      // There is no other.
      event satisfies never;
  }
}

// Each with the state after it.
for await (const step of replay(store, Account.at('alice'))) {
  sameType<typeof step.event, EventOf<typeof Account>>();
  sameType<typeof step.state, StateIn<typeof Account>>();
}

// The streams of a type.
for await (const listed of streams(store, Account)) sameType<typeof listed, ListedStream>();

// Any store will do.
await load(strict, Audit.at('x'));
readStream(strict, Audit.at('x'));
streams(strict, Audit);

// @ts-expect-error a key doesn't say of which type
await load(store, 'alice');
// @ts-expect-error an id neither
await load(store, Account.at('alice').id);
// @ts-expect-error a stream type has many streams
await load(store, Account);
// @ts-expect-error what a command may only read
await load(store, read);
// @ts-expect-error an object that looks like a reference
readStream(store, { id: Account.at('alice').id, key: 'alice' });
// @ts-expect-error one stream has no streams
streams(store, Account.at('alice'));
// @ts-expect-error a name is no stream type
streams(store, 'account');
