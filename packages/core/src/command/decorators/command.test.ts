import { describe, expect, it } from '@jest/globals';
import { Account, TransferMoney } from '../../bank.fixture.js';
import { raised } from '../../raised.fixture.js';
import { defineStream, type StreamOf } from '../../stream/define-stream.js';
import { definitionOf } from '../command-definition.js';
import { finishedDefinition } from '../compiled-command.js';
import { CommandLogic } from '../command-logic.js';
import type { Context } from '../context.js';
import { Command } from './command.js';
import { untyped } from './dialect.fixture.js';
import { Input } from './input.js';
import { Discovers, Reads, Stream } from './streams.js';

// What follows is JavaScript to the decorators: most of it is a compile error in TypeScript, and has to be found all the same.
const LooseCommand = (...options: Parameters<typeof Command>) => untyped(Command(...options));
const anAccount = () => untyped(Stream(Account));
const messageOf = (define: () => unknown): string => {
  const error = raised(define);
  expect(error.code).toBe('DEFINITION');
  return error.message;
};

describe('the name of a command', () => {
  it("is the class's, unless one is given", () => {
    @Command()
    class Touch extends CommandLogic<Touch> {
      @Stream(Account) readonly account!: StreamOf<typeof Account>;
      handle(_: Context<Touch>) {}
    }
    expect(definitionOf(Touch).name).toBe('Touch');
  });

  it('is what @Command is given, as a text or among its options', () => {
    @Command('TouchAccount')
    class Touch extends CommandLogic<Touch> {
      @Stream(Account) readonly account!: StreamOf<typeof Account>;
      handle(_: Context<Touch>) {}
    }
    @Command({ name: 'TouchAccount' })
    class Touch2 extends CommandLogic<Touch2> {
      @Stream(Account) readonly account!: StreamOf<typeof Account>;
      handle(_: Context<Touch2>) {}
    }
    expect([definitionOf(Touch).name, definitionOf(Touch2).name]).toEqual(['TouchAccount', 'TouchAccount']);
    expect(() => new Touch({} as never)).toThrow('TouchAccount is not valid: account');
  });

  it('has to be given where the class has none', () => {
    const [nameless] = [
      class extends CommandLogic<unknown> {
        handle() {}
      },
    ];
    expect(messageOf(() => Command()(nameless as never))).toBe(
      'A command needs a name: name the class, or give one with @Command({ name }).',
    );
    expect(messageOf(() => LooseCommand('')(class Named {}))).toMatch(/^A command needs a name/);
  });
});

describe('the options of @Command', () => {
  it('are kept in the definition', () => {
    const retry = { attempts: 3, delay: () => 0 };
    @Command({ retry, detail: 'full' })
    class Touch extends CommandLogic<Touch> {
      @Stream(Account) readonly account!: StreamOf<typeof Account>;
      initialState() {
        return 0 as number;
      }
      apply(state: number) {
        return state;
      }
      handle(_: Context<Touch>) {}
    }
    expect(finishedDefinition(Touch)).toMatchObject({ retry, detail: 'full', customState: true });
  });
});

describe('a class that cannot be a command', () => {
  it('does not extend CommandLogic', () => {
    expect(
      messageOf(() => {
        @LooseCommand()
        class Plain {
          handle() {}
        }
        return Plain;
      }),
    ).toBe('Plain must extend CommandLogic<Plain>.');
  });

  it('declares no stream', () => {
    expect(
      messageOf(() => {
        @LooseCommand()
        class Blind extends CommandLogic<Blind> {
          handle() {}
        }
        return Blind;
      }),
    ).toBe('Blind declares no stream. Decorate a field with @Stream(Account).');
  });

  it('uses two stream types of one name', () => {
    const Other = defineStream('account', { events: {}, state: () => ({}), fold: {} });
    expect(
      messageOf(() => {
        @Command()
        class Mixed extends CommandLogic<Mixed> {
          @Stream(Account) readonly from!: StreamOf<typeof Account>;
          @Stream(Other) readonly to!: StreamOf<typeof Other>;
          handle(_: Context<Mixed>) {}
        }
        return Mixed;
      }),
    ).toBe('Mixed uses two stream types that are both named "account". One stream type, one defineStream.');
  });

  it('has two decorators on one field', () => {
    expect(
      messageOf(() => {
        @LooseCommand()
        class Twice extends CommandLogic<Twice> {
          @anAccount() @untyped(Reads(Account)) readonly account!: unknown;
          handle() {}
        }
        return Twice;
      }),
    ).toBe('Twice.account is declared twice. One decorator a field is enough.');
  });

  it('has a field that a method of commands is named for', () => {
    expect(
      messageOf(() => {
        @LooseCommand()
        class Odd extends CommandLogic<Odd> {
          @anAccount() readonly apply!: unknown;
          handle() {}
        }
        return Odd;
      }),
    ).toBe('Odd: "apply" can\'t name a field of a command.');
  });

  it('has no handle', () => {
    expect(
      messageOf(() => {
        @LooseCommand()
        class Idle extends (CommandLogic as unknown as new () => object) {
          @anAccount() readonly account!: unknown;
        }
        return Idle;
      }),
    ).toBe('Idle has no handle(context). It is where a command decides.');
  });

  it('has apply without initialState, or the other way round', () => {
    expect(
      messageOf(() => {
        @LooseCommand()
        class Half extends CommandLogic<Half> {
          @anAccount() readonly account!: unknown;
          apply(state: unknown) {
            return state;
          }
          handle() {}
        }
        return Half;
      }),
    ).toBe('Half has apply and no initialState. They come together.');
    expect(
      messageOf(() => {
        @LooseCommand()
        class Half extends CommandLogic<Half> {
          @anAccount() readonly account!: unknown;
          initialState() {
            return 0;
          }
          handle() {}
        }
        return Half;
      }),
    ).toBe('Half has initialState and no apply. They come together.');
  });

  it('asks for whole records that it would not see', () => {
    expect(
      messageOf(() => {
        @LooseCommand({ detail: 'full' })
        class Full extends CommandLogic<Full> {
          @anAccount() readonly account!: unknown;
          handle() {}
        }
        return Full;
      }),
    ).toMatch(/^Full asks for whole records, which only its own apply would see/);
  });

  it('discovers without a field, or has such a field and no discover', () => {
    expect(
      messageOf(() => {
        @LooseCommand()
        class Seeking extends CommandLogic<Seeking> {
          @anAccount() readonly account!: unknown;
          discover() {
            return {};
          }
          handle() {}
        }
        return Seeking;
      }),
    ).toBe('Seeking has discover(state), and no field that it could fill: add one with @Discovers(StreamType).');
    expect(
      messageOf(() => {
        @LooseCommand()
        class Blank extends CommandLogic<Blank> {
          @untyped(Discovers(Account)) readonly found!: unknown;
          handle() {}
        }
        return Blank;
      }),
    ).toBe('Blank discovers streams and has no discover(state), which gives their keys.');
  });

  it('extends a command', () => {
    expect(
      messageOf(() => {
        @LooseCommand()
        class Sub extends TransferMoney {}
        return Sub;
      }),
    ).toBe('Sub extends the command TransferMoney. Commands form no inheritance hierarchy: extend CommandLogic<Sub>.');
  });

  it('extends a command through a class in between', () => {
    expect(
      messageOf(() => {
        class Between extends TransferMoney {}
        @LooseCommand()
        class Sub extends Between {
          @anAccount() readonly extra!: unknown;
        }
        return Sub;
      }),
    ).toMatch(/^Sub extends the command TransferMoney\./);
  });
});

describe('@Command where it does not belong', () => {
  it('is refused on what is no class', () => {
    expect(messageOf(() => LooseCommand()({}, 'member', { value: () => 1 }))).toBe('@Command goes on a class.');
    expect(messageOf(() => LooseCommand()(() => undefined, { kind: 'method', name: 'member' }))).toBe(
      '@Command goes on a class, not on a method.',
    );
    expect(messageOf(() => LooseCommand()(undefined, { kind: 'field', name: 'member' }))).toMatch(
      /^@Command goes on a class/,
    );
  });

  it.each([
    ['@Stream', Stream, '@Stream(StreamType)'],
    ['@Reads', Reads, '@Reads(StreamType)'],
    ['@Input', Input, '@Input(schema)'],
  ])('says so when the parentheses of %s are missing', (decorator, bare, example) => {
    expect(
      messageOf(() => {
        class Bare extends CommandLogic<Bare> {
          @untyped(bare) readonly account!: unknown;
          handle() {}
        }
        return Bare;
      }),
    ).toBe(`${decorator} needs its parentheses: write ${example}.`);
  });

  it('says so when its parentheses are missing', () => {
    expect(
      messageOf(() => {
        @untyped(Command)
        class Touch extends CommandLogic<Touch> {
          @anAccount() readonly account!: unknown;
          handle() {}
        }
        return new Touch({} as never);
      }),
    ).toContain('@Command()');
  });

  it('says what to set where a compiler gives standard decorators no metadata', () => {
    expect(
      messageOf(() =>
        LooseCommand()(
          class extends CommandLogic<unknown> {
            handle() {}
          },
          { kind: 'class' },
        ),
      ),
    ).toMatch(/^@Command: this compiler gives its decorators no metadata\./);
  });
});
