// Running consumers: the store, or the option `context`, has to supply what handlers need.
import * as v from 'valibot';
import {
  defineCommand,
  fixedDelay,
  noRetry,
  type EventOf,
  type EventStore,
  type Position,
  type RecordedEvent,
} from '@eventcore/core';
import {
  type Begun,
  type KindOf,
  defineProjection,
  defineReaction,
  defineReadModel,
  discardDeadLetters,
  On,
  Projection,
  Reaction,
  reactionsTo,
  rebuild,
  retryDeadLetters,
  rowsOf,
  runConsumers,
  type FailurePolicy,
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
runConsumers(transacting, [Inserting, new Inserting(), Needing, Free, Names]);
runConsumers(transacting, [Inserting, Names, Noting, NotingToo, new NotingToo()], { after: 'now' });
runConsumers(transacting, [Both], { context: { log: [] } });
declare const tx: Tx['tx'];
runConsumers(plain, [Inserting, Needing, Both], { context: { tx, log: [] } });
runConsumers(plain, [Free, Names]);

// Reactions begin where somebody says.
declare const position: Position;
runConsumers(plain, [Free, Names, Noting, NotingToo], { after: 'beginning' });
runConsumers(plain, [Noting], { after: position, pollInterval: 10 });
runConsumers(plain, [Names, Noting], { consumers: { noting: { after: 'now' } } });
// @ts-expect-error all of history is nothing to answer by default
runConsumers(plain, [Noting]);
// @ts-expect-error of a class as well
runConsumers(plain, [Names, NotingToo], { pollInterval: 10 });
// @ts-expect-error and of an object
runConsumers(plain, [new NotingToo()]);
// @ts-expect-error a position is one
runConsumers(plain, [Noting], { after: 'yesterday' });
// @ts-expect-error other options are still looked at
runConsumers(plain, [Noting], { after: 'now', pollIntervall: 10 });
sameType<
  Begun<readonly [typeof Names, typeof Noting], never>,
  readonly [unknown, "a reaction says where it begins: give the option `after`, as 'now', 'beginning' or a position"]
>();
sameType<KindOf<typeof Noting | typeof NotingToo | NotingToo>, 'reaction'>();
sameType<KindOf<typeof Needing | typeof Inserting | Inserting>, 'projection'>();
sameType<KindOf<typeof Names>, 'readModel'>();

// What reactions need beside the event is the option's: no transaction is open where they are asked.
interface Rates {
  readonly rateOf: (currency: string) => Promise<number>;
}
const Converting = defineReaction<Rates>('converting').on(Account, {
  AccountOpened: async ({ data }, { rateOf, now, signal }) => {
    sameType<typeof now, string>();
    sameType<typeof signal, AbortSignal>();
    return new Note({ audit: 'x', text: `${data.owner} ${await rateOf('EUR')}` });
  },
});
@Reaction('converting-too')
class ConvertingToo {
  @On(Account, 'AccountOpened')
  async opened({ data }: EventOf<typeof Account, 'AccountOpened'>, { rateOf }: Rates & ReactionContext) {
    return new Note({ audit: 'x', text: `${data.owner} ${await rateOf('EUR')}` });
  }
}
const InTransaction = defineReaction<Tx>('in-transaction').on(Account, { AccountOpened: () => undefined });
declare const rateOf: Rates['rateOf'];
runConsumers(plain, [Converting, ConvertingToo], { after: 'now', context: { rateOf } });
// @ts-expect-error nobody supplies the rates
runConsumers(plain, [Converting], { after: 'now' });
// @ts-expect-error nor to a class
runConsumers(plain, [ConvertingToo], { after: 'now' });
// @ts-expect-error the store's transaction is for projections
runConsumers(transacting, [InTransaction], { after: 'now' });
declare const opened: RecordedEvent;
await reactionsTo(Converting, opened, { context: { rateOf } });
await reactionsTo(Noting, opened);
// @ts-expect-error nobody supplies the rates
await reactionsTo(Converting, opened);

// What to do about a failure is for the policy to say.
runConsumers(plain, [Names], {
  onFailure: {
    retry: fixedDelay({ attempts: 3, delay: 10 }),
    then: 'stop',
    decide: ({ error, event, attempt }) =>
      error instanceof TypeError && event.type === 'AccountOpened' && attempt > 1 ? 'deadLetter' : undefined,
  },
});
// @ts-expect-error no such verdict
const wrong: FailurePolicy = { retry: noRetry, then: 'stop', decide: () => 'ignore' };
void wrong;

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
rebuild(transacting, Needing, { reset: 'nothing' });
rebuild(plain, Names);
rebuild(plain, Names, { interval: 10 });
rebuild(plain, Noting, { from: 'beginning' });
// @ts-expect-error what its handlers have written is still there
rebuild(transacting, Needing);
// @ts-expect-error also with other options
rebuild(transacting, Inserting, { interval: 10 });
// @ts-expect-error a reaction answers what it never saw
rebuild(plain, Noting);
// @ts-expect-error also with other options
rebuild(plain, NotingToo, { interval: 10 });
// @ts-expect-error from now on there is nothing to rebuild
rebuild(plain, Noting, { from: 'now' });
// @ts-expect-error the store supplies no transaction
rebuild(plain, Needing, { reset: 'nothing' });

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
