// What an example in a TSDoc comment may use without importing it. An example that has an import gets nothing from here.
import {
  Appends,
  Command,
  CommandLogic,
  Discovers,
  Input,
  Reads,
  START,
  Stream,
  Streams,
  appends,
  channelName,
  commandIdFrom,
  defineCommand,
  defineStream,
  discovers,
  ensure,
  event,
  execute,
  exponentialBackoff,
  fixedDelay,
  isEventCoreError,
  keyOf,
  load,
  many,
  noRetry,
  optional,
  parsePosition,
  parseStreamId,
  readStream,
  replay,
  reads,
  reject,
  stateFor,
  streamId,
  streams,
  subscribe,
  typeNameOf,
  version,
  writes,
  type AppendOf,
  type Context,
  type Discovered,
  type EventOf,
  type EventStore,
  type EventsOf,
  type ExecutionHooks,
  type FieldsOf,
  type ReadOf,
  type Receipt,
  type RetryPolicy,
  type Runtime,
  type StateIn,
  type StateOf,
  type StreamOf,
  type StreamsOf,
} from '@eventcore/core';
import {
  On,
  Projection,
  Reaction,
  caughtUp,
  consumerOf,
  deadLettersOf,
  defineProjection,
  defineReaction,
  defineReadModel,
  discardDeadLetters,
  foldRows,
  project,
  reactionCommandId,
  reactionsTo,
  rebuild,
  remove,
  retryDeadLetters,
  renderProgress,
  rowsOf,
  runConsumers,
  statusOf,
  verdictsOf,
  type ConsumerHooks,
  type FailurePolicy,
  type ReactionContext,
} from '@eventcore/core/consumers';
import {
  Watchers,
  chainFault,
  numbersOfPosition,
  oneByOne,
  prepareAppend,
  sequencePosition,
  type Append,
  type Outcome,
} from '@eventcore/core/store';
import { definitionOf, draftEvent, eventDefinition, inputSchema } from '@eventcore/core/definitions';
import { createMemoryStore } from '@eventcore/memory';
import {
  allFaults,
  checkHistory,
  countCalls,
  failed,
  failOnce,
  given,
  nothing,
  nthGivenId,
  nthId,
  on,
  recordHistory,
  rejected,
  rows,
  simulate,
  together,
  withChaos,
} from '@eventcore/testing';
import { createTally, runCommands } from '@eventcore/testing/generators';
import * as v from 'valibot';

const Money = v.pipe(v.number(), v.integer(), v.minValue(1), v.brand('Money'));
type Money = v.InferOutput<typeof Money>;

const Account = defineStream('account', {
  events: {
    AccountOpened: v.object({ owner: v.string() }),
    MoneyDeposited: v.object({ amount: Money }),
    MoneyWithdrawn: v.object({ amount: Money }),
    AccountClosed: v.object({}),
  },
  state: () => ({ open: false, balance: 0 }),
  fold: {
    AccountOpened: (state) => ({ ...state, open: true }),
    MoneyDeposited: (state, { amount }) => ({ ...state, balance: state.balance + amount }),
    MoneyWithdrawn: (state, { amount }) => ({ ...state, balance: state.balance - amount }),
    AccountClosed: (state) => ({ ...state, open: false }),
  },
});

/** What the bank has decided for all accounts: only read, most of the time. */
const Policy = defineStream('policy', {
  events: { LimitSet: v.object({ limit: v.number() }) },
  state: () => ({ limit: 0 }),
  fold: { LimitSet: (_, { limit }) => ({ limit }) },
});

/** Names further streams: the accounts of its members. */
const Household = defineStream('household', {
  events: { MemberJoined: v.object({ account: v.string() }) },
  state: () => ({ members: [] as readonly string[] }),
  fold: { MemberJoined: ({ members }, { account }) => ({ members: [...members, account] }) },
});

/** Written without having been read. */
const Audit = defineStream('audit', {
  events: { Noted: v.object({ text: v.string() }) },
  state: () => ({}),
  fold: {},
});

const Counter = defineStream('counter', {
  events: { Counted: v.object({ by: v.number() }) },
  state: () => ({ total: 0 }),
  fold: { Counted: ({ total }, { by }) => ({ total: total + by }) },
});

@Command()
class TransferMoney extends CommandLogic<TransferMoney> {
  @Stream(Account) readonly from!: StreamOf<typeof Account>;
  @Stream(Account) readonly to!: StreamOf<typeof Account>;
  @Input(Money) readonly amount!: Money;

  handle({ state, emit }: Context<TransferMoney>) {
    ensure(state.to.open, 'the receiving account is not open');
    ensure(state.from.balance >= this.amount, 'insufficient funds');
    emit('from', 'MoneyWithdrawn', { amount: this.amount });
    emit('to', 'MoneyDeposited', { amount: this.amount });
  }
}

@Command()
class OpenAccount extends CommandLogic<OpenAccount> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Input(v.string()) readonly owner!: string;

  handle({ state, emit }: Context<OpenAccount>) {
    ensure(!state.account.open, 'the account is open already');
    emit('account', 'AccountOpened', { owner: this.owner });
  }
}

const store = createMemoryStore();
