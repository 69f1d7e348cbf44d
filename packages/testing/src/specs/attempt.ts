/** What `when` gives: something to await, and something to state expectations of. Both are called `then`. */
import { DefinitionError } from '@eventcore/core';
import { on } from './on.js';
import { rows } from './rows.js';
import { specFailure, traceOf, type SpecFault } from './spec-failure.js';
import { together } from './together.js';
import { failed, rejected } from './verdict.js';

declare const stated: unique symbol;

/**
 * What came of a spec. Awaited it gives the outcome, for assertions of one's own; with expectations, `then` checks it, and
 * rejects with the two side by side where they differ. It is worked out once, when it is first asked for.
 */
export interface Attempt<Outcome, Expected extends readonly unknown[]> extends Promise<Outcome> {
  /** As the language calls it, and as any promise has it. */
  then<Result = Outcome, Caught = never>(
    onFulfilled?: ((outcome: Outcome) => Result | PromiseLike<Result>) | null,
    onRejected?: ((reason: unknown) => Caught | PromiseLike<Caught>) | null,
  ): Promise<Result | Caught>;
  /**
   * Checks the outcome against what is expected. Await it.
   *
   * (`this` is what keeps this form out of the language's way: to find out what awaiting gives, the compiler looks only at
   * forms of `then` whose `this` is a supertype, and a supertype may not ask for more, be it optional.)
   */
  then(this: Attempt<Outcome, Expected> & { readonly [stated]?: never }, ...expected: Expected): Promise<Outcome>;
  /**
   * The same for one expectation. It says nothing new, and comes last, since the compiler tells only what is wrong with the
   * last form. That is also where `Awaited` looks for the callback that tells what a promise gives.
   */
  then(
    this: Attempt<Outcome, Expected> & { readonly [stated]?: never },
    expected: Expected[number] | ((outcome: Outcome) => unknown),
  ): Promise<Outcome>;
}

/** @param check what is wrong with an outcome; it throws for expectations that can't be any */
export function attempt<Outcome, Expected extends readonly unknown[]>(
  run: () => Promise<Outcome>,
  check: (outcome: Outcome, expected: Expected) => Promise<SpecFault | undefined> | SpecFault | undefined,
): Attempt<Outcome, Expected> {
  let outcome: Promise<Outcome> | undefined;
  const once = (): Promise<Outcome> => (outcome ??= run());

  function then(...args: unknown[]): Promise<unknown> {
    if (calledAsPromise(args)) return once().then(...(args as Parameters<Promise<Outcome>['then']>));
    const trace = traceOf(then);
    return (async () => {
      if (args.length === 0)
        throw new DefinitionError('then needs an expectation. Where nothing is to happen, say so: then(nothing).');
      const found = await once();
      // Not called by the language, so by a user, with what the overloads ask for.
      const fault = await check(found, args as unknown as Expected);
      if (fault !== undefined) throw specFailure(fault, trace);
      return found;
    })();
  }

  const self = {
    then,
    catch: (onRejected: never) => once().catch(onRejected),
    finally: (onFinally: never) => once().finally(onFinally),
    [Symbol.toStringTag]: 'Attempt',
  };
  // One function serves the language's form of `then` and the user's, which only the type tells apart.
  return Object.freeze(self) as unknown as Attempt<Outcome, Expected>;
}

/**
 * The language calls `then` with functions, and no expectation is one. What would pass for a call of the language by mistake
 * (`then(rejected)`, without its brackets) is told apart by name.
 */
function calledAsPromise(args: readonly unknown[]): boolean {
  if (!args.some((arg) => typeof arg === 'function')) return false;
  const word = args.find((arg) => words.has(arg));
  if (word !== undefined) {
    const { name } = word as { readonly name: string };
    throw new DefinitionError(`then got ${name} itself, and not what it gives. Call it: then(${name}(…)).`);
  }
  return args.length <= 2 && args.every((arg) => typeof arg === 'function' || arg === undefined || arg === null);
}

const words = new Set<unknown>([on, rejected, failed, together, rows]);
