/**
 * Says that two types are one, part by part. Plain assignments wouldn't do: `any` goes both ways, and a type with an
 * optional part takes one without.
 */
export function sameType<A, B>(..._: Same<A, B>): void {}

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? [] : ['these types differ', A, B];
