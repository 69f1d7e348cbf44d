/**
 * The one file that knows two dialects of decorators: TypeScript's legacy ones (`experimentalDecorators`), called with
 * `(prototype, name)`, and the standard ones, called with `(undefined, context)`. Facts are kept with reflect-metadata on
 * the class for the former, in `context.metadata` for the latter, and read only here.
 */
import 'reflect-metadata';
import { DefinitionError } from '../../errors/input-errors.js';

// No Node has it yet, and compilers look for it under this very name.
const metadataKey: symbol = (Symbol as { metadata?: symbol }).metadata ?? Symbol.for('Symbol.metadata');
if (!('metadata' in Symbol)) Object.defineProperty(Symbol, 'metadata', { value: metadataKey });

/** What decorators say, by what they stand on. A class has one kind of it, since it is one kind of thing. */
const FACTS = { fields: Symbol.for('@eventcore/fields'), methods: Symbol.for('@eventcore/methods') };
type Kept = keyof typeof FACTS;

interface FieldHooks {
  readonly decorator: string;
  readonly fact: (name: string) => unknown;
  /** The value that the field is to have; standard dialect only. */
  readonly initial: (command: object, name: string) => unknown;
  /** Called when the field has its value; standard dialect only. */
  readonly initialised: (command: object, name: string) => void;
}

/** Makes a field decorator of both dialects. @throws {@link DefinitionError} where the decorator doesn't belong. */
export function fieldDecorator({ decorator, fact, initial, initialised }: FieldHooks) {
  return (target: unknown, context: unknown, descriptor?: unknown): unknown => {
    if (isStandard(context)) {
      const { kind, name, metadata } = context;
      if (kind !== 'field') misplaced(decorator, name, `a field, not ${kind === 'accessor' ? 'an' : 'a'} ${kind}`);
      if (context.static || context.private)
        misplaced(
          decorator,
          name,
          `a public field of an object, not on a ${context.static ? 'static' : 'private'} one`,
        );
      if (typeof name === 'symbol') misplaced(decorator, name, 'a field with a name, not a symbol');
      factsIn(metadata ?? noMetadata(decorator), 'fields').push(fact(name));
      context.addInitializer(function (this: unknown) {
        initialised(this as object, name);
      });
      return function (this: unknown) {
        return initial(this as object, name);
      };
    }
    const name = context as PropertyKey;
    if (typeof target === 'function') misplaced(decorator, name, 'a field of an object, not on a static one');
    if (typeof target !== 'object' || target === null) misplaced(decorator, name, 'a field');
    if (typeof name !== 'string') misplaced(decorator, name, 'a field with a name, not a symbol');
    // Legacy fields come without a descriptor; some compilers pass one that is undefined, or holds an initialiser.
    if (isMethodOrAccessor(descriptor)) misplaced(decorator, name, 'a field, not a method or an accessor');
    factsOf(target.constructor, 'fields').push(fact(name));
    return undefined;
  };
}

/** @throws {@link DefinitionError} for a decorator without its parentheses, which is called with what it stands on. */
export function refuseBare(decorator: string, example: string, context: unknown): void {
  if (isStandard(context) || typeof context === 'string' || typeof context === 'symbol')
    throw new DefinitionError(`${decorator} needs its parentheses: write ${example}.`);
}

interface MethodHooks {
  readonly decorator: string;
  readonly fact: (name: string) => unknown;
}

/** Makes a method decorator of both dialects. @throws {@link DefinitionError} where the decorator doesn't belong. */
export function methodDecorator({ decorator, fact }: MethodHooks) {
  return (target: unknown, context: unknown, descriptor?: unknown): void => {
    if (isStandard(context)) {
      const { kind, name, metadata } = context;
      if (kind !== 'method') misplaced(decorator, name, `a method, not a ${kind}`);
      if (context.static || context.private)
        misplaced(decorator, name, `a public method of an object, not a ${context.static ? 'static' : 'private'} one`);
      if (typeof name === 'symbol') misplaced(decorator, name, 'a method with a name, not a symbol');
      factsIn(metadata ?? noMetadata(decorator), 'methods').push(fact(name));
      return;
    }
    const name = context as PropertyKey;
    if (typeof target === 'function') misplaced(decorator, name, 'a public method of an object, not a static one');
    if (typeof target !== 'object' || target === null) misplaced(decorator, name, 'a method');
    if (typeof name !== 'string') misplaced(decorator, name, 'a method with a name, not a symbol');
    if (!isMethod(descriptor)) misplaced(decorator, name, 'a method, not a field or an accessor');
    factsOf(target.constructor, 'methods').push(fact(name));
  };
}

interface ClassHooks<Fact> {
  readonly decorator: string;
  /** What the decorators of this class's members stand on. */
  readonly members: Kept;
  /** The class is complete; its facts, in the order of their members. */
  readonly complete: (decorated: DecoratedClass, facts: readonly Fact[]) => void;
  /** What takes the class's place; legacy dialect only. */
  readonly replace?: (decorated: DecoratedClass) => DecoratedClass;
}

export type DecoratedClass = abstract new (...parameters: never[]) => object;

/** Makes a class decorator of both dialects. */
export function classDecorator<Fact>({ decorator, members, complete, replace }: ClassHooks<Fact>) {
  return (target: unknown, context?: unknown): unknown => {
    if (typeof target !== 'function') throw new DefinitionError(`${decorator} goes on a class.`);
    // `Function` has no construct signature: `typeof` can't tell a class from a function.
    const decorated = target as unknown as DecoratedClass;
    if (isStandard(context)) {
      if (context.kind !== 'class')
        throw new DefinitionError(`${decorator} goes on a class, not on a ${context.kind}.`);
      const metadata = context.metadata ?? noMetadata(decorator);
      refuseStrangers(decorator, decorated, members, (key) => Object.hasOwn(metadata, key));
      complete(decorated, factsIn(metadata, members) as readonly Fact[]);
      return undefined;
    }
    refuseStrangers(decorator, decorated, members, (key) => Reflect.hasOwnMetadata(key, decorated));
    const replacement = replace?.(decorated) ?? decorated;
    complete(replacement, factsOf(decorated, members) as readonly Fact[]);
    return replace === undefined ? undefined : replacement;
  };
}

/** Whether a class has a parent whose methods were decorated: whoever reads own facts alone would pass over those. */
export function inheritsMethods(decorated: object): boolean {
  for (let parent: unknown = Object.getPrototypeOf(decorated); typeof parent === 'function';) {
    const metadata: unknown = Reflect.get(parent, metadataKey);
    if (typeof metadata === 'object' && metadata !== null && FACTS.methods in metadata) return true;
    if (Reflect.hasOwnMetadata(FACTS.methods, parent)) return true;
    parent = Object.getPrototypeOf(parent);
  }
  return false;
}

/** A decorator of another kind of class would never be heard. */
function refuseStrangers(
  decorator: string,
  { name }: DecoratedClass,
  members: Kept,
  has: (key: symbol) => boolean,
): void {
  if (members === 'fields' && has(FACTS.methods)) {
    throw new DefinitionError(
      `${name} has ${decorator}, and methods with @On, which are for classes with @Projection or @Reaction.`,
    );
  }
  if (members === 'methods' && has(FACTS.fields)) {
    throw new DefinitionError(`${name} has ${decorator}, and fields as commands have them. Those need @Command().`);
  }
}

interface StandardContext {
  readonly kind: string;
  readonly name: string | symbol;
  readonly static: boolean;
  readonly private: boolean;
  readonly metadata?: object;
  addInitializer(initialiser: (this: unknown) => void): void;
}

function isStandard(context: unknown): context is StandardContext {
  return typeof context === 'object' && context !== null && 'kind' in context;
}

/** Own facts only: metadata of a parent class shows through, and must not be added to. */
function factsIn(metadata: object, kept: Kept): unknown[] {
  const key = FACTS[kept];
  if (!Object.hasOwn(metadata, key)) Object.defineProperty(metadata, key, { value: [] });
  return (metadata as { readonly [key: symbol]: unknown[] })[key]!;
}

function factsOf(decorated: object, kept: Kept): unknown[] {
  const own = Reflect.getOwnMetadata(FACTS[kept], decorated) as unknown[] | undefined;
  if (own !== undefined) return own;
  const facts: unknown[] = [];
  Reflect.defineMetadata(FACTS[kept], facts, decorated);
  return facts;
}

function isMethod(descriptor: unknown): boolean {
  return (
    typeof descriptor === 'object' &&
    descriptor !== null &&
    typeof (descriptor as PropertyDescriptor).value === 'function'
  );
}

function isMethodOrAccessor(descriptor: unknown): boolean {
  if (typeof descriptor !== 'object' || descriptor === null) return false;
  const { value, get, set } = descriptor as PropertyDescriptor;
  return typeof value === 'function' || get !== undefined || set !== undefined;
}

function misplaced(decorator: string, name: PropertyKey, where: string): never {
  throw new DefinitionError(`${decorator} on "${String(name)}" goes on ${where}.`);
}

function noMetadata(decorator: string): never {
  throw new DefinitionError(
    `${decorator}: this compiler gives its decorators no metadata. Under swc, set jsc.transform.decoratorVersion to "2023-11"; under others, ` +
      'import "@eventcore/core" before any class is decorated.',
  );
}
