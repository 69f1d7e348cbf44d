import { signal } from '@preact/signals';

/** What a screen reader says next, politely: results that sighted people see appear. */
export const announcement = signal('');

export function announce(text: string): void {
  // The same text twice would not be a change, and nothing would be said.
  announcement.value = announcement.peek() === text ? `${text}\u00a0` : text;
}
