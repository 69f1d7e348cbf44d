import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { Account, Money } from '../../bank.fixture.js';
import { issuesOf, raised } from '../../raised.fixture.js';
import type { StreamOf } from '../../stream/define-stream.js';
import { CommandLogic } from '../command-logic.js';
import type { Context } from '../context.js';
import { Command } from './command.js';
import { untyped } from './dialect.fixture.js';
import { Input } from './input.js';
import { Stream } from './streams.js';

@Command()
class Pay extends CommandLogic<Pay> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Input(Money) readonly amount!: Money;
  @Input(v.optional(v.string(), 'cash')) readonly source?: string;
  @Input(v.array(v.object({ text: v.string() }))) readonly notes!: readonly { readonly text: string }[];
  @Input(v.nullable(v.string())) readonly memo!: string | null;
  handle(_: Context<Pay>) {}
}
const given = { account: 'a', amount: 60, notes: [], memo: null };

describe('an input', () => {
  it('is parsed when the command is made', () => {
    expect(new Pay({ ...given, notes: [{ text: 'a' }] })).toMatchObject({
      amount: 60,
      source: 'cash',
      notes: [{ text: 'a' }],
      memo: null,
    });
  });

  it('is refused with the path to what is wrong, together with all others', () => {
    const wrong = { ...given, amount: 0, notes: [{ text: 'a' }, { text: 5 }], memo: undefined };
    expect(issuesOf(() => new Pay(wrong as never)).map(({ path }) => path)).toEqual([
      ['amount'],
      ['notes', 1, 'text'],
      ['memo'],
    ]);
  });

  it('is frozen at every depth, and apart from what was given', () => {
    const notes = [{ text: 'a' }];
    const command = new Pay({ ...given, notes });
    notes[0]!.text = 'b';
    expect(command.notes).toEqual([{ text: 'a' }]);
    expect(Object.isFrozen(command.notes) && Object.isFrozen(command.notes[0])).toBe(true);
  });

  it.each([undefined, null, {}, String])('needs a schema, and not %p', (schema) => {
    const error = raised(() => {
      @Command()
      class Tried extends CommandLogic<Tried> {
        @Stream(Account) readonly account!: StreamOf<typeof Account>;
        @untyped(Input(schema as never)) readonly amount!: number;
        handle(_: Context<Tried>) {}
      }
      return Tried;
    });
    expect(error.code).toBe('DEFINITION');
    expect(error.message).toBe(
      "Tried.amount needs a schema of a library that implements Standard Schema, such as valibot's v.object({ … }).",
    );
  });
});
