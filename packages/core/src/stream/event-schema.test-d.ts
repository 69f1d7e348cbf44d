import { defineStream, event, type EventOf } from '@eventcore/core';
import * as v from 'valibot';
import { sameType } from '../same-type.fixture.js';

const Cents = v.pipe(v.number(), v.integer(), v.brand('Cents'));
const Paid = v.object({ cents: Cents, currency: v.picklist(['EUR', 'USD']), tags: v.optional(v.array(v.string())) });

// ---- reading older versions: each step gives what the next one takes, the last one what the schema takes

// Brands are left out, since what the last one gives is parsed.
event(Paid, {
  version: 2,
  upcast: { 1: ({ amount }: { amount: number }) => ({ cents: amount * 100, currency: 'EUR' }) },
});
event(Paid, {
  version: 3,
  upcast: {
    1: ({ amount }: { amount: number }) => ({ cents: amount * 100 }),
    2: ({ cents }: { readonly cents: number }) => ({ cents, currency: 'EUR', tags: ['old'] }),
  },
});

event(Paid, {
  version: 2,
  // @ts-expect-error a typo: there are cents, and no cent
  upcast: { 1: ({ amount }: { amount: number }) => ({ cent: amount * 100, currency: 'EUR' }) },
});
event(Paid, {
  version: 2,
  // @ts-expect-error another type
  upcast: { 1: ({ amount }: { amount: number }) => ({ cents: String(amount), currency: 'EUR' }) },
});
event(Paid, {
  version: 2,
  // @ts-expect-error none of the literals
  upcast: { 1: ({ amount }: { amount: number }) => ({ cents: amount, currency: 'GBP' }) },
});
event(Paid, {
  version: 3,
  upcast: {
    // @ts-expect-error not what the next step takes
    1: ({ amount }: { amount: number }) => ({ cent: amount * 100 }),
    2: ({ cents }: { cents: number }) => ({ cents, currency: 'EUR' }),
  },
});
event(Paid, {
  version: 2,
  // @ts-expect-error nothing is given back
  upcast: { 1: ({ amount }: { amount: number }) => void amount },
});
event(Paid, {
  version: 2,
  // @ts-expect-error upcasters are synchronous
  upcast: { 1: async ({ amount }: { amount: number }) => ({ cents: amount * 100, currency: 'EUR' }) },
});
event(Paid, {
  // @ts-expect-error what the older version looked like has to be said: nobody else knows
  version: 2,
  upcast: { 1: (old) => old },
});
event(Paid, {
  // @ts-expect-error ... of each
  version: 3,
  upcast: { 1: ({ amount }: { amount: number }) => ({ cents: amount }), 2: (old) => old },
});

// @ts-expect-error there is no upcaster from version 1
event(Paid, { version: 2 });
event(Paid, {
  // @ts-expect-error there is none from version 2
  version: 3,
  upcast: { 1: ({ amount }: { amount: number }) => ({ cents: amount * 100, currency: 'EUR' as const }) },
});

// ---- writing an older version: what an upcaster takes is what its downcaster gives

event(Paid, {
  version: 2,
  writes: 1,
  upcast: { 1: ({ amount }: { amount: number }) => ({ cents: amount * 100, currency: 'EUR' }) },
  downcast: {
    2: (data) => {
      sameType<
        typeof data,
        {
          readonly cents: number & v.Brand<'Cents'>;
          readonly currency: 'EUR' | 'USD';
          readonly tags?: readonly string[] | undefined;
        }
      >();
      return { amount: data.cents / 100 };
    },
  },
});
event(Paid, {
  version: 2,
  writes: 1,
  upcast: { 1: ({ amount }: { amount: number }) => ({ cents: amount * 100, currency: 'EUR' }) },
  // @ts-expect-error version 1 has an amount
  downcast: { 2: ({ cents }) => ({ amounts: cents / 100 }) },
});
event(Paid, {
  version: 2,
  writes: 1,
  upcast: { 1: ({ amount }: { amount: number }) => ({ cents: amount * 100, currency: 'EUR' }) },
  // @ts-expect-error version 2 has no euros
  downcast: { 2: ({ euros }) => ({ amount: euros }) },
});
event(Paid, {
  version: 3,
  writes: 1,
  upcast: {
    1: ({ list }: { list: string[] }) => ({ cents: list.length }),
    2: ({ cents }: { cents: number }) => ({ cents, currency: 'EUR' }),
  },
  downcast: {
    3: ({ cents }) => ({ cents }),
    2: ({ cents }: { readonly cents: number }) => ({ list: Array.from({ length: cents }, String) }),
  },
});

event(Paid, {
  version: 2,
  // @ts-expect-error a version that isn't known
  writes: 3,
  upcast: { 1: ({ amount }: { amount: number }) => ({ cents: amount * 100, currency: 'EUR' }) },
});
event(Paid, {
  version: 2,
  upcast: { 1: ({ amount }: { amount: number }) => ({ cents: amount * 100, currency: 'EUR' }) },
  // @ts-expect-error below the first version there is none
  downcast: { 1: () => ({}) },
});

// A switch of the application's own may say which version is written.
declare const rolledOut: boolean;
event(Paid, {
  version: 2,
  writes: rolledOut ? 2 : 1,
  upcast: { 1: ({ amount }: { amount: number }) => ({ cents: amount * 100, currency: 'EUR' }) },
  downcast: { 2: ({ cents }) => ({ amount: cents / 100 }) },
});

// ---- to everybody else it is its newest version

const Invoice = defineStream('invoice', {
  events: {
    Sent: event(v.object({ to: v.string() }), {
      version: 2,
      writes: 1,
      upcast: { 1: ({ email }: { email: string }) => ({ to: email }) },
      downcast: { 2: ({ to }) => ({ email: to }) },
    }),
  },
  state: () => ({ to: '' }),
  fold: { Sent: (_, { to }) => ({ to }) },
});
sameType<EventOf<typeof Invoice>['data'], { readonly to: string }>();
