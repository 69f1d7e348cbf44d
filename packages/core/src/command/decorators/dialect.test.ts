import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { Account, Audit, Policy } from '../../bank.fixture.js';
import { raised } from '../../raised.fixture.js';
import type { StreamOf } from '../../stream/define-stream.js';
import { definitionOf } from '../command-definition.js';
import { CommandLogic } from '../command-logic.js';
import type { Context } from '../context.js';
import { Command } from './command.js';
import { dialect, untyped } from './dialect.fixture.js';
import { Input } from './input.js';
import { Appends, Discovers, Reads, Stream, Streams } from './streams.js';

type AnyDecorator = ReturnType<typeof untyped>;
/** Each of them makes a new decorator, without its types. */
const decorators: [string, () => AnyDecorator][] = [
  ['@Stream', () => untyped(Stream(Account))],
  ['@Reads', () => untyped(Reads(Policy))],
  ['@Appends', () => untyped(Appends(Audit))],
  ['@Streams', () => untyped(Streams(Account))],
  ['@Discovers', () => untyped(Discovers(Account))],
  ['@Input', () => untyped(Input(v.string()))],
];
const symbol = Symbol('member');

describe.each(decorators)('%s where it does not belong', (name, decorator) => {
  it.each<[string, string, RegExp, () => unknown]>([
    [
      'a method',
      'member',
      /a field, not a method( or an accessor)?/,
      () => {
        class Tried extends CommandLogic<unknown> {
          @decorator() member() {}
          handle() {}
        }
        return Tried;
      },
    ],
    [
      'a getter',
      'member',
      /a field, not a (getter|method or an accessor)/,
      () => {
        class Tried extends CommandLogic<unknown> {
          @decorator() get member() {
            return 1;
          }
          handle() {}
        }
        return Tried;
      },
    ],
    [
      'a setter',
      'member',
      /a field, not a (setter|method or an accessor)/,
      () => {
        class Tried extends CommandLogic<unknown> {
          @decorator() set member(_: number) {}
          handle() {}
        }
        return Tried;
      },
    ],
    [
      'a static field',
      'member',
      /a (public )?field of an object, not on a static one/,
      () => {
        class Tried extends CommandLogic<unknown> {
          @decorator() static member = 1;
          handle() {}
        }
        return Tried;
      },
    ],
    [
      'a static method',
      'member',
      /a field(, not a method| of an object, not on a static one)/,
      () => {
        class Tried extends CommandLogic<unknown> {
          @decorator() static member() {}
          handle() {}
        }
        return Tried;
      },
    ],
    [
      'a member named by a symbol',
      'Symbol(member)',
      /a field with a name, not a symbol/,
      () => {
        class Tried extends CommandLogic<unknown> {
          @decorator() [symbol] = 1;
          handle() {}
        }
        return Tried;
      },
    ],
  ])('is refused when the class is defined: on %s', (_, member, where, define) => {
    const error = raised(define);
    expect(error.code).toBe('DEFINITION');
    expect(error.message).toMatch(
      new RegExp(`^${name} on "${member.replace(/[()]/g, '\\$&')}" goes on ${where.source}\\.$`),
    );
  });
});

/** As a compiler of standard decorators calls one, for what not every compiler accepts. */
const applyStandard = (decorator: unknown, context: object): unknown =>
  (decorator as AnyDecorator)(undefined, {
    kind: 'field',
    name: 'member',
    static: false,
    private: false,
    metadata: {},
    addInitializer: () => undefined,
    ...context,
  });

describe.each(decorators)('%s, called as compilers do it', (name, decorator) => {
  it('is refused on a private field', () => {
    expect(raised(() => applyStandard(decorator(), { name: '#member', private: true })).message).toBe(
      `${name} on "#member" goes on a public field of an object, not on a private one.`,
    );
  });

  it.each(['accessor', 'getter', 'setter', 'method', 'class'])('is refused on a standard %s', (kind) => {
    expect(raised(() => applyStandard(decorator(), { kind })).message).toMatch(
      new RegExp(`^${name} on "member" goes on a field, not an? ${kind}\\.$`),
    );
  });

  it('says what to set where a compiler gives standard decorators no metadata', () => {
    const error = raised(() => applyStandard(decorator(), { metadata: undefined }));
    expect(error.code).toBe('DEFINITION');
    expect(error.message).toMatch(
      new RegExp(
        `^${name}: this compiler gives its decorators no metadata\\. Under swc, set jsc\\.transform\\.decoratorVersion to "2023-11"`,
      ),
    );
  });

  it('is refused in the legacy dialect on methods, accessors, static members and symbols', () => {
    const prototype = class {}.prototype;
    const legacy = (target: unknown, key: unknown, descriptor?: unknown) => () => decorator()(target, key, descriptor);
    const onMethod = `${name} on "member" goes on a field, not a method or an accessor.`;
    expect(raised(legacy(prototype, 'member', { value: () => 1 })).message).toBe(onMethod);
    expect(raised(legacy(prototype, 'member', { get: () => 1 })).message).toBe(onMethod);
    expect(raised(legacy(prototype, 'member', { set: () => undefined })).message).toBe(onMethod);
    expect(raised(legacy(class {}, 'member')).message).toBe(
      `${name} on "member" goes on a field of an object, not on a static one.`,
    );
    expect(raised(legacy(prototype, symbol)).message).toBe(
      `${name} on "Symbol(member)" goes on a field with a name, not a symbol.`,
    );
    expect(raised(legacy(undefined, 'member')).message).toBe(`${name} on "member" goes on a field.`);
  });

  it.each([undefined, { initializer: () => 1 }, { value: undefined, writable: true }])(
    'takes what legacy compilers pass along with a field: %p',
    (descriptor) => {
      expect(decorator()(class {}.prototype, 'member', descriptor)).toBeUndefined();
    },
  );
});

describe('what decorators have noted', () => {
  it('is kept in the order of the fields', () => {
    @Command()
    class Ordered extends CommandLogic<Ordered> {
      @Input(v.string()) readonly z!: string;
      @Stream(Account) readonly m!: StreamOf<typeof Account>;
      @Input(v.string()) readonly a!: string;
      handle(_: Context<Ordered>) {}
    }
    expect(definitionOf(Ordered).fields.map(({ name }) => name)).toEqual(['z', 'm', 'a']);
  });

  it('belongs to one class: nothing leaks between a parent, its child and their siblings', () => {
    class Parent extends CommandLogic<unknown> {
      @untyped(Input(v.string())) readonly inParent!: string;
      handle() {}
    }
    @untyped(Command('First'))
    class First extends Parent {
      @untyped(Stream(Account)) readonly inFirst!: unknown;
    }
    @untyped(Command('Second'))
    class Second extends Parent {
      @untyped(Stream(Account)) readonly inSecond!: unknown;
    }
    const fields = (commandClass: object) => definitionOf(commandClass).fields.map(({ name }) => name);
    expect([fields(First), fields(Second)]).toEqual([['inFirst'], ['inSecond']]);
    expect(() => definitionOf(Parent)).toThrow('Parent is not a command');
  });
});

describe('the two dialects', () => {
  it('have a place for metadata, under the name by which compilers look for it', () => {
    expect((Symbol as { metadata?: symbol }).metadata).toBe(Symbol.for('Symbol.metadata'));
  });

  it('differ in whether @Command puts another class in place of the decorated one', () => {
    let before: unknown;
    const remember = (target: unknown): void => {
      before = target;
    };
    @Command()
    @remember
    class Tried extends CommandLogic<Tried> {
      @Stream(Account) readonly account!: StreamOf<typeof Account>;
      handle(_: Context<Tried>) {}
    }
    expect(before === Tried).toBe(dialect === 'standard');
    expect(Tried.name).toBe('Tried');
  });
});
