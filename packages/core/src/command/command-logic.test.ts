import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { Account, Audit, Money, Policy, TransferMoney } from '../bank.fixture.js';
import { execute } from '../execute/execute.js';
import { FakeRuntime, FakeStore } from '../execute/fake-store.fixture.js';
import { raised } from '../raised.fixture.js';
import type { AppendOf, Discovered, ReadOf, StreamOf, StreamsOf } from '../stream/define-stream.js';
import { definitionOf } from './command-definition.js';
import { CommandLogic, partsOf } from './command-logic.js';
import type { Context } from './context.js';
import { Command } from './decorators/command.js';
import { dialect } from './decorators/dialect.fixture.js';
import { Input } from './decorators/input.js';
import { Appends, Discovers, Reads, Stream, Streams } from './decorators/streams.js';
import type { PropertiesOf } from './properties.js';

const given = { from: 'alice', to: 'bob', amount: 60 };
const run = (command: Parameters<typeof execute>[0]) =>
  execute(command, new FakeStore(), { runtime: new FakeRuntime() });

describe('a command object', () => {
  it('has its fields, although fields of a class erase what a base constructor has assigned', () => {
    const command = new TransferMoney({ ...given, to: Account.at('bob') });
    expect(command).toBeInstanceOf(TransferMoney);
    expect(command).toBeInstanceOf(CommandLogic);
    expect(Object.entries(command)).toEqual([
      ['from', Account.at('alice')],
      ['to', Account.at('bob')],
      ['amount', 60],
    ]);
  });

  it('shows what it is in logs, and as JSON', () => {
    expect(JSON.stringify(new TransferMoney(given))).toBe(
      '{"from":{"id":"account-alice","key":"alice"},"to":{"id":"account-bob","key":"bob"},"amount":60}',
    );
    expect(new TransferMoney(given).constructor.name).toBe('TransferMoney');
  });

  it('has fields of every role', () => {
    @Command()
    class Everything extends CommandLogic<Everything> {
      @Stream(Account) readonly account!: StreamOf<typeof Account>;
      @Stream(Account, { optional: true }) readonly heir?: StreamOf<typeof Account>;
      @Reads(Policy) readonly policy!: ReadOf<typeof Policy>;
      @Appends(Audit) readonly audit!: AppendOf<typeof Audit>;
      @Streams(Account) readonly payees!: StreamsOf<typeof Account>;
      @Discovers(Account) readonly found!: Discovered<typeof Account>;
      @Input(v.optional(v.string(), 'cash')) readonly source?: string;

      discover() {
        return { found: [] };
      }
      handle(_: Context<Everything>) {}
    }
    const command = new Everything({ account: 'a', policy: Policy.at('p'), audit: 'x', payees: ['b', 'c'] });
    expect({ ...command }).toEqual({
      account: Account.at('a'),
      heir: undefined,
      policy: Policy.at('p'),
      audit: Audit.at('x'),
      payees: [Account.at('b'), Account.at('c')],
      found: undefined,
      source: 'cash',
    });
  });

  it('refuses assignments to what it declares, from the moment it exists', () => {
    const command = new TransferMoney(given);
    expect(() => {
      (command as { amount: number }).amount = 1;
    }).toThrow(TypeError);
    expect(() => {
      (command as { from: unknown }).from = Account.at('mallory');
    }).toThrow(TypeError);
    expect(() => {
      delete (command as { amount?: number }).amount;
    }).toThrow(TypeError);
    expect(() => Object.defineProperty(command, 'amount', { value: 1 })).toThrow(TypeError);
    expect(command.amount).toBe(60);
  });

  it('holds its values apart from its fields: nothing done to the object changes what is executed', async () => {
    const command = new TransferMoney(given);
    await run(command).catch(() => undefined);
    expect(partsOf(command)?.values).toEqual({ from: Account.at('alice'), to: Account.at('bob'), amount: 60 });
    expect(Object.isFrozen(partsOf(command)?.values)).toBe(true);
  });

  it('may derive values from others by methods and getters', () => {
    @Command()
    class Derived extends CommandLogic<Derived> {
      @Stream(Account) readonly account!: StreamOf<typeof Account>;
      @Input(Money) readonly amount!: Money;

      doubled(): number {
        return this.amount * 2;
      }
      get tripled(): number {
        return this.amount * 3;
      }
      handle(_: Context<Derived>) {}
    }
    const command = new Derived({ account: 'a', amount: 2 } as never);
    expect([command.doubled(), command.tripled]).toEqual([4, 6]);
    expect(definitionOf(Derived).fields.map(({ name }) => name)).toEqual(['account', 'amount']);
  });

  it('may have private fields and methods', async () => {
    @Command()
    class Secretive extends CommandLogic<Secretive> {
      readonly #before = 'before';
      @Stream(Account) readonly account!: StreamOf<typeof Account>;
      @Input(Money) readonly amount!: Money;
      readonly #after = 'after';
      #calls = 0;

      #count(): number {
        return (this.#calls += 1);
      }
      tell(): string {
        return `${this.#before} ${this.#after} ${this.#count()}`;
      }
      handle(_: Context<Secretive>) {
        this.#count();
      }
    }
    for (let round = 0; round < 2; round++) {
      const command = new Secretive({ account: 'a', amount: 1 });
      await run(command);
      expect(command.tell()).toBe('before after 2');
      expect(Object.isFrozen(command)).toBe(true);
    }
  });

  it('may have a constructor of its own', () => {
    @Command()
    class Dollars extends CommandLogic<Dollars> {
      @Stream(Account) readonly account!: StreamOf<typeof Account>;
      @Input(Money) readonly cents!: Money;

      constructor(account: string, dollars: number) {
        super({ account, cents: dollars * 100 } satisfies PropertiesOf<Dollars>);
      }
      handle(_: Context<Dollars>) {}
    }
    const command = new Dollars('a', 5);
    expect({ ...command }).toEqual({ account: Account.at('a'), cents: 500 });
    expect(() => new Dollars('a', 0)).toThrow('Dollars is not valid: cents');
  });

  it('may be made by static methods, by new this', () => {
    @Command()
    class Withdraw extends CommandLogic<Withdraw> {
      static readonly limit = 100;
      static all(account: string): Withdraw {
        return new this({ account, amount: this.limit });
      }
      @Stream(Account) readonly account!: StreamOf<typeof Account>;
      @Input(Money) readonly amount!: Money;
      handle(_: Context<Withdraw>) {}
    }
    expect(Withdraw.all('a')).toBeInstanceOf(Withdraw);
    expect(Withdraw.all('a').amount).toBe(100);
    expect(Withdraw.limit).toBe(100);
  });

  it('may be made by its own name too, unless the compiler takes that for the class before @Command', () => {
    @Command()
    class Withdraw extends CommandLogic<Withdraw> {
      static all(account: string): Withdraw {
        return new Withdraw({ account, amount: 100 });
      }
      @Stream(Account) readonly account!: StreamOf<typeof Account>;
      @Input(Money) readonly amount!: Money;
      handle(_: Context<Withdraw>) {}
    }
    if (dialect === 'standard') {
      expect(Withdraw.all('a').amount).toBe(100);
    } else {
      const error = raised(() => Withdraw.all('a'));
      expect(error.code).toBe('DEFINITION');
      expect(error.message).toBe(
        'Inside the body of Withdraw, its name still means the class before @Command: with legacy decorators, this compiler ' +
          "doesn't rename it. Write new this({ … }) in static methods, or use standard decorators.",
      );
    }
  });

  it('may extend a class that shares methods, but no fields', async () => {
    abstract class Logged<Self> extends CommandLogic<Self> {
      describe(): string {
        return `a ${this.constructor.name}`;
      }
    }
    @Command()
    class Touch extends Logged<Touch> {
      @Stream(Account) readonly account!: StreamOf<typeof Account>;
      handle(_: Context<Touch>) {}
    }
    expect(new Touch({ account: 'a' }).describe()).toBe('a Touch');
    await expect(run(new Touch({ account: 'a' }))).resolves.toMatchObject({ events: [] });
  });
});

describe('a class that is no finished command', () => {
  it('is refused when it is constructed, with what to add', () => {
    class Deposit extends CommandLogic<Deposit> {
      @Stream(Account) readonly account!: StreamOf<typeof Account>;
      handle(_: Context<Deposit>) {}
    }
    const error = raised(() => new Deposit({ account: 'a' }));
    expect(error.code).toBe('DEFINITION');
    expect(error.message).toBe(
      'Deposit has no @Command(). Decorate the class: @Command() class Deposit extends CommandLogic<Deposit>.',
    );
    expect(() => definitionOf(Deposit)).toThrow('Deposit is not a command');
  });

  it('is a subclass of a command', () => {
    class Sub extends TransferMoney {}
    const error = raised(() => new Sub(given));
    expect(error.code).toBe('DEFINITION');
    expect(error.message).toBe(
      'Sub extends the command TransferMoney. Commands form no inheritance hierarchy: extend CommandLogic<Sub>, and share code by functions.',
    );
    expect(() => definitionOf(Sub)).toThrow('Sub is not a command');
    expect(() => new TransferMoney(given)).not.toThrow();
  });

  it('is CommandLogic itself', () => {
    expect(raised(() => new (CommandLogic as unknown as new (properties: object) => object)({})).message).toMatch(
      /^CommandLogic has no @Command\(\)/,
    );
  });
});

describe('the parts of a command object', () => {
  it.each([
    undefined,
    null,
    5,
    {},
    TransferMoney,
    Object.create(TransferMoney.prototype),
    { ...new TransferMoney(given) },
  ])('are there for nothing else: %p', (value) => {
    expect(partsOf(value)).toBeUndefined();
  });
});
