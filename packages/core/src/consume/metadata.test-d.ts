// The metadata of events is what the store's schema gives, wherever they come from.
import * as v from 'valibot';
import {
  defineCommand,
  readStream,
  replay,
  subscribe,
  type EventOf,
  type EventStore,
  type Json,
  type MetadataIn,
  type RecordedEvent,
} from '@eventcore/core';
import type { MetadataOf } from '@eventcore/core/consumers';
import {
  defineProjection,
  defineReaction,
  defineReadModel,
  foldRows,
  On,
  Projection,
  Reaction,
  rebuild,
  retryDeadLetters,
  rowsOf,
  runConsumers,
  type Fitting,
} from '@eventcore/core/consumers';
import { Account, Audit } from '../public-bank.fixture.js';
import { sameType } from '../same-type.fixture.js';

interface Metadata {
  readonly user: string;
  readonly tenant?: string;
}
declare const typed: EventStore<Metadata>;
declare const narrower: EventStore<{ readonly user: 'alice' | 'bob' }>;
declare const other: EventStore<{ readonly user: number }>;
declare const optional: EventStore<Metadata | undefined>;
declare const plain: EventStore;

// Handlers, folds, keys and commands that follow.
const Note = defineCommand('Note', {
  streams: { audit: Audit },
  input: { text: v.string() },
  handle: ({ input, emit }) => emit('audit', 'Noted', { text: input.text }),
});
const Users = defineProjection<unknown, Metadata>('users').on(Account, {
  AccountOpened: ({ metadata }) => sameType<typeof metadata, Metadata>(),
});
const ByUser = defineReadModel<{ readonly events: number }, Metadata>('by-user', { row: () => ({ events: 0 }) }).from(
  Account,
  { AccountOpened: ({ events }, { metadata }) => ({ events: metadata.user === '' ? events : events + 1 }) },
  { key: ({ metadata }) => metadata.user },
);
const Noting = defineReaction<unknown, Metadata>('noting').on(Account, {
  AccountOpened: ({ metadata }) => new Note({ audit: 'x', text: metadata.user }),
});
@Projection('users-too')
class UsersToo {
  @On(Account, 'AccountOpened')
  opened({ metadata }: EventOf<typeof Account, 'AccountOpened', Metadata>) {
    sameType<typeof metadata, Metadata>();
  }
  @On(Account, 'MoneyDeposited')
  deposited({ data }: EventOf<typeof Account, 'MoneyDeposited'>) {
    return void data.amount;
  }
}
@Reaction('noting-too')
class NotingToo {
  @On(Account, 'AccountOpened')
  opened({ metadata }: EventOf<typeof Account, 'AccountOpened', Metadata>) {
    return new Note({ audit: 'x', text: metadata.user });
  }
}
sameType<MetadataOf<typeof Users | typeof ByUser | typeof Noting | typeof NotingToo>, Metadata>();
const Untyped = defineProjection('untyped').on(Account, {
  AccountOpened: ({ metadata }) => sameType<typeof metadata, Json>(),
});

runConsumers(typed, [Users, ByUser, UsersToo, new UsersToo(), Untyped]);
runConsumers(typed, [Noting, NotingToo], { after: 'now' });
runConsumers(narrower, [Users, ByUser, UsersToo, Untyped]);
runConsumers(plain, [Untyped]);
rebuild(typed, ByUser);
await retryDeadLetters(typed, Users);
// @ts-expect-error this store has no schema of it
runConsumers(plain, [Users]);
// @ts-expect-error nor has it for a read model
runConsumers(plain, [Untyped, ByUser]);
// @ts-expect-error nor for a reaction
runConsumers(plain, [Noting], { after: 'now' });
// @ts-expect-error nor for a class
runConsumers(plain, [UsersToo]);
// @ts-expect-error this one has another
runConsumers(other, [Users]);
// @ts-expect-error and this one lets it be left out
runConsumers(optional, [Users]);
// @ts-expect-error a rebuild hands the same events over
rebuild(plain, ByUser);
// @ts-expect-error as do dead letters
await retryDeadLetters(other, Users);
sameType<
  Fitting<readonly [typeof Users], unknown, object, Json>[0],
  'the events of this store carry other metadata than its handlers take: give the store the option `metadata`, a schema of it'
>();

// Whoever reads rows, or folds in a test, needs no store of that kind.
sameType<
  Awaited<ReturnType<ReturnType<typeof rowsOf<{ readonly events: number }>>['row']>>,
  { readonly events: number } | undefined
>();
await rowsOf(plain, ByUser).row('alice');
foldRows(ByUser, new Map(), [] as readonly RecordedEvent[]);

// Reading gives it typed.
sameType<MetadataIn<typeof typed>, Metadata>();
sameType<MetadataIn<typeof plain>, Json>();
sameType<MetadataIn<typeof optional>, Metadata | Readonly<Record<string, never>>>();
for await (const { metadata } of subscribe(typed)) sameType<typeof metadata, Metadata>();
for await (const { metadata } of subscribe(plain)) sameType<typeof metadata, Json>();
for await (const { metadata, type } of subscribe(typed, { streamTypes: [Account] })) {
  sameType<typeof metadata, Metadata>();
  if (type === 'AccountOpened') break;
}
for await (const { metadata } of readStream(typed, Account.at('alice'))) sameType<typeof metadata, Metadata>();
for await (const { event } of replay(typed, Account.at('alice'))) sameType<typeof event.metadata, Metadata>();
