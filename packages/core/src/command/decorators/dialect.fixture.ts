/** For tests of decorators, which run in both dialects: which one this is, and decorators as plain JavaScript applies them. */

/** The dialect that this file was compiled in. */
export const dialect: 'standard' | 'legacy' = (() => {
  let found: 'standard' | 'legacy' | undefined;
  const look = (_: unknown, context: unknown): void => {
    found = typeof context === 'object' ? 'standard' : 'legacy';
  };
  class Probe {
    @look readonly field = 1;
  }
  return new Probe().field === 1 && found !== undefined ? found : 'legacy';
})();

/** A decorator without its types, to put where the compiler would refuse it. */
export function untyped(decorator: unknown): (target: unknown, context?: unknown, descriptor?: unknown) => void {
  return decorator as never;
}
