/** What somebody typed as an amount: whole cents, or what is wrong with it, in words for them. */
export type ParsedAmount = { readonly cents: number } | { readonly problem: string };

/**
 * Reads an amount as text, digit by digit: no floating-point number is made on the way. Takes `1,234.50`, `1.234,50`,
 * `1 234,5` and `€ 12`. A lone separator before exactly three digits groups thousands, since no cent has three digits.
 */
export function parseAmount(text: string): ParsedAmount {
  const plain = text.trim().replace(/^[€£$]\s*|\s*[€£$]$/g, '');
  if (plain === '') return { problem: 'Enter an amount.' };
  if (/^[-−]/.test(plain)) return { problem: 'Enter an amount above zero.' };
  const parts = /^([\d\s.,’']*?)(?:[.,](\d{1,2}))?$/.exec(plain);
  const whole = parts?.[1] === undefined ? undefined : ungrouped(parts[1]);
  const fraction = (parts?.[2] ?? '').padEnd(2, '0');
  if (whole === undefined || (whole === '' && parts?.[2] === undefined)) {
    return { problem: 'Enter an amount such as 1,234.50.' };
  }
  const cents = Number(`${whole}${fraction}`);
  if (!Number.isSafeInteger(cents)) return { problem: 'That is more money than there is.' };
  return cents > 0 ? { cents } : { problem: 'Enter an amount above zero.' };
}

/** Digits without their thousands separators; nothing where they don't stand in groups of three, or differ. */
function ungrouped(whole: string): string | undefined {
  if (/^\d*$/.test(whole)) return whole;
  return /^[1-9]\d{0,2}([\s.,’'])\d{3}(?:\1\d{3})*$/.test(whole) ? whole.replace(/\D/g, '') : undefined;
}
