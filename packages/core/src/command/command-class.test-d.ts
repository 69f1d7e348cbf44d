// @Command: what a class has to be.
import * as v from 'valibot';
import {
  Command,
  CommandLogic,
  Discovers,
  Input,
  noRetry,
  Reads,
  Stream,
  Streams,
  type Context,
  type Discovered,
  type EventsOf,
  type FieldsOf,
  type ReadOf,
  type StateOf,
  type StreamOf,
  type StreamsOf,
} from '@eventcore/core';
import { Account, Audit, Money } from '../public-bank.fixture.js';

// ---- what may be

// The least: one stream, and a handle that does nothing.
@Command()
export class Least extends CommandLogic<Least> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  handle() {}
}

// A stream that is only read will do: such a command answers a question.
@Command()
export class OnlyReads extends CommandLogic<OnlyReads> {
  @Reads(Account) readonly account!: ReadOf<typeof Account>;

  handle({ state }: Context<OnlyReads>) {
    void state.account.balance;
  }
}

// An asynchronous handle; a name and options; methods, getters of a private kind and statics of one's own.
@Command({ name: 'Slow', retry: noRetry, detail: 'lean' })
export class Slow extends CommandLogic<Slow> {
  static readonly limit = 1000;
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Input(Money) readonly amount!: Money;

  static of(amount: number) {
    return new Slow({ account: 'alice', amount });
  }

  async handle({ state, emit }: Context<Slow>) {
    await Promise.resolve();
    if (this.tooMuch(state.account.balance)) emit('account', 'AccountClosed', {});
  }

  private tooMuch(balance: number) {
    return balance + this.amount > Slow.limit;
  }
}

@Command('NamedByAString')
export class Named extends CommandLogic<Named> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  handle(): void | Promise<void> {}
}

// An abstract class by itself is no command, and needs no decorator.
export abstract class Unfinished extends CommandLogic<Unfinished> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
}

// ---- the class that CommandLogic names

// @ts-expect-error the class named is another one
@Command()
export class NamesAnother extends CommandLogic<Least> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Stream(Account) readonly other!: StreamOf<typeof Account>;

  handle() {}
}

// @ts-expect-error ... or any
@Command()
export class NamesAny extends CommandLogic<any> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  handle() {}
}

// @ts-expect-error ... or unknown
@Command()
export class NamesUnknown extends CommandLogic<unknown> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  handle() {}
}

// @ts-expect-error ... or never
@Command()
export class NamesNever extends CommandLogic<never> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  handle() {}
}

// @ts-expect-error a subclass that adds a field
@Command()
export class AddsAField extends Least {
  @Input(v.string()) readonly memo!: string;
}

// @ts-expect-error a subclass that adds a method
@Command()
export class AddsAMethod extends Least {
  more() {}
}

// @ts-expect-error a class that is no command
@Command()
export class NoCommand {
  handle() {}
}

export class OnAMember extends CommandLogic<OnAMember> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  // @ts-expect-error @Command on a method
  @Command()
  handle() {}
}

// @ts-expect-error the decorator is called
@Command
export class NotCalled extends CommandLogic<NotCalled> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  handle() {}
}

// @ts-expect-error an option that there isn't
@Command({ nam: 'x' })
export class Misspelt extends CommandLogic<Misspelt> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  handle() {}
}

// ---- streams

// @ts-expect-error no stream
@Command()
export class NoStream extends CommandLogic<NoStream> {
  @Input(v.string()) readonly memo!: string;

  handle() {}
}

// @ts-expect-error a list of whatever is no set of streams
@Command()
export class OnlyAnyList extends CommandLogic<OnlyAnyList> {
  @Input(v.array(v.any())) readonly list!: any[];

  handle() {}
}

// ---- handle

// @ts-expect-error no handle
export class NoHandle extends CommandLogic<NoHandle> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
}

export class OthersContext extends CommandLogic<OthersContext> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  // @ts-expect-error the context of another command
  handle({ state }: Context<Least>) {
    void state;
  }
}

// @ts-expect-error ... which the class decorator says more shortly
@Command()
export class OthersSmallerContext extends CommandLogic<OthersSmallerContext> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Stream(Account) readonly other!: StreamOf<typeof Account>;

  // @ts-expect-error a context that knows less
  handle(_: Context<Least>) {}
}

export class UnknownContext extends CommandLogic<UnknownContext> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  // @ts-expect-error a context of nothing in particular
  handle(_: Context<unknown>) {}
}

export class NeverContext extends CommandLogic<NeverContext> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  // @ts-expect-error a context of nothing at all
  handle(_: Context<never>) {}
}

export class MoreParameters extends CommandLogic<MoreParameters> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  // @ts-expect-error a parameter that nobody gives
  handle(_: Context<MoreParameters>, __: string) {}
}

export class GivesBack extends CommandLogic<GivesBack> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  // @ts-expect-error handle gives nothing back
  handle() {
    return 5;
  }
}

export class GivesBackLater extends CommandLogic<GivesBackLater> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  // @ts-expect-error ... nor later
  async handle() {
    return Promise.resolve('later');
  }
}

// ---- what the library calls is public, or the compiler wouldn't see that it is there

// @ts-expect-error a private view of one's own: it would be used, while `state` had the type of the default one
@Command()
export class PrivateState extends CommandLogic<PrivateState> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  private initialState() {
    return { count: 0 };
  }
  private apply({ count }: { count: number }) {
    return { count: count + 1 };
  }
  handle() {
    return void [this.initialState, this.apply];
  }
}

// @ts-expect-error ... or a protected one
@Command()
export class ProtectedState extends CommandLogic<ProtectedState> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  protected initialState() {
    return { count: 0 };
  }
  protected apply({ count }: { count: number }) {
    return { count: count + 1 };
  }
  handle() {}
}

// @ts-expect-error ... or one of which a half is private
@Command()
export class HalfPrivateState extends CommandLogic<HalfPrivateState> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  initialState() {
    return { count: 0 };
  }
  private apply(state: { count: number }) {
    return state;
  }
  handle() {
    return void this.apply;
  }
}

// @ts-expect-error a private discover
@Command()
export class PrivateDiscover extends CommandLogic<PrivateDiscover> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Discovers(Account) readonly found!: Discovered<typeof Account>;

  private discover() {
    return { found: [] };
  }
  handle() {
    return void this.discover;
  }
}

// @ts-expect-error ... or a protected one, with nothing to discover
@Command()
export class ProtectedDiscover extends CommandLogic<ProtectedDiscover> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  protected discover() {
    return {};
  }
  handle() {}
}

// What has a private name, or is static, is nobody's but the class's own.
@Command()
export class OwnHelpers extends CommandLogic<OwnHelpers> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  static initialState() {}
  #apply() {}

  handle() {
    this.#apply();
  }
}

// ---- initialState and apply

interface Seen {
  count: number;
  last: 'nothing' | 'deposit' | 'note';
}

// A view of one's own: every event of every stream that is read, each told by its type and by its field.
@Command({ detail: 'full' })
export class OwnState extends CommandLogic<OwnState> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Reads(Audit) readonly audit!: ReadOf<typeof Audit>;

  initialState(): Seen {
    return { count: 0, last: 'nothing' };
  }

  apply(state: Seen, event: EventsOf<OwnState>, at: FieldsOf<OwnState>): Seen {
    const at2: 'account' | 'audit' = at;
    void at2;
    if (event.type === 'MoneyDeposited' && event.data.amount > 0) return { ...state, last: 'deposit' };
    if (event.type === 'Noted' && event.data.text !== '') return { ...state, last: 'note' };
    return { ...state, count: state.count + (event.recorded?.recordedAt.length ?? 0) };
  }

  handle({ state }: Context<OwnState>) {
    void state.count;
    // @ts-expect-error the streams' own states are not there
    void state.account;
    // @ts-expect-error what handle gets is readonly
    state.count = 1;
  }
}

// apply may take its state readonly, and need not look at what it doesn't use.
@Command()
export class ReadonlyState extends CommandLogic<ReadonlyState> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  initialState() {
    return { count: 0, tags: new Array<string>() };
  }

  apply(state: StateOf<ReadonlyState>) {
    return { ...state, count: state.count + 1 };
  }

  handle() {}
}

// @ts-expect-error apply needs initialState
@Command()
export class OnlyApply extends CommandLogic<OnlyApply> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  apply(state: Seen) {
    return state;
  }

  handle() {}
}

// @ts-expect-error initialState needs apply
@Command()
export class OnlyInitialState extends CommandLogic<OnlyInitialState> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  initialState() {
    return { count: 0 };
  }

  handle() {}
}

// @ts-expect-error apply gives another state
@Command()
export class AnotherState extends CommandLogic<AnotherState> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  initialState(): Seen {
    return { count: 0, last: 'nothing' };
  }

  apply() {
    return { count: '' };
  }

  handle() {}
}

// @ts-expect-error apply takes another state
@Command()
export class TakesAnotherState extends CommandLogic<TakesAnotherState> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  initialState(): Seen {
    return { count: 0, last: 'nothing' };
  }

  apply(state: Seen & { more: string }): Seen {
    return state;
  }

  handle() {}
}

// @ts-expect-error apply gives nothing back
@Command()
export class ChangesState extends CommandLogic<ChangesState> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  initialState(): Seen {
    return { count: 0, last: 'nothing' };
  }

  apply(state: Seen) {
    state.count += 1;
  }

  handle() {}
}

// @ts-expect-error apply is synchronous
@Command()
export class AsyncApply extends CommandLogic<AsyncApply> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  initialState(): Seen {
    return { count: 0, last: 'nothing' };
  }

  async apply(state: Seen) {
    return Promise.resolve(state);
  }

  handle() {}
}

// @ts-expect-error apply takes the events of another command
@Command()
export class OthersEvents extends CommandLogic<OthersEvents> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Reads(Audit) readonly audit!: ReadOf<typeof Audit>;

  initialState(): Seen {
    return { count: 0, last: 'nothing' };
  }

  apply(state: Seen, event: EventsOf<Least>): Seen {
    return event.type === 'AccountOpened' ? state : state;
  }

  handle() {}
}

// @ts-expect-error apply takes a field that there isn't
@Command()
export class OthersFields extends CommandLogic<OthersFields> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  initialState(): Seen {
    return { count: 0, last: 'nothing' };
  }

  apply(state: Seen, _: EventsOf<OthersFields>, at: 'savings'): Seen {
    return at === 'savings' ? state : state;
  }

  handle() {}
}

// ---- discover

// Keys or references, in whatever can be iterated.
@Command()
export class Finds extends CommandLogic<Finds> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Discovers(Account) readonly accounts!: Discovered<typeof Account>;
  @Discovers(Audit) readonly audits!: Discovered<typeof Audit>;

  discover(state: StateOf<Finds>) {
    return {
      accounts: new Set([...state.account.tags, Account.at('x')]),
      audits: [...state.audits.values()].map(({ notes }) => String(notes)),
    };
  }

  handle() {}
}

// @ts-expect-error a discovered field needs discover
@Command()
export class NoDiscover extends CommandLogic<NoDiscover> {
  @Discovers(Account) readonly accounts!: Discovered<typeof Account>;

  handle() {}
}

// @ts-expect-error discover needs a discovered field
@Command()
export class NothingToDiscover extends CommandLogic<NothingToDiscover> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  discover() {
    return { accounts: ['x'] };
  }

  handle() {}
}

// @ts-expect-error discover names every discovered field
@Command()
export class DiscoversHalf extends CommandLogic<DiscoversHalf> {
  @Discovers(Account) readonly accounts!: Discovered<typeof Account>;
  @Discovers(Audit) readonly audits!: Discovered<typeof Audit>;

  discover() {
    return { accounts: ['x'] };
  }

  handle() {}
}

// @ts-expect-error a list of keys, and not a key
@Command()
export class DiscoversAText extends CommandLogic<DiscoversAText> {
  @Discovers(Account) readonly accounts!: Discovered<typeof Account>;

  discover() {
    return { accounts: 'alice' };
  }

  handle() {}
}

// @ts-expect-error references of another type
@Command()
export class DiscoversOthers extends CommandLogic<DiscoversOthers> {
  @Discovers(Account) readonly accounts!: Discovered<typeof Account>;

  discover() {
    return { accounts: [Audit.at('x')] };
  }

  handle() {}
}

// @ts-expect-error ids are no keys: they would name other streams
@Command()
export class DiscoversIds extends CommandLogic<DiscoversIds> {
  @Streams(Account) readonly some!: StreamsOf<typeof Account>;
  @Discovers(Account) readonly accounts!: Discovered<typeof Account>;

  discover(state: StateOf<DiscoversIds>) {
    return { accounts: state.some.keys() };
  }

  handle() {}
}

// @ts-expect-error discover is synchronous
@Command()
export class DiscoversLater extends CommandLogic<DiscoversLater> {
  @Discovers(Account) readonly accounts!: Discovered<typeof Account>;

  async discover() {
    return Promise.resolve({ accounts: ['x'] });
  }

  handle() {}
}

// @ts-expect-error the state of another command
@Command()
export class DiscoversByOthersState extends CommandLogic<DiscoversByOthersState> {
  @Discovers(Account) readonly accounts!: Discovered<typeof Account>;

  discover(state: StateOf<Least>) {
    return { accounts: state.account.tags };
  }

  handle() {}
}
