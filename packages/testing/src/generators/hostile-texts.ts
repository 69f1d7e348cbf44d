/** Texts for property tests: any that has a UTF-8 form, and those that have broken stores. */
import fc from 'fast-check';
import { hostileTexts } from '../contract/values/hostile-corpus.js';

/** Any text but for what core refuses: U+0000 and lone surrogates. Plain ones come first, and are what the others shrink to. */
export function hostileText(): fc.Arbitrary<string> {
  return fc.oneof(
    { withCrossShrink: true },
    fc.string(),
    fc.constantFrom(...hostileTexts),
    fc.string({ unit: 'grapheme' }),
    // Any code point. `binary` has no lone surrogate.
    fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\u0000', '')),
  );
}
