import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { centsIn, until } from './bank.fixture.js';
import { describeInBrowser } from './browser.fixture.js';

describeInBrowser('a statement', ({ visit }) => {
  const open = async (): Promise<Page> => {
    const page = await visit({ as: 'alice' });
    await page.getByRole('link', { name: 'Everyday' }).click();
    await page.locator('.statement-table').waitFor();
    return page;
  };
  const rows = (page: Page) => page.locator('.statement-table tbody tr:not(.day)');
  const days = async (page: Page) =>
    (await page.locator('.statement-table time').all()).length === 0
      ? []
      : page
          .locator('.statement-table time')
          .evaluateAll((times) => times.map((time) => time.getAttribute('datetime') ?? ''));

  it('has a balance after each movement that adds up', async () => {
    const page = await open();
    const cells = await rows(page).evaluateAll((all) =>
      all.map((row) => [...row.querySelectorAll('td.number')].map((cell) => cell.textContent ?? '')),
    );
    const entries = cells.map(([change = '', balance = '']) => ({
      change: centsIn(change),
      balance: centsIn(balance),
    }));
    expect(entries.length).toBeGreaterThan(10);
    for (const [i, { change, balance }] of entries.slice(0, -1).entries()) {
      expect(balance - change).toBe(entries[i + 1]!.balance);
    }
    const shown = await page.locator('.total').first().locator('dd').innerText();
    expect(centsIn(shown)).toBe(entries[0]!.balance);
  });

  it('shows the days that are asked for, and all again', async () => {
    const page = await open();
    const all = await days(page);
    const day = all[Math.floor(all.length / 2)]!.slice(0, 10);
    await page.getByLabel('From', { exact: true }).fill(day);
    await page.getByLabel('To', { exact: true }).fill(day);
    await until(async () => {
      const shown = await days(page);
      return shown.length > 0 && shown.every((time) => time.startsWith(day));
    });
    await page.getByLabel('To', { exact: true }).fill('2001-01-01');
    await page.getByLabel('From', { exact: true }).fill('2001-01-01');
    await page.getByText('Nothing moved in this period').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await until(async () => (await days(page)).length === all.length);
  });

  it('loads more, without losing or repeating a movement', async () => {
    const page = await open();
    const more = page.getByRole('button', { name: 'Load more' });
    while (await more.isVisible()) {
      const before = await rows(page).count();
      await more.click();
      await until(async () => (await rows(page).count()) > before);
    }
    const cells = await rows(page).evaluateAll((all) =>
      all.map((row) => [...row.querySelectorAll('td.number')].map((cell) => cell.textContent ?? '')),
    );
    const oldest = cells.at(-1)!;
    expect(centsIn(oldest[0]!)).toBe(centsIn(oldest[1]!));
  });

  it('has a chart that speaks, and says the same as a table', async () => {
    const page = await open();
    const chart = page.getByRole('slider', { name: /^Balance of Everyday/ });
    await chart.focus();
    const last = await chart.getAttribute('aria-valuetext');
    await page.keyboard.press('Home');
    expect(await chart.getAttribute('aria-valuenow')).toBe('1');
    await page.keyboard.press('ArrowRight');
    expect(await chart.getAttribute('aria-valuenow')).toBe('2');
    await page.keyboard.press('End');
    expect(await chart.getAttribute('aria-valuetext')).toBe(last);
    await page.getByText('Show as a table').click();
    const first = await page.locator('.chart-table tbody tr').first().innerText();
    expect(last).toBe(first.trim().replace(/\s*\t\s*/, ': '));
  });
});
