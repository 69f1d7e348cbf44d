// @Input: the field's type is what the schema gives, up to readonly and up to a question mark.
import * as v from 'valibot';
import { Command, CommandLogic, Input, Stream, type Json, type StreamOf } from '@eventcore/core';
import { Account, Money } from '../../public-bank.fixture.js';

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
  // A default gives a value always. The field is optional, since the constructor takes it or leaves it.
  @Input(v.optional(v.string(), 'cash')) readonly source?: string;
  // Optional parts of a value, whether undefined is said or not: JSON has none.
  @Input(v.object({ second: v.optional(v.string()) })) readonly inner!: { second?: string };
  @Input(v.object({ second: v.optional(v.string()) })) readonly innerUndefined!: { second?: string | undefined };

  // any and unknown, where the schema says so too.
  @Input(v.any()) readonly any!: any;
  @Input(v.array(v.any())) readonly anyList!: any[];
  @Input(v.unknown()) readonly unknown!: unknown;

  handle() {}
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
