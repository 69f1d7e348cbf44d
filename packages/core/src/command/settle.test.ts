import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { Account, TransferMoney } from '../bank.fixture.js';
import { execute } from '../execute/execute.js';
import { FakeRuntime, FakeStore } from '../execute/fake-store.fixture.js';
import type { StreamOf } from '../stream/define-stream.js';
import { CommandLogic } from './command-logic.js';
import type { Context } from './context.js';
import { Command } from './decorators/command.js';
import { dialect } from './decorators/dialect.fixture.js';
import { Input } from './decorators/input.js';
import { Stream } from './decorators/streams.js';

const run = (command: Parameters<typeof execute>[0]) =>
  execute(command, new FakeStore(), { runtime: new FakeRuntime() });
/** Makes a command object and executes it: the way by the end of which every mistake of a class is found. */
const makeAndRun = async (make: () => Parameters<typeof execute>[0]) => run(make());

const advice = (field: string) =>
  `${field} has no decorator. Add @Input(schema) for data or @Stream(StreamType) for a stream; a value that is derived from others is a method.`;

// Fields without a decorator are required properties to the compiler; these classes are constructed as in JavaScript.
const loosely = <T>(commandClass: new (properties: never) => T): ((properties: object) => T) => {
  return (properties) => new commandClass(properties as never);
};

describe('a field without its decorator', () => {
  @Command()
  class Before extends CommandLogic<Before> {
    readonly memo: string = 'oops';
    @Stream(Account) readonly account!: StreamOf<typeof Account>;
    handle(_: Context<Before>) {}
  }
  @Command()
  class Between extends CommandLogic<Between> {
    @Stream(Account) readonly account!: StreamOf<typeof Account>;
    readonly memo!: string;
    @Input(v.number()) readonly amount!: number;
    handle(_: Context<Between>) {}
  }
  @Command()
  class After extends CommandLogic<After> {
    @Stream(Account) readonly account!: StreamOf<typeof Account>;
    readonly memo: string = 'oops';
    handle(_: Context<After>) {}
  }
  @Command()
  class Assigning extends CommandLogic<Assigning> {
    @Stream(Account) readonly account!: StreamOf<typeof Account>;
    constructor(properties: { readonly account: string }) {
      super(properties);
      Object.assign(this, { memo: 'oops' });
    }
    handle(_: Context<Assigning>) {}
  }

  it.each<[string, () => Parameters<typeof execute>[0]]>([
    ['Before', () => loosely(Before)({ account: 'a' })],
    ['Between', () => loosely(Between)({ account: 'a', amount: 1 })],
    ['After', () => loosely(After)({ account: 'a' })],
    ['Assigning', () => new Assigning({ account: 'a' })],
  ])('is found, at the latest by execute, again and again: %s', async (name, make) => {
    for (let round = 0; round < 2; round++) {
      await expect(makeAndRun(make)).rejects.toMatchObject({
        code: 'DEFINITION',
        message: advice(`${name}.memo`),
        context: { command: name, field: 'memo' },
      });
    }
  });

  it('is found at construction where the dialect sees the whole object then', () => {
    const make = () => loosely(After)({ account: 'a' });
    if (dialect === 'legacy') expect(make).toThrow(advice('After.memo'));
    else expect(make).not.toThrow();
  });

  it('is found in an object that somebody else has added to', async () => {
    @Command()
    class Touch extends CommandLogic<Touch> {
      @Stream(Account) readonly account!: StreamOf<typeof Account>;
      handle(_: Context<Touch>) {}
    }
    const command = new Touch({ account: 'a' });
    if (dialect === 'legacy') {
      expect(() => Object.assign(command, { memo: 'oops' })).toThrow(TypeError);
    } else {
      Object.assign(command, { memo: 'oops' });
      await expect(run(command)).rejects.toMatchObject({ message: advice('Touch.memo') });
    }
  });

  it('is a superfluous input where it is given', () => {
    expect(() => loosely(After)({ account: 'a', memo: 'rent' })).toThrow(
      'After is not valid: memo: is not declared by After. Decorate the field: @Input(schema) for data',
    );
  });
});

describe('a command object', () => {
  @Command()
  class Touch extends CommandLogic<Touch> {
    @Stream(Account) readonly account!: StreamOf<typeof Account>;
    @Input(v.number()) readonly amount!: number;
    handle(_: Context<Touch>) {}
  }

  it('is frozen as early as its dialect allows', async () => {
    const first = new Touch({ account: 'a', amount: 1 });
    expect(Object.isFrozen(first)).toBe(dialect === 'legacy');
    await run(first);
    expect(Object.isFrozen(first)).toBe(true);
    expect(Object.isFrozen(new Touch({ account: 'a', amount: 1 }))).toBe(true);
  });

  it('can be executed again, and by nobody be changed in between', async () => {
    const command = new Touch({ account: 'a', amount: 1 });
    await run(command);
    expect(() => Object.assign(command, { amount: 2 })).toThrow(TypeError);
    expect(() => Object.assign(command, { memo: 'oops' })).toThrow(TypeError);
    await expect(run(command)).resolves.toMatchObject({ attempts: 1 });
  });

  it('keeps its declared fields even before it was looked at whole', () => {
    const command = new TransferMoney({ from: 'a', to: 'b', amount: 1 });
    for (const name of ['from', 'to', 'amount']) {
      expect(Object.getOwnPropertyDescriptor(command, name)).toMatchObject({ writable: false, configurable: false });
    }
  });
});
