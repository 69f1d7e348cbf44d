/**
 * The text of a UUIDv7: 48 bits of milliseconds, a version, 32 bits of sequence around a variant, 42 random bits, as
 * `v7` of the uuid package lays them out.
 *
 * Written in one go, since every event needs one: `v7` puts the text together from twenty pieces, and that costs
 * 0.6 µs where this takes 0.1, a tenth of what a small command costs altogether.
 */
export function uuidV7(msecs: number, seq: number, random: Uint8Array): string {
  const high = Math.floor(msecs / 0x1_0000);
  const low = msecs & 0xffff;
  const a = random[11]!;
  const b = random[12]!;
  const c = random[13]!;
  const d = random[14]!;
  const e = random[15]!;
  // prettier-ignore
  return String.fromCharCode(
    hex(high >>> 28), hex(high >>> 24), hex(high >>> 20), hex(high >>> 16),
    hex(high >>> 12), hex(high >>> 8), hex(high >>> 4), hex(high), DASH,
    hex(low >>> 12), hex(low >>> 8), hex(low >>> 4), hex(low), DASH,
    VERSION_7, hex(seq >>> 28), hex(seq >>> 24), hex(seq >>> 20), DASH,
    hex(0x8 | ((seq >>> 18) & 0x3)), hex(seq >>> 14), hex(seq >>> 10), hex(seq >>> 6), DASH,
    hex(seq >>> 2), hex((seq << 2) | (random[10]! & 0x3)),
    hex(a >>> 4), hex(a), hex(b >>> 4), hex(b), hex(c >>> 4), hex(c), hex(d >>> 4), hex(d), hex(e >>> 4), hex(e),
  );
}

const DASH = '-'.charCodeAt(0);
const VERSION_7 = '7'.charCodeAt(0);
const digits = new TextEncoder().encode('0123456789abcdef');

/** The character of the last four bits. */
function hex(bits: number): number {
  return digits[bits & 0xf]!;
}
