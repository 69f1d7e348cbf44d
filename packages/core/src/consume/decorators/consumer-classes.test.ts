import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { Account, Audit, Transfer } from '../../bank.fixture.js';
import { untyped } from '../../command/decorators/dialect.fixture.js';
import { Command } from '../../command/decorators/command.js';
import { Stream } from '../../command/decorators/streams.js';
import { CommandLogic } from '../../command/command-logic.js';
import { raised } from '../../raised.fixture.js';
import { defineStream, type EventOf, type StreamOf } from '../../stream/define-stream.js';
import { consumerOf } from '../consumer-definition.js';
import { defineProjection } from '../define-projection.js';
import { defineReaction } from '../define-reaction.js';
import { project } from '../project.js';
import { bobOpened, deposited, opened, recorded } from '../../read/recorded.fixture.js';
import { On } from './on.js';
import { Projection } from './projection.js';
import { Reaction } from './reaction.js';

@Projection('balances')
class Balances {
  readonly seen: string[] = [];

  @On(Account, 'AccountOpened')
  opened({ data }: EventOf<typeof Account, 'AccountOpened'>) {
    this.seen.push(`${data.owner} opened`);
  }

  @On(Account, 'MoneyDeposited')
  @On(Account, 'MoneyWithdrawn')
  moved({ type }: EventOf<typeof Account, 'MoneyDeposited' | 'MoneyWithdrawn'>) {
    this.seen.push(type);
  }

  @On(Audit, 'Noted')
  noted() {
    this.seen.push('noted');
  }
}

describe('a class with @Projection', () => {
  it('is what the door without decorators makes, for its class and for its objects', () => {
    const defined = defineProjection('balances')
      .on(Account, { AccountOpened: () => {}, MoneyWithdrawn: () => {}, MoneyDeposited: () => {} })
      .on(Audit, { Noted: () => {} });
    expect(consumerOf(Balances)).toEqual(consumerOf(defined));
    expect(consumerOf(new Balances())).toBe(consumerOf(Balances));
    expect(String(consumerOf(Balances))).toBe(String(defined));
  });

  it('calls the method of an event, on the object that it was given', async () => {
    const balances = new Balances();
    await project(balances, [opened, deposited, recorded(3, 'audit-x', 'Noted', { text: '' })]);
    await project(balances, [bobOpened]);
    expect(balances.seen).toEqual(['Alice opened', 'MoneyDeposited', 'noted', 'Bob opened']);
  });

  it('hands its methods what they need', async () => {
    @Projection('needing')
    class Needing {
      @On(Account, 'AccountOpened')
      opened({ data }: EventOf<typeof Account, 'AccountOpened'>, { tx }: { readonly tx: string[] }) {
        tx.push(data.owner);
      }
    }
    const tx: string[] = [];
    await project(Needing, [opened], { tx });
    expect(tx).toEqual(['Alice']);
  });

  it('is made an object of for each call that is given the class', async () => {
    const made: object[] = [];
    @Projection('made')
    class Made {
      constructor() {
        made.push(this);
      }
      @On(Account, 'AccountOpened')
      opened() {
        expect(made.at(-1)).toBe(this);
      }
    }
    await project(Made, [opened, bobOpened]);
    await project(Made, [opened]);
    expect(made).toHaveLength(2);
  });

  it('has to be given as an object where it is made with something', () => {
    @Projection('mails')
    class Mails {
      readonly #sent: string[];
      constructor(sent: string[]) {
        this.#sent = sent;
      }
      @On(Account, 'AccountOpened')
      opened({ data }: EventOf<typeof Account, 'AccountOpened'>) {
        this.#sent.push(data.owner);
      }
    }
    const sent: string[] = [];
    return expect(project(Mails, [opened]))
      .rejects.toThrow('Mails is made with something, so give an object instead of the class: new Mails(…).')
      .then(() => project(new Mails(sent), [opened]))
      .then(() => expect(sent).toEqual(['Alice']));
  });

  it('leaves nothing of a class in another one', () => {
    @Projection('one')
    class One {
      @On(Account, 'AccountOpened') opened() {}
    }
    @Projection('two')
    class Two {
      @On(Audit, 'Noted') noted() {}
    }
    expect(consumerOf(One).handles).toEqual([{ streamType: 'account', events: ['AccountOpened'] }]);
    expect(consumerOf(Two).handles).toEqual([{ streamType: 'audit', events: ['Noted'] }]);
  });
});

describe('a class with @Reaction', () => {
  it('is what the door without decorators makes', () => {
    @Reaction('notary')
    class Notary {
      @On(Account, 'AccountOpened')
      opened() {
        return new Transfer({ from: 'alice', to: 'bob', amount: 1 });
      }
    }
    expect(consumerOf(Notary)).toEqual(consumerOf(defineReaction('notary').on(Account, { AccountOpened: () => {} })));
    expect(consumerOf(Notary).kind).toBe('reaction');
  });
});

describe('a class that is no consumer', () => {
  it('has no @Projection: the message says what to add', () => {
    class Undecorated {
      @On(Account, 'AccountOpened') opened() {}
    }
    expect(() => consumerOf(Undecorated)).toThrow(
      "Undecorated is no projection, read model or reaction. Decorate its class with @Projection('name') or @Reaction('name')",
    );
    expect(() => consumerOf(new Undecorated())).toThrow(
      'This object of Undecorated is no projection, read model or reaction',
    );
  });

  it.each([undefined, null, 1, 'balances', {}, Object.create(null), Object, () => {}, [], Account])(
    '%p is none',
    (value) => {
      expect(raised(() => consumerOf(value as object)).code).toBe('DEFINITION');
    },
  );

  it('has no handler', () => {
    expect(() => {
      @Projection('empty')
      class Empty {}
      return Empty;
    }).toThrow("Empty has @Projection and no handler. Decorate a method with @On(StreamType, 'Event').");
  });

  it('extends one: its parent would be handed nothing', () => {
    class Changed extends Balances {}
    expect(() => consumerOf(Changed)).toThrow('Changed extends the projection "balances".');
    expect(() => consumerOf(new Changed())).toThrow('Consumers form no inheritance hierarchy');
  });

  it('has handlers in a parent or further up, which nobody would call', () => {
    class Grandparent {
      @On(Account, 'AccountOpened') opened() {}
    }
    class Parent extends Grandparent {}
    expect(() => {
      @Projection('child')
      class Child extends Grandparent {
        @On(Account, 'MoneyDeposited') deposited() {}
      }
      return Child;
    }).toThrow('Child has a parent with handlers');
    expect(() => {
      @Projection('grandchild')
      class Grandchild extends Parent {
        @On(Account, 'MoneyDeposited') deposited() {}
      }
      return Grandchild;
    }).toThrow('Grandchild has a parent with handlers');
  });

  it('may well have a parent without handlers', () => {
    class Parent {
      readonly kept = 1;
    }
    @Projection('child')
    class Child extends Parent {
      @On(Account, 'MoneyDeposited') deposited() {}
    }
    expect(consumerOf(Child).name).toBe('child');
  });

  it('is a consumer already', () => {
    expect(() => {
      @Reaction('again')
      @Projection('first')
      class Both {
        @On(Account, 'AccountOpened') opened() {}
      }
      return Both;
    }).toThrow('Both is the projection "first" already. A class is one consumer: write another one.');
  });

  it('is a command', () => {
    expect(() => {
      @Command()
      class Open extends CommandLogic<Open> {
        @Stream(Account) readonly account!: StreamOf<typeof Account>;
        @On(Account, 'AccountOpened') opened() {}
        handle() {}
      }
      return Open;
    }).toThrow('Open has @Command, and methods with @On, which are for classes with @Projection or @Reaction.');
    expect(() => {
      @untyped(Projection('command'))
      class Open extends CommandLogic<Open> {
        @Stream(Account) readonly account!: StreamOf<typeof Account>;
        @On(Account, 'AccountOpened') opened() {}
        handle() {}
      }
      return Open;
    }).toThrow('Open has @Projection, and fields as commands have them. Those need @Command().');
  });
});

describe('@On', () => {
  it('refuses an event that the stream type does not have', () => {
    expect(() => On(Account, 'Renamed' as 'AccountOpened')).toThrow(
      '@On names Renamed, which is not an event of stream type "account": AccountOpened, MoneyDeposited, MoneyWithdrawn.',
    );
    expect(() => On(Account, 'toString' as 'AccountOpened')).toThrow('@On names toString, which is not an event');
  });

  it.each([undefined, 'account', Account.at('alice'), { name: 'account' }])('refuses %p as a stream type', (type) => {
    expect(() => On(type as never, 'AccountOpened' as never)).toThrow('@On needs a stream type');
  });

  it('refuses a second handler of an event', () => {
    expect(() => {
      @Projection('twice')
      class Twice {
        @On(Account, 'AccountOpened') first() {}
        @On(Account, 'AccountOpened') second() {}
      }
      return Twice;
    }).toThrow('"twice" has two handlers for AccountOpened of stream type "account".');
  });

  it('refuses two stream types of one name', () => {
    const Namesake = defineStream('account', {
      events: { Renamed: v.object({ to: v.string() }) },
      state: () => ({}),
      fold: {},
    });
    expect(() => {
      @Projection('mixed')
      class Mixed {
        @On(Account, 'AccountOpened') opened() {}
        @On(Namesake, 'Renamed') renamed() {}
      }
      return Mixed;
    }).toThrow('"mixed" uses two stream types that are both named "account".');
  });

  const decorator = (): ReturnType<typeof untyped> => untyped(On(Account, 'AccountOpened'));
  it.each<[string, RegExp, () => unknown]>([
    [
      'a field',
      /a method, not a (field|field or an accessor)\./,
      () => {
        class Tried {
          @decorator() member = 1;
        }
        return Tried;
      },
    ],
    [
      'a getter',
      /a method, not a (getter|field or an accessor)\./,
      () => {
        class Tried {
          @decorator() get member() {
            return 1;
          }
        }
        return Tried;
      },
    ],
    [
      'a setter',
      /a method, not a (setter|field or an accessor)\./,
      () => {
        class Tried {
          @decorator() set member(_: number) {}
        }
        return Tried;
      },
    ],
    [
      'a static method',
      /a public method of an object, not a static one\./,
      () => {
        class Tried {
          @decorator() static member() {}
        }
        return Tried;
      },
    ],
    [
      'a symbol',
      /a method with a name, not a symbol\./,
      () => {
        class Tried {
          @decorator() [Symbol.iterator]() {}
        }
        return Tried;
      },
    ],
  ])('refuses to stand on %s', (_, message, define) => {
    expect(define).toThrow(message);
  });

  it('refuses to stand on a private method, as the standard dialect would tell it', () => {
    const define = () => {
      // Written out, since the legacy dialect has no decorators on private names, and this file is compiled in both.
      const context = {
        kind: 'method',
        name: '#hidden',
        static: false,
        private: true,
        metadata: {},
        addInitializer() {},
      };
      decorator()(() => {}, context);
    };
    expect(define).toThrow('@On on "#hidden" goes on a public method of an object, not a private one.');
  });
});

describe.each([
  ['@Projection', Projection],
  ['@Reaction', Reaction],
])('the name of %s', (decorator, make) => {
  it.each(['b', 'welcome-bonus', 'balances_2', 'aZ'.padEnd(64, 'x')])('may be %s', (name) => {
    expect(make(name)).toBeInstanceOf(Function);
  });

  it.each(['', 'Balances', '2nd', '-x', 'a b', 'a/b', 'ä', 'a\n', 'a'.repeat(65)])('may not be %j', (name) => {
    expect(() => make(name)).toThrow(
      `${decorator} can't be named ${JSON.stringify(name)}: names match [a-z][a-zA-Z0-9_-]*`,
    );
  });

  it('has to be there', () => {
    expect(() => make(undefined as never)).toThrow(`${decorator} needs a name, not undefined`);
    expect(() => make(class {} as never)).toThrow(`${decorator} needs a name: write ${decorator}('`);
  });
});
