/** Shares an amount so that no cent is lost: the first ones get a cent more where it does not divide. */
export function splitEvenly(cents: number, parts: number): number[] {
  const share = Math.floor(cents / parts);
  const rest = cents - share * parts;
  return Array.from({ length: parts }, (_, part) => share + (part < rest ? 1 : 0));
}
