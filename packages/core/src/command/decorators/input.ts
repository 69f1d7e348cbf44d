/** The decorator that declares an input. */
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { InputOf, OutputOf } from '../../stream/standard-schema.js';
import { fieldDecorator, refuseBare } from './dialect.js';
import { settleAfterLast, valueOfField } from './streams.js';
import type { InputDecorator } from './verdicts.js';

/**
 * Data that the command is given, parsed by a schema when the command is made. The field has the schema's output type, and
 * the schema takes what it gives; an input whose schema has a default is declared as `WithDefault`.
 *
 * @example
 * ```ts
 * @Command()
 * class Deposit extends CommandLogic<Deposit> {
 *   @Stream(Account) readonly account!: StreamOf<typeof Account>;
 *   @Input(Money) readonly amount!: Money;
 *   @Input(v.optional(v.string(), 'cash')) readonly source!: WithDefault<string>;
 *
 *   handle({ emit }: Context<Deposit>) {
 *     emit('account', 'MoneyDeposited', { amount: this.amount });
 *   }
 * }
 *
 * new Deposit({ account: 'alice', amount: 60 });
 * ```
 */
export function Input<Schema extends StandardSchemaV1>(
  schema: Schema,
): InputDecorator<InputOf<Schema>, OutputOf<Schema>>;
export function Input(schema: unknown, context?: unknown): unknown {
  refuseBare('@Input', '@Input(schema)', context);
  return fieldDecorator({
    decorator: '@Input',
    fact: (name) => ({ name, role: 'input', schema }),
    initial: valueOfField,
    initialised: settleAfterLast,
  });
}
