// ensure: what it takes for a condition, and what is known below it.
import { ensure } from '@eventcore/core';

declare const promise: Promise<boolean>;
declare const thenable: PromiseLike<boolean>;
declare const sometimes: boolean | Promise<boolean>;
declare const answer: () => Promise<{ readonly open: boolean }>;
declare const unknown: unknown;
// What comes from untyped code has to pass: any says nothing of being a promise.
declare const anything: any;
declare const account: { readonly open: boolean; readonly owner: string } | undefined;
declare const kind: 'private' | 'business';

export function conditions(text: string | undefined): void {
  ensure(true, 'no');
  ensure(unknown, 'no');
  ensure(anything, 'no');
  ensure(kind === 'private' || account?.open, { rule: 'closed', message: 'no' });
  ensure(account, 'no');
  account.owner satisfies string;
  ensure(text !== undefined, 'no');
  text.length satisfies number;
  ensure(kind === 'business', 'no');
  kind satisfies 'business';
}

export function known<Value extends string | null>(value: Value | undefined): Value {
  ensure(value !== undefined, 'no');
  return value;
}

export function mistakes(): void {
  // @ts-expect-error a promise is always true
  ensure(promise, 'no');
  // @ts-expect-error ... whatever else it is
  ensure(thenable, 'no');
  // @ts-expect-error ... sometimes
  ensure(sometimes, 'no');
  // @ts-expect-error ... also when it is forgotten by a call
  ensure(answer(), 'no');
  // @ts-expect-error a rule has a message
  ensure(account === undefined);
}

declare const small: () => boolean;
declare const perhaps: (() => boolean) | undefined;
declare const untyped: Function;

export class Amount {
  constructor(readonly value: number) {}

  small() {
    return this.value < 10;
  }
  static none() {
    return true;
  }

  check() {
    ensure(this.small(), 'no');
    // @ts-expect-error a method is always true: call it
    ensure(this.small, 'no');
    // @ts-expect-error ... a static one too
    ensure(Amount.none, 'no');
    // @ts-expect-error ... and a class
    ensure(Amount, 'no');
  }
}

export function functions(account: { readonly isOpen: () => boolean }): void {
  ensure(account.isOpen(), 'no');
  ensure(perhaps !== undefined, 'no');
  // @ts-expect-error a function is always true
  ensure(small, 'no');
  // @ts-expect-error ... wherever it is from
  ensure(account.isOpen, 'no');
  // @ts-expect-error ... written in place
  ensure(() => false, 'no');
  // @ts-expect-error ... sometimes
  ensure(perhaps, 'no');
  // @ts-expect-error ... as one of several conditions
  ensure(kind === 'private' || small, 'no');
  // @ts-expect-error ... asynchronous
  ensure(answer, 'no');
  // @ts-expect-error ... of which nothing else is known
  ensure(untyped, 'no');
}
