import type { Currency } from '../../../src/api/messages.js';
import { formatMoney } from '../money/format-money.js';

/** What an event carries, in a few words: for lists. */
export function summarize(data: unknown): string {
  if (data === null || typeof data !== 'object') return String(data);
  return Object.entries(data)
    .filter(([, value]) => value !== '' && value !== null)
    .map(([key, value]) => `${key}: ${typeof value === 'object' && value !== null ? inner(value) : String(value)}`)
    .join(', ');
}

function inner(value: object): string {
  if (Array.isArray(value)) return `${value.length} of them`;
  if (isMoney(value)) return formatMoney(value.cents, value.currency);
  return Object.values(value)
    .filter((part) => typeof part !== 'object')
    .join(' ');
}

const isMoney = (value: object): value is { cents: number; currency: Currency } =>
  'cents' in value &&
  Number.isSafeInteger(value.cents) &&
  'currency' in value &&
  /^[A-Z]{3}$/.test(String(value.currency));
