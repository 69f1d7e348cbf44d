/** Inputs whose schema has a default: what tells the compiler that they may be left out, and are always there. */

/**
 * The type of an input that always has a value, and may be left out when the command is made, since its schema has a default.
 * A plain value passes for one, and it passes for a plain value.
 *
 * @example
 * ```ts
 * @Command()
 * class Deposit extends CommandLogic<Deposit> {
 *   @Stream(Account) readonly account!: StreamOf<typeof Account>;
 *   @Input(Money) readonly amount!: Money;
 *   @Input(v.optional(v.picklist(['cash', 'cheque']), 'cash')) readonly by!: WithDefault<'cash' | 'cheque'>;
 *
 *   handle({ emit }: Context<Deposit>) {
 *     ensure(this.by === 'cash' || this.amount > 100, 'a cheque is not worth the trouble');
 *     emit('account', 'MoneyDeposited', { amount: this.amount });
 *   }
 * }
 *
 * new Deposit({ account: 'alice', amount: 60 });
 * ```
 */
export type WithDefault<T> = (T & Defaulted<T>) | Extract<T, null>;

declare const given: unique symbol;

/** What marks the type. It is never there, so any value of the type passes. (Null can't be marked, and stands beside it.) */
export interface Defaulted<T> {
  readonly [given]?: T;
}

/** Whether a field's type is marked. Any symbol is a key of `any` and of `never`. */
export type HasDefault<Field> = symbol extends keyof Field
  ? false
  : typeof given extends keyof NonNullable<Field>
    ? true
    : false;

/** The type without its mark. */
export type Unmarked<Field> = NonNullable<Field> extends Defaulted<infer T> ? T : never;
