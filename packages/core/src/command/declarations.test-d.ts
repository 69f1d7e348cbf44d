// What others export without naming its type: the tests of this folder are checked with `declaration`, under which the
// compiler has to spell out each type in a declaration of theirs, with nothing but what the package exports.
import {
  Command,
  CommandLogic,
  defineCommand,
  defineStream,
  Discovers,
  execute,
  Stream,
  Streams,
  type Context,
  type Discovered,
  type EventStore,
  type StreamOf,
  type StreamsOf,
} from '@eventcore/core';
import { Account, Audit, Money } from '../public-bank.fixture.js';
import { sameType } from '../same-type.fixture.js';

@Command()
export class Merge extends CommandLogic<Merge> {
  @Stream(Account) readonly into!: StreamOf<typeof Account>;
  @Stream(Audit, { optional: true }) readonly audit?: StreamOf<typeof Audit>;
  @Streams(Account) readonly accounts!: StreamsOf<typeof Account>;
  @Discovers(Account) readonly found!: Discovered<typeof Account>;

  discover() {
    return { found: [] };
  }
  handle() {}
}

const Deposit = defineCommand('Deposit', {
  streams: { account: Account },
  input: { amount: Money },
  handle: ({ input, emit }) => emit('account', 'MoneyDeposited', input),
});

// ---- parts of a context

export function emitOf(context: Context<Merge>) {
  return context.emit;
}
export function partsOf({ state, emit, now, id }: Context<Merge>) {
  return { state, emit, now, id };
}
export function copyOf(context: Context<Merge>) {
  return { ...context };
}

// ---- commands

export const mergeInto = (key: string) => new Merge({ into: key, accounts: [] });
export const deposit = new Deposit({ account: 'alice', amount: 1 });
export { Deposit };

export function localClass() {
  @Command()
  class Local extends CommandLogic<Local> {
    @Stream(Account) readonly account!: StreamOf<typeof Account>;

    handle({ emit }: Context<Local>) {
      emit('account', 'AccountClosed', {});
    }
  }
  return Local;
}
export function localCommand(key: string) {
  return new (localClass())({ account: key });
}
export function localDefinition(name: string) {
  return defineCommand(name, { streams: { account: Account }, handle: () => {} });
}

// ---- copies: each has the data, and none of them is what it was copied from

declare const store: EventStore;

export const mergeData = { ...mergeInto('alice') };
sameType<keyof typeof mergeData, 'into' | 'audit' | 'accounts' | 'found'>();
// @ts-expect-error a copy of a command is no command
await execute({ ...mergeInto('alice') }, store);
// @ts-expect-error ... with something changed
await execute({ ...mergeInto('alice'), into: Account.at('bob') }, store);

export const depositData = { ...deposit };
// @ts-expect-error ... nor through the other door
await execute({ ...deposit }, store);

export const reference = { ...Account.at('alice') };
sameType<keyof typeof reference, 'id' | 'key'>();
// @ts-expect-error a copy of a reference is no reference
export const copied: StreamOf<typeof Account> = { ...Account.at('alice') };

export const streamType = { ...Account };
sameType<keyof typeof streamType, 'name' | 'events'>();
// @ts-expect-error a copy of a stream type is no stream type
defineCommand('Copy', { streams: { account: { ...Account } }, handle: () => {} });

export const localStream = (name: 'a') => defineStream(name, { events: { Counted: Money }, state: () => 0, fold: {} });
