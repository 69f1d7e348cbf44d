/** What an event carries, in a few words: for lists. */
export function summarize(data: unknown): string {
  if (data === null || typeof data !== 'object') return String(data);
  return Object.entries(data)
    .map(([key, value]) => `${key}: ${typeof value === 'object' && value !== null ? inner(value) : String(value)}`)
    .join(', ');
}

const inner = (value: object) =>
  Array.isArray(value) ? `${value.length} of them` : Object.values(value).filter((part) => typeof part !== 'object').join(' ');
