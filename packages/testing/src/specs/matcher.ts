/** Asymmetric matchers, as jest and vitest have them: `expect.any(String)` stands for whatever it matches. */

/** Anything that says itself whether it matches. */
export interface Matcher {
  asymmetricMatch(value: unknown): boolean;
}

export function isMatcher(value: unknown): value is Matcher {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { readonly asymmetricMatch?: unknown }).asymmetricMatch === 'function'
  );
}

/** Where the matchers stand within a value. */
export function matcherPaths(
  value: unknown,
  path: readonly (string | number)[] = [],
): (readonly (string | number)[])[] {
  if (isMatcher(value)) return [path];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item, index) => matcherPaths(item, [...path, index]));
  return Object.entries(value).flatMap(([key, item]) => matcherPaths(item, [...path, key]));
}

/** A matcher as its own framework prints it: `Any<String>`. */
export function matcherName(matcher: Matcher & { toAsymmetricMatcher?(): string }): string {
  return typeof matcher.toAsymmetricMatcher === 'function' ? matcher.toAsymmetricMatcher() : String(matcher);
}
