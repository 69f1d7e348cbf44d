/** The decorators that declare streams. */
import type { StreamType } from '../../stream/define-stream.js';
import type { AppendRef, DiscoveredStreams, ReadRef, StreamRef } from '../../stream/stream-reference.js';
import type { StreamOptions, StreamRole } from '../compiled-command.js';
import { partsOf } from '../command-logic.js';
import { settleFields } from '../settle.js';
import { fieldDecorator, refuseBare } from './dialect.js';
import type { StreamDecorator } from './verdicts.js';

/**
 * A stream that the command reads and may write.
 *
 * @example
 * ```ts
 * @Command()
 * class CloseAccount extends CommandLogic<CloseAccount> {
 *   @Stream(Account) readonly account!: StreamOf<typeof Account>;
 *   @Stream(Account, { optional: true }) readonly heir?: StreamOf<typeof Account>;
 *
 *   handle({ state, emit }: Context<CloseAccount>) {
 *     ensure(state.account.balance === 0 || state.heir?.open, 'somebody has to get what is left');
 *   }
 * }
 * ```
 */
export function Stream<N extends string, E, S, Optional extends boolean = false>(
  type: StreamType<N, E, S>,
  options?: OptionsOf<Optional>,
): StreamDecorator<StreamRef<N, E, S>, Optional, `declare the field as StreamOf<typeof …> of stream type '${N}'`> {
  return streamDecorator('@Stream', 'stream', type, options);
}

/**
 * A stream that the command only reads. Its version is checked all the same: the decision rests on it.
 *
 * @example
 * ```ts
 * @Command()
 * class Deposit extends CommandLogic<Deposit> {
 *   @Reads(Policy) readonly policy!: ReadOf<typeof Policy>;
 *   @Stream(Account) readonly account!: StreamOf<typeof Account>;
 *
 *   handle({ state, emit }: Context<Deposit>) {
 *     ensure(state.account.balance < state.policy.limit, 'the limit is reached');
 *   }
 * }
 * ```
 */
export function Reads<N extends string, E, S, Optional extends boolean = false>(
  type: StreamType<N, E, S>,
  options?: OptionsOf<Optional>,
): StreamDecorator<ReadRef<N, E, S>, Optional, `declare the field as ReadOf<typeof …> of stream type '${N}'`> {
  return streamDecorator('@Reads', 'read', type, options);
}

/**
 * A stream that is written without having been read: nothing is expected of it, so it never conflicts.
 *
 * @example
 * ```ts
 * @Command()
 * class Note extends CommandLogic<Note> {
 *   @Appends(Audit) readonly audit!: AppendOf<typeof Audit>;
 *   @Input(v.string()) readonly text!: string;
 *
 *   handle({ emit }: Context<Note>) {
 *     emit('audit', 'Noted', { text: this.text });
 *   }
 * }
 * ```
 */
export function Appends<N extends string, E, S, Optional extends boolean = false>(
  type: StreamType<N, E, S>,
  options?: OptionsOf<Optional>,
): StreamDecorator<AppendRef<N, E, S>, Optional, `declare the field as AppendOf<typeof …> of stream type '${N}'`> {
  return streamDecorator('@Appends', 'append', type, options);
}

/**
 * Any number of streams of one type in one field: a payroll, a cart.
 *
 * @example
 * ```ts
 * @Command()
 * class PayWages extends CommandLogic<PayWages> {
 *   @Stream(Account) readonly employer!: StreamOf<typeof Account>;
 *   @Streams(Account) readonly employees!: StreamsOf<typeof Account>;
 *   @Input(Money) readonly wage!: Money;
 *
 *   handle({ emit }: Context<PayWages>) {
 *     for (const employee of this.employees) {
 *       emit('employer', 'MoneyWithdrawn', { amount: this.wage });
 *       emit(employee, 'MoneyDeposited', { amount: this.wage });
 *     }
 *   }
 * }
 * ```
 */
export function Streams<N extends string, E, S>(
  type: StreamType<N, E, S>,
  options?: { readonly mayEqual?: boolean },
): StreamDecorator<
  readonly StreamRef<N, E, S>[],
  false,
  `declare the field as StreamsOf<typeof …> of stream type '${N}'`
> {
  return streamDecorator('@Streams', 'set', type, options);
}

/**
 * Streams that only the state of others can name: `discover(state)` gives their keys, as often as it finds new ones.
 *
 * @example
 * ```ts
 * @Command()
 * class CloseHousehold extends CommandLogic<CloseHousehold> {
 *   @Stream(Household) readonly household!: StreamOf<typeof Household>;
 *   @Discovers(Account) readonly accounts!: Discovered<typeof Account>;
 *
 *   discover(state: StateOf<CloseHousehold>) {
 *     return { accounts: state.household.members };
 *   }
 *
 *   handle({ state, emit }: Context<CloseHousehold>) {
 *     for (const [account, { open }] of state.accounts) if (open) emit(account, 'AccountClosed', {});
 *   }
 * }
 * ```
 */
export function Discovers<N extends string, E, S>(
  type: StreamType<N, E, S>,
): StreamDecorator<
  DiscoveredStreams<N, E, S>,
  false,
  `declare the field as Discovered<typeof …> of stream type '${N}'`
> {
  return streamDecorator('@Discovers', 'discovered', type);
}

/** Whether they say that the stream may be left out is kept, so that the field can be held to it. */
interface OptionsOf<Optional extends boolean> extends StreamOptions {
  readonly optional?: Optional;
}

function streamDecorator(decorator: string, role: StreamRole, type: unknown, options: StreamOptions = {}): never {
  refuseBare(decorator, `${decorator}(StreamType)`, options);
  return fieldDecorator({
    decorator,
    fact: (name) => ({ name, role, type, options }),
    initial: valueOfField,
    initialised: settleAfterLast,
  }) as never;
}

/** What the base constructor has parsed for a field. */
export function valueOfField(command: object, name: string): unknown {
  return partsOf(command)?.values[name];
}

/** Closes a command object once its last declared field has its value. */
export function settleAfterLast(command: object, name: string): void {
  const definition = partsOf(command)?.definition;
  if (definition !== undefined && definition.fields[definition.fields.length - 1]?.name === name)
    settleFields(command, definition);
}
