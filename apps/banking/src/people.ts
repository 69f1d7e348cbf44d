/** Who may sign in. A real bank would ask its directory; this one knows five. */
import type { User } from './api/messages.js';

export const people: readonly User[] = [
  { id: 'alice', name: 'Alice Archer', role: 'customer' },
  { id: 'bob', name: 'Bob Baker', role: 'customer' },
  { id: 'carol', name: 'Carol Clark', role: 'customer' },
  { id: 'acme', name: 'Acme Ltd', role: 'customer' },
  { id: 'tess', name: 'Tess Tellmann', role: 'teller' },
];

/** Who pays wages, which nobody takes for fraud. */
export const employers: ReadonlySet<string> = new Set(['acme']);

/** Owns the accounts of the contention demo, which no customer gets to see. */
export const DEMONSTRATION = 'demonstration';

export function personOf(id: string): User | undefined {
  return people.find((person) => person.id === id);
}

export function nameOf(owner: string): string {
  return personOf(owner)?.name ?? owner;
}
