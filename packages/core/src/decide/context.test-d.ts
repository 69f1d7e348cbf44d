// What a command decides with: its state by field, the time, and ids.
import * as v from 'valibot';
import {
  Appends,
  Command,
  CommandLogic,
  Discovers,
  ensure,
  Input,
  Reads,
  reject,
  Stream,
  Streams,
  type AppendOf,
  type Context,
  type Discovered,
  type ReadOf,
  type StateOf,
  type StreamId,
  type StreamOf,
  type StreamsOf,
  type TypedStreamId,
} from '@eventcore/core';
import { Account, Audit, Household, type Money } from '../public-bank.fixture.js';
import { sameType } from '../same-type.fixture.js';

interface AccountState {
  readonly open: boolean;
  readonly balance: number;
  readonly tags: readonly string[];
}
interface HouseholdState {
  readonly head: string;
  readonly members: readonly string[];
}
type AccountEvents = {
  AccountOpened: { owner: string };
  MoneyDeposited: { amount: Money };
  MoneyWithdrawn: { amount: Money };
  AccountClosed: {};
};

@Command()
export class Inherit extends CommandLogic<Inherit> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Stream(Account, { optional: true }) readonly heir?: StreamOf<typeof Account>;
  @Reads(Household) readonly household!: ReadOf<typeof Household>;
  @Reads(Household, { optional: true }) readonly other?: ReadOf<typeof Household>;
  @Appends(Audit) readonly audit!: AppendOf<typeof Audit>;
  @Streams(Account) readonly creditors!: StreamsOf<typeof Account>;
  @Discovers(Household) readonly found!: Discovered<typeof Household>;
  @Input(v.string()) readonly text!: string;
  @Input(v.picklist(['normal', 'instant'])) readonly speed!: 'normal' | 'instant';

  discover(state: StateOf<Inherit>) {
    return { found: state.household.members };
  }

  handle(context: Context<Inherit>) {
    const { state, now, id } = context;

    // The state of each stream that is read, under its field's name; of those that may be left out, perhaps.
    sameType<typeof state.account, AccountState>();
    sameType<typeof state.heir, AccountState | undefined>();
    sameType<typeof state.household, HouseholdState>();
    sameType<typeof state.other, HouseholdState | undefined>();
    // @ts-expect-error it may have been left out
    void state.heir.open;
    // @ts-expect-error ... also where it is only read
    void state.other.members;

    // Of many streams, by id. The ids are those of the references.
    sameType<ReturnType<typeof state.creditors.keys>, MapIterator<TypedStreamId<'account', AccountEvents>>>();
    void state.creditors.get(this.creditors[0]!.id)?.balance;
    for (const [creditor, { balance }] of state.creditors) {
      const streamId: StreamId = creditor;
      void [streamId, balance.toFixed(2)];
    }
    for (const { members } of state.found.values()) void members.length;
    // @ts-expect-error the id of a stream of another type
    void state.creditors.get(this.household.id);
    // @ts-expect-error a key is no id
    void state.creditors.get('bob');

    // The time is an ISO string, ready for an event, and ids are texts.
    sameType<typeof now, string>();
    sameType<ReturnType<typeof id>, string>();

    // @ts-expect-error a stream that was not declared
    void state.savings;
    // @ts-expect-error a stream that is written without having been read
    void state.audit;
    // @ts-expect-error an input is a field of the command
    void state.text;
    // @ts-expect-error a method
    void state.handle;
    // @ts-expect-error a part that the state does not have
    void state.account.owner;

    // @ts-expect-error the state is readonly
    state.account = state.account;
    // @ts-expect-error ... at every depth
    state.account.balance = 1;
    // @ts-expect-error ... lists
    state.household.members.push('x');
    // @ts-expect-error ... and maps too
    state.creditors.clear();
    // @ts-expect-error ... and what maps hold
    state.creditors.get(this.creditors[0]!.id)!.balance = 1;

    // What was ensured is known below.
    ensure(state.heir !== undefined, 'there has to be an heir');
    void state.heir.open;
    ensure(state.other, { rule: 'other-household', message: 'needs another household', data: { text: this.text } });
    void state.other.members;
    ensure(this.speed === 'normal', 'not that fast');
    sameType<typeof this.speed, 'normal'>();

    // Nothing comes after a rejection.
    const creditor = state.creditors.get(this.creditors[0]!.id) ?? reject('there has to be a creditor');
    void creditor.balance;
    if (state.account.open) return;
    reject({ rule: 'closed', message: 'the account is closed' });
  }
}

// The state by itself, for functions of one's own.
export function richest(state: StateOf<Inherit>): number {
  return Math.max(state.account.balance, state.heir?.balance ?? 0);
}

// @ts-expect-error a rule has a message
ensure(true, { rule: 'x' });
// @ts-expect-error ... always
ensure(true);
// @ts-expect-error a rejection too
reject();

// Contexts of two commands are unrelated, even where one has all that the other asks for.
@Command()
export class Smaller extends CommandLogic<Smaller> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  handle() {}
}
declare const context: Context<Inherit>;
// @ts-expect-error the context of a command that declares more
export const smaller: Context<Smaller> = context;
// @ts-expect-error the context of a command that declares less
export const larger: Context<Inherit> = null as unknown as Context<Smaller>;
// @ts-expect-error an object that looks like a context
export const lookAlike: Context<Smaller> = {
  state: { account: { open: true, balance: 0, tags: [] } },
  emit: () => {},
  now: '',
  id: () => '',
};
