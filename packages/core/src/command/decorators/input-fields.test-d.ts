// @Input: the field's type is what the schema gives, up to readonly and up to a question mark.
import * as v from 'valibot';
import {
  Command,
  CommandLogic,
  Input,
  Stream,
  type Context,
  type Json,
  type StreamOf,
  type WithDefault,
} from '@eventcore/core';
import { Account, Money } from '../../public-bank.fixture.js';
import { sameType } from '../../same-type.fixture.js';

interface Address {
  street: string;
  zip: { code: string; country: string };
  lines: string[];
}
interface Tree {
  label: string;
  children: Tree[];
}
type Nested = string | Nested[];

const Address = v.object({
  street: v.string(),
  zip: v.object({ code: v.string(), country: v.string() }),
  lines: v.array(v.string()),
});
const Tree: v.GenericSchema<Tree> = v.object({ label: v.string(), children: v.array(v.lazy(() => Tree)) });
const Tags = v.pipe(v.array(v.string()), v.brand('Tags'));
const Whole = v.pipe(v.object({ a: v.string() }), v.brand('Whole'));
const Flag = v.pipe(v.boolean(), v.brand('Flag'));
enum Colour {
  red = 'red',
  green = 'green',
}

@Command()
export class EveryInput extends CommandLogic<EveryInput> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Input(v.string()) readonly text!: string;
  @Input(Money) readonly branded!: Money;
  @Input(v.nullable(v.number())) readonly nullable!: number | null;
  @Input(v.picklist(['normal', 'instant'])) readonly literals!: 'normal' | 'instant';
  @Input(v.literal(1)) readonly literal!: 1;
  @Input(v.enum(Colour)) readonly colour!: Colour;
  @Input(Flag) readonly flag!: v.InferOutput<typeof Flag>;

  // An interface, where the schema has an object of the same shape; readonly or not, at any depth.
  @Input(Address) readonly address!: Address;
  @Input(Address) readonly frozen!: {
    readonly street: string;
    readonly zip: Readonly<{ code: string; country: string }>;
    readonly lines: readonly string[];
  };
  @Input(v.array(v.object({ amount: Money }))) readonly list!: readonly { readonly amount: Money }[];
  @Input(v.tuple([v.string(), v.number()])) readonly tuple!: readonly [string, number];
  @Input(v.tuple([v.string(), v.number()])) readonly labelled!: [name: string, age: number];
  @Input(v.record(v.string(), v.number())) readonly record!: Readonly<Record<string, number>>;
  @Input(v.looseObject({ a: v.string() })) readonly loose!: { a: string; [key: string]: unknown };
  @Input(v.intersect([v.object({ a: v.string() }), v.object({ b: v.number() })])) readonly parts!: {
    a: string;
    b: number;
  };
  @Input(v.variant('kind', [v.object({ kind: v.literal('a') }), v.object({ kind: v.literal('b'), n: v.number() })]))
  readonly alternatives!: { kind: 'b'; n: number } | { kind: 'a' };
  @Input(Tree) readonly tree!: Tree;
  @Input(v.custom<Nested>(() => true)) readonly nested!: Nested;
  @Input(v.custom<Json>(() => true)) readonly json!: Json;
  @Input(Tags) readonly tags!: v.InferOutput<typeof Tags>;
  @Input(Whole) readonly whole!: v.InferOutput<typeof Whole>;

  // What may be left out.
  @Input(v.optional(v.string())) readonly memo?: string;
  @Input(v.optional(v.string())) readonly orUndefined!: string | undefined;
  // A default gives a value always, and the constructor takes it or leaves it: the type says both. An optional field
  // will do, where undefined doesn't disturb.
  @Input(v.optional(v.string(), 'cash')) readonly source!: WithDefault<string>;
  @Input(v.optional(v.picklist(['low', 'high']), 'low')) readonly urgency!: WithDefault<'low' | 'high'>;
  @Input(v.optional(Money, 1)) readonly tip!: WithDefault<Money>;
  @Input(v.optional(v.boolean(), false)) readonly express!: WithDefault<boolean>;
  @Input(v.nullish(v.string(), null)) readonly note!: WithDefault<string | null>;
  @Input(v.optional(v.array(v.string()), [])) readonly lineItems!: WithDefault<readonly string[]>;
  @Input(v.optional(v.record(v.string(), v.number()), {})) readonly counts!: WithDefault<Record<string, number>>;
  @Input(v.optional(v.string(), 'cash')) readonly optional?: string;
  // Optional parts of a value, whether undefined is said or not: JSON has none.
  @Input(v.object({ second: v.optional(v.string()) })) readonly inner!: { second?: string };
  @Input(v.object({ second: v.optional(v.string()) })) readonly innerUndefined!: { second?: string | undefined };

  // any and unknown, where the schema says so too.
  @Input(v.any()) readonly any!: any;
  @Input(v.array(v.any())) readonly anyList!: any[];
  @Input(v.unknown()) readonly unknown!: unknown;

  // What changes a value on the way takes the changed one too.
  @Input(v.pipe(v.string(), v.trim(), v.toLowerCase())) readonly trimmed!: string;
  @Input(v.pipe(v.union([v.string(), v.number()]), v.transform(Number))) readonly coerced!: number;
  @Input(v.pipe(v.array(v.string()), v.readonly())) readonly frozenList!: readonly string[];
  @Input(v.object({ inner: v.optional(v.string(), 'x') })) readonly innerDefault!: { inner: string };

  handle({ emit }: Context<EveryInput>) {
    // What has a default is never undefined, and passes for what it is.
    sameType<undefined extends typeof this.source ? true : false, false>();
    const source: string = this.source;
    const express: boolean = this.express;
    const items: readonly string[] = this.lineItems;
    const count: number | undefined = this.counts['a'];
    const upper: string | undefined = this.note?.toUpperCase();
    emit('account', 'MoneyDeposited', { amount: this.tip });
    if (this.urgency === 'low') {
      // @ts-expect-error its alternatives are told apart
      if (this.urgency === 'high') return;
      return void [source, express, items, count, upper];
    }
    this.urgency satisfies 'high';
  }
}

export class Mistaken extends CommandLogic<Mistaken> {
  // @ts-expect-error another type
  @Input(Money) readonly another!: string;
  // @ts-expect-error a wider type: the brand is lost
  @Input(Money) readonly wider!: number;
  // @ts-expect-error a narrower type: the schema would let others through
  @Input(v.string()) readonly narrower!: 'normal' | 'instant';
  // @ts-expect-error a type that holds more alternatives
  @Input(v.picklist(['normal', 'instant'])) readonly more!: 'normal' | 'instant' | 'slow';
  // @ts-expect-error any
  @Input(Money) readonly any!: any;
  // @ts-expect-error unknown
  @Input(Money) readonly unknown!: unknown;
  // @ts-expect-error never
  @Input(Money) readonly never!: never;
  // @ts-expect-error the schema gives any, and the field is sure of something
  @Input(v.any()) readonly sure!: string;
  // @ts-expect-error another brand
  @Input(Money) readonly brand!: number & v.Brand<'Points'>;
  // @ts-expect-error null is no undefined
  @Input(v.nullable(v.string())) readonly nullable?: string;
  // @ts-expect-error the schema may give undefined
  @Input(v.optional(v.string())) readonly always!: string;
  // @ts-expect-error an optional field is no excuse for another type
  @Input(v.string()) readonly optional?: number;

  // What the schema doesn't take can't be left out.
  // @ts-expect-error the field may be left out, and the schema takes no undefined
  @Input(v.string()) readonly leftOut?: string;
  // @ts-expect-error ... said otherwise
  @Input(v.string()) readonly orUndefined!: string | undefined;
  // @ts-expect-error ... nor has it a default
  @Input(v.string()) readonly noDefault!: WithDefault<string>;
  // @ts-expect-error ... nor is what is optional always there
  @Input(v.optional(v.string())) readonly onlyOptional!: WithDefault<string>;
  // @ts-expect-error a default of another type
  @Input(v.optional(v.string(), 'cash')) readonly otherDefault!: WithDefault<number>;
  // @ts-expect-error ... of any
  @Input(v.optional(v.string(), 'cash')) readonly anyDefault!: WithDefault<any>;

  // A schema takes what it gives, since values are parsed more than once.
  // @ts-expect-error it takes a string and gives a number
  @Input(v.pipe(v.string(), v.transform(Number))) readonly transformed!: number;
  // @ts-expect-error ... within a value
  @Input(v.object({ n: v.pipe(v.string(), v.transform(Number)) })) readonly innerTransformed!: { n: number };
  // @ts-expect-error ... in some cases
  @Input(v.union([v.boolean(), v.pipe(v.string(), v.transform(Number))])) readonly sometimes!: boolean | number;
  // @ts-expect-error it gives null, and takes undefined alone
  @Input(
    v.pipe(
      v.optional(v.string()),
      v.transform((text) => text ?? null),
    ),
  )
  readonly toNull!: string | null;

  // The same within a value.
  // @ts-expect-error another type
  @Input(Address) readonly innerAnother!: { street: string; zip: { code: number; country: string }; lines: string[] };
  // @ts-expect-error any
  @Input(Address) readonly innerAny!: { street: string; zip: any; lines: string[] };
  // @ts-expect-error a part less
  @Input(v.object({ a: v.string(), b: v.optional(v.string()) })) readonly less!: { a: string };
  // @ts-expect-error a part more
  @Input(v.object({ a: v.string() })) readonly innerMore!: { a: string; b?: string };
  // @ts-expect-error a part that is always there
  @Input(v.object({ a: v.optional(v.string()) })) readonly innerAlways!: { a: string };
  // @ts-expect-error a list of whatever
  @Input(v.array(v.string())) readonly anyList!: any[];
  // @ts-expect-error a list for a tuple
  @Input(v.tuple([v.string(), v.string()])) readonly list!: string[];

  // A schema gives JSON.
  // @ts-expect-error a Date
  @Input(v.date()) readonly date!: Date;
  // @ts-expect-error a bigint
  @Input(v.bigint()) readonly bigint!: bigint;
  // @ts-expect-error a Map
  @Input(v.map(v.string(), v.string())) readonly map!: Map<string, string>;
  // @ts-expect-error a Set
  @Input(v.set(v.string())) readonly set!: Set<string>;
  // @ts-expect-error a function
  @Input(v.custom<() => void>(() => true)) readonly function!: () => void;
  // @ts-expect-error a Date within a value
  @Input(v.object({ times: v.array(v.date()) })) readonly times!: { times: Date[] };

  // @ts-expect-error a stream type is no schema
  @Input(Account) readonly stream!: StreamOf<typeof Account>;
  // @ts-expect-error a reference is not what a schema gives
  @Input(v.string()) readonly reference!: StreamOf<typeof Account>;
  // @ts-expect-error the decorator needs a schema
  @Input() readonly nothing!: string;
  // @ts-expect-error ... and is called
  @Input readonly notCalled!: string;

  handle() {}
}
