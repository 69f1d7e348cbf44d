// subscribe: typed by the stream types that are asked for.
import { subscribe, type EventOf, type EventStore, type RecordedEvent } from '@eventcore/core';
import { Account, Audit, type Money } from '../public-bank.fixture.js';
import { sameType } from '../same-type.fixture.js';

declare const store: EventStore;

for await (const event of subscribe(store, { streamTypes: [Account, Audit], filter: { types: ['Noted'] } })) {
  sameType<typeof event, EventOf<typeof Account> | EventOf<typeof Audit>>();
  switch (event.type) {
    case 'Noted':
      sameType<typeof event.data.text, string>();
      break;
    case 'AccountOpened':
    case 'AccountClosed':
    case 'MoneyWithdrawn':
      break;
    case 'MoneyDeposited':
      sameType<typeof event.data.amount, Money>();
      // @ts-expect-error an event is immutable
      event.data.amount = 1 as Money;
      break;
    // @ts-expect-error neither of them has such an event
    case 'Renamed':
      break;
  }
}

for await (const { events } of subscribe(store, { streamTypes: [Account] }).batches()) {
  sameType<(typeof events)[number], EventOf<typeof Account>>();
}

// Without stream types nothing is known of the events.
for await (const event of subscribe(store)) sameType<typeof event, RecordedEvent>();
for await (const event of subscribe(store, { after: '' as never })) sameType<typeof event, RecordedEvent>();

// @ts-expect-error a stream is no stream type
subscribe(store, { streamTypes: [Account.at('alice')] });
// @ts-expect-error a name is no stream type
subscribe(store, { streamTypes: ['account'] });
// @ts-expect-error an array, also of one
subscribe(store, { streamTypes: Account });
