/**
 * The one file that knows two dialects of decorators: TypeScript's legacy ones (`experimentalDecorators`), called with
 * `(prototype, name)`, and the standard ones, called with `(undefined, context)`. Facts are kept with reflect-metadata on
 * the class for the former, in `context.metadata` for the latter, and read only here.
 */
import 'reflect-metadata';
import { DefinitionError } from '../../errors/input-errors.js';
import type { FieldFact } from '../compiled-command.js';

// No Node has it yet, and compilers look for it under this very name.
const metadataKey: symbol = (Symbol as { metadata?: symbol }).metadata ?? Symbol.for('Symbol.metadata');
if (!('metadata' in Symbol)) Object.defineProperty(Symbol, 'metadata', { value: metadataKey });

const FACTS = Symbol.for('@eventcore/fields');

interface FieldHooks {
  readonly decorator: string;
  readonly fact: (name: string) => FieldFact;
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
      factsIn(metadata ?? noMetadata(decorator)).push(fact(name));
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
    factsOf(target.constructor).push(fact(name));
    return undefined;
  };
}

interface ClassHooks {
  readonly decorator: string;
  /** The class is complete; its facts, in the order of their fields. */
  readonly complete: (commandClass: CommandClass, facts: readonly FieldFact[]) => void;
  /** What takes the class's place; legacy dialect only. */
  readonly replace: (commandClass: CommandClass) => CommandClass;
}

export type CommandClass = abstract new (...parameters: never[]) => object;

/** Makes a class decorator of both dialects. */
export function classDecorator({ decorator, complete, replace }: ClassHooks) {
  return (target: unknown, context?: unknown): unknown => {
    if (typeof target !== 'function') throw new DefinitionError(`${decorator} goes on a class.`);
    const commandClass = target as unknown as CommandClass;
    if (isStandard(context)) {
      if (context.kind !== 'class')
        throw new DefinitionError(`${decorator} goes on a class, not on a ${context.kind}.`);
      complete(commandClass, factsIn(context.metadata ?? noMetadata(decorator)));
      return undefined;
    }
    const replacement = replace(commandClass);
    complete(replacement, factsOf(commandClass));
    return replacement;
  };
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
function factsIn(metadata: object): FieldFact[] {
  if (!Object.hasOwn(metadata, FACTS)) Object.defineProperty(metadata, FACTS, { value: [] });
  return (metadata as { [FACTS]: FieldFact[] })[FACTS];
}

function factsOf(commandClass: object): FieldFact[] {
  const own = Reflect.getOwnMetadata(FACTS, commandClass) as FieldFact[] | undefined;
  if (own !== undefined) return own;
  const facts: FieldFact[] = [];
  Reflect.defineMetadata(FACTS, facts, commandClass);
  return facts;
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
      'import "@eventcore/core" before any command is defined.',
  );
}
