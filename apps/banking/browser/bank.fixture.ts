/** What tests do on the page again and again, as a user would. */
import type { Page } from 'playwright-core';

/** The balance that the overview shows for one of the accounts, in cents. */
export async function balanceOf(page: Page, account: string): Promise<number> {
  const card = page.locator('.account-card', { hasText: account });
  await card.waitFor();
  return centsIn(await card.locator('.account-balance').innerText());
}

export function centsIn(text: string): number {
  const digits = Number(text.replace(/\D/g, ''));
  return text.includes('−') ? -digits : digits;
}

/** Waits until it is so; the test's own limit ends what never comes. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((wake) => setTimeout(wake, 25));
}

/** The value of the option whose text says so. */
export async function optionOf(page: Page, label: string, text: string): Promise<string> {
  const option = page.getByLabel(label, { exact: true }).locator('option', { hasText: text }).first();
  await option.waitFor({ state: 'attached' });
  return (await option.getAttribute('value')) ?? '';
}

/** Chooses by what is read in the list. */
export async function choose(page: Page, label: string, text: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).selectOption(await optionOf(page, label, text));
}
