// Where the decorators of fields may stand: on public fields of commands, in either dialect.
import * as v from 'valibot';
import {
  Appends,
  CommandLogic,
  Discovers,
  Input,
  Reads,
  Stream,
  Streams,
  type Discovered,
  type StreamOf,
} from '@eventcore/core';
import { Account } from '../../public-bank.fixture.js';

declare const symbol: unique symbol;

export class Misplaced extends CommandLogic<Misplaced> {
  // @ts-expect-error on a method
  @Stream(Account) method() {}
  // @ts-expect-error on a method, as an input
  @Input(v.string()) methodInput() {}
  // @ts-expect-error on a getter
  @Stream(Account) get getter(): StreamOf<typeof Account> {
    return Account.at('x');
  }
  // @ts-expect-error on a getter, as an input
  @Input(v.string()) get getterInput(): string {
    return '';
  }
  // @ts-expect-error on a setter
  @Input(v.string()) set setter(_: string) {}
  // @ts-expect-error on an accessor
  @Stream(Account) accessor accessor!: StreamOf<typeof Account>;
  // @ts-expect-error on an accessor, as an input
  @Input(v.string()) accessor accessorInput!: string;

  // @ts-expect-error on a static field
  @Stream(Account) static stream: StreamOf<typeof Account>;
  // @ts-expect-error on a static field, as an input
  @Input(v.string()) static input: string;
  // @ts-expect-error on a static method
  @Input(v.string()) static method() {}

  // @ts-expect-error on a private field
  @Stream(Account) private readonly stream!: StreamOf<typeof Account>;
  // @ts-expect-error on a private field, as an input
  @Input(v.string()) private readonly input!: string;
  // @ts-expect-error on a protected field
  @Input(v.string()) protected readonly guarded!: string;
  // @ts-expect-error on a field with a private name
  @Input(v.string()) readonly #hidden!: string;

  // @ts-expect-error on a symbol
  @Stream(Account) readonly [symbol]!: StreamOf<typeof Account>;
  // @ts-expect-error on a symbol, as an input
  @Input(v.string()) readonly [Symbol.toStringTag]!: string;

  // @ts-expect-error the same for all the others: @Reads
  @Reads(Account) readMethod() {}
  // @ts-expect-error ... @Appends
  @Appends(Account) appendMethod() {}
  // @ts-expect-error ... @Streams
  @Streams(Account) setMethod() {}
  // @ts-expect-error ... @Discovers
  @Discovers(Account) private readonly discovered!: Discovered<typeof Account>;

  handle() {
    return void [this.#hidden, this.stream, this.input, this.discovered];
  }
}

export class NoCommand {
  // @ts-expect-error on a class that isn't a command
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  // @ts-expect-error on a class that isn't a command, as an input
  @Input(v.string()) readonly text!: string;
}

// @ts-expect-error on a class
@Stream(Account)
export class OnAClass extends CommandLogic<OnAClass> {
  handle() {}
}
