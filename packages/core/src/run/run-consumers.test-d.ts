// Running consumers: the store, or the option `context`, has to supply what handlers need.
import * as v from 'valibot';
import { defineCommand, type EventOf, type EventStore } from '@eventcore/core';
import {
  defineProjection,
  defineReaction,
  defineReadModel,
  discardDeadLetters,
  On,
  Projection,
  Reaction,
  rebuild,
  retryDeadLetters,
  rowsOf,
  runConsumers,
  type Fitting,
  type ReactionContext,
} from '@eventcore/core/consumers';
import type { Capabilities } from '@eventcore/core/store';
import { Account, Audit } from '../public-bank.fixture.js';
import { sameType } from '../same-type.fixture.js';

interface Tx {
  readonly tx: { readonly insert: (row: object) => Promise<void> };
}
interface Log {
  readonly log: readonly string[];
}
declare const plain: EventStore;
declare const transacting: EventStore & { readonly capabilities: Required<Capabilities<Tx>> };

@Projection('inserting')
class Inserting {
  @On(Account, 'AccountOpened')
  async opened(event: EventOf<typeof Account, 'AccountOpened'>, { tx }: Tx) {
    await tx.insert(event.data);
  }
}
@Projection('both')
class Both {
  @On(Account, 'AccountOpened')
  opened(_: EventOf<typeof Account, 'AccountOpened'>, { tx }: Tx) {
    return void tx;
  }
  @On(Account, 'MoneyDeposited')
  deposited(_: EventOf<typeof Account, 'MoneyDeposited'>, { log }: Log) {
    return void log;
  }
}
const Needing = defineProjection<Tx>('needing').on(Account, { AccountOpened: () => {} });
const Free = defineProjection('free').on(Account, { AccountOpened: () => {} });
const Names = defineReadModel('names', { row: () => ({ owner: '' }) }).from(Account, {
  AccountOpened: (_, { data }) => ({ owner: data.owner }),
});
const Note = defineCommand('Note', {
  streams: { audit: Audit },
  input: { text: v.string() },
  handle: ({ input, emit }) => emit('audit', 'Noted', { text: input.text }),
});
const Noting = defineReaction('noting').on(Account, { AccountOpened: () => new Note({ audit: 'x', text: 'x' }) });
@Reaction('noting-too')
class NotingToo {
  @On(Account, 'AccountOpened')
  opened({ data }: EventOf<typeof Account, 'AccountOpened'>, { now }: ReactionContext) {
    return new Note({ audit: 'x', text: data.owner + now });
  }
}

// The store's transaction supplies it, or the option.
runConsumers(transacting, [Inserting, new Inserting(), Needing, Free, Names, Noting, NotingToo, new NotingToo()]);
runConsumers(transacting, [Both], { context: { log: [] } });
declare const tx: Tx['tx'];
runConsumers(plain, [Inserting, Needing, Both], { context: { tx, log: [] } });
runConsumers(plain, [Free, Names, Noting, NotingToo]);

// @ts-expect-error the store supplies no transaction
runConsumers(plain, [Inserting]);
// @ts-expect-error nor to what is defined without decorators
runConsumers(plain, [Names, Needing]);
// @ts-expect-error half of what it needs
runConsumers(transacting, [Both]);
const Other = defineProjection<{ readonly tx: string }>('other').on(Account, { AccountOpened: () => {} });
// @ts-expect-error another transaction than the store's
runConsumers(transacting, [Other]);
// @ts-expect-error something else under that name
runConsumers(transacting, [Both], { context: { log: 5 } });
// @ts-expect-error a failure policy says what comes then
runConsumers(plain, [Names], { onFailure: { retry: { attempts: 1, delay: () => 0 } } });

// What is lacking is told by name, in a text, since the compiler would list what properties an object's type has.
type Says<Consumer extends object, Supplied> = Fitting<readonly [Consumer], Supplied>[0];
sameType<Says<typeof Free, unknown>, unknown>();
sameType<Says<typeof Needing, Tx>, unknown>();
sameType<
  Says<typeof Both, Tx>,
  'neither the store nor the option `context` supplies a `log` as its handlers need it'
>();
sameType<
  Says<typeof Both, { readonly tx: string; readonly log: readonly string[] }>,
  'neither the store nor the option `context` supplies a `tx` as its handlers need it'
>();

// Rebuilding needs the same, and gives it to `reset`.
rebuild(transacting, Needing, { reset: ({ tx: own }) => void sameType<typeof own, Tx['tx']>() });
rebuild(plain, Names);
// @ts-expect-error the store supplies no transaction
rebuild(plain, Needing);

// So does handing dead letters over again.
await retryDeadLetters(transacting, Needing, { only: ({ attempts }) => attempts < 3 });
await retryDeadLetters(plain, Needing, { context: { tx: { insert: async () => {} } } });
// @ts-expect-error the store supplies no transaction
await retryDeadLetters(plain, Needing);
await discardDeadLetters(plain, Needing);

// Rows are typed, and readonly.
const row = await rowsOf(plain, Names).row('alice');
sameType<typeof row, { readonly owner: string } | undefined>();
for await (const { key, row: one } of rowsOf(plain, Names).all()) sameType<typeof one.owner | typeof key, string>();
// @ts-expect-error a projection has no rows
rowsOf(plain, Free);
