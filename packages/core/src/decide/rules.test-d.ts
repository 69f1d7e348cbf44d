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
