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

/** Owns the accounts of the contention demo, which nobody gets to see. */
export const DEMONSTRATION = 'demonstration';

/** The key of an account of the demo, by the run that it belongs to. The bank gives no such number to anybody. */
export function demonstrationAccount(run: string, index: number): string {
  return `demo-${run}-${index}`;
}

/** Whether an account is one of the demo's. Its key tells, since whoever leaves it out has often nothing else. */
export function isDemonstration(account: string): boolean {
  return account.startsWith('demo-');
}

export function personOf(id: string): User | undefined {
  return people.find((person) => person.id === id);
}

export function nameOf(owner: string): string {
  return personOf(owner)?.name ?? owner;
}
