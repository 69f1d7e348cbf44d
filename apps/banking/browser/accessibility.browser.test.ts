import { expect, it } from '@jest/globals';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { atLength } from '../../../tools/at-length.mjs';
import { until } from './bank.fixture.js';
import { describeInBrowser, type Visit } from './browser.fixture.js';

interface Place {
  readonly name: string;
  readonly as?: NonNullable<Visit['as']>;
  readonly at: string;
  /** What is there once it is complete. */
  readonly complete: string;
  readonly prepare?: (page: Page) => Promise<void>;
}

const PLACES: readonly Place[] = [
  { name: 'signing in', at: '/', complete: '.person' },
  { name: 'the overview', as: 'alice', at: '/', complete: '.chart-line' },
  { name: 'a transfer', as: 'alice', at: '/transfer', complete: '.movement' },
  {
    name: 'a transfer with errors',
    as: 'alice',
    at: '/transfer',
    complete: '.movement',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Send money' }).click();
      await page.locator('.field-error').first().waitFor();
    },
  },
  { name: 'paying several', as: 'acme', at: '/transfer/several', complete: 'option[value^="EC"]' },
  { name: 'standing orders', as: 'alice', at: '/transfer/standing-orders', complete: '.payment-row' },
  {
    name: 'a statement',
    as: 'alice',
    at: '/',
    complete: '.chart-line',
    prepare: async (page) => {
      await page.getByRole('link', { name: 'Everyday' }).click();
      await page.locator('.statement-table').waitFor();
      await page.getByText('Show as a table').click();
    },
  },
  { name: 'nothing', as: 'alice', at: '/nowhere', complete: '.empty' },
  { name: 'the accounts', as: 'tess', at: '/', complete: '.limit' },
  {
    name: 'a dialog',
    as: 'tess',
    at: '/',
    complete: '.limit',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Freeze' }).first().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'the streams', as: 'tess', at: '/explorer', complete: '.stream-id' },
  { name: 'the feed', as: 'tess', at: '/explorer/feed', complete: '.event-row' },
  {
    name: 'a stream',
    as: 'tess',
    at: '/explorer',
    complete: '.stream-id',
    prepare: async (page) => {
      await page.locator('.stream-id').first().click();
      await page.locator('.json-line.changed').first().waitFor();
    },
  },
  {
    name: 'a trace',
    as: 'tess',
    at: '/explorer/streams/customer-alice',
    complete: '.event-list',
    prepare: async (page) => {
      await page.getByRole('link', { name: 'Trace' }).click();
      await page.locator('.tree .tree').waitFor();
    },
  },
  { name: 'the projections', as: 'tess', at: '/projections', complete: '.projection' },
  {
    name: 'the contention demo',
    as: 'tess',
    at: '/contention',
    complete: '.form',
    prepare: async (page) => {
      await page.getByLabel('Transfers', { exact: true }).fill('20');
      await page.getByRole('button', { name: 'Start' }).click();
      await page.getByText('Exactly what it was at the beginning', { exact: true }).waitFor();
    },
  },
];

describeInBrowser('the page', ({ visit }) => {
  it.each(PLACES)('breaks no rule of accessibility in either theme, and fits on a phone: $name', async (place) => {
    const { as, at, complete, prepare } = place;
    // In short, one place is looked at in the one theme, and the next in the other.
    const themes = ['light', 'dark'] as const;
    const shown = atLength ? themes : [themes[PLACES.indexOf(place) % 2]!];
    const page = await visit({ ...(as && { as }), at });
    await page.locator(complete).first().waitFor({ state: 'attached' });
    await prepare?.(page);
    await page.evaluate(axe.source);
    for (const colorScheme of shown) {
      await page.emulateMedia({ colorScheme });
      expect({ colorScheme, violations: await violationsOn(page) }).toEqual({ colorScheme, violations: [] });
    }
    await page.setViewportSize({ width: 360, height: 740 });
    await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
    const tooWide = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
    expect(tooWide).toBe(0);
    if (atLength) expect(await violationsOn(page)).toEqual([]);
  });

  const still = PLACES.filter(({ prepare }) => !prepare).filter((_, index) => atLength || index % 2 === 0);
  it.each(still)('holds still while $name arrives', async (place) => {
    const page = await visit({ ...(place.as && { as: place.as }), at: '/nowhere' });
    // Of what shifts without anybody having done anything, the sum is what a visitor sees jump.
    await page.addInitScript(() => {
      const seen = window as unknown as { shifted: number };
      seen.shifted = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) seen.shifted += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(new URL(place.at, page.url()).href);
    await page.locator(place.complete).first().waitFor({ state: 'attached' });
    await until(async () => (await page.locator('.skeleton').count()) === 0);
    await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
    expect(await page.evaluate(() => (window as unknown as { shifted: number }).shifted)).toBeLessThan(0.02);
  });

  it('has a theme that is chosen and kept', async () => {
    const page = await visit({ as: 'alice', theme: 'light' });
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.getByRole('button', { name: 'Theme: as the system' }).click();
    await page.getByRole('button', { name: 'Theme: light' }).click();
    await page.getByRole('button', { name: 'Theme: dark' }).waitFor();
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.reload();
    expect(await ground()).toBe(dark);
  });

  it('says so when the bank is out of reach, and when it is back', async () => {
    const page = await visit({ as: 'alice' });
    await page.getByText('Live', { exact: true }).waitFor();
    await page.route('**/api/live', (route) => route.fulfill({ status: 429 }));
    await page.reload();
    await page.getByText('Reconnecting…').waitFor();
    await page.locator('.account-card .money').first().waitFor();
    await page.unroute('**/api/live');
    await page.getByText('Live', { exact: true }).waitFor();
  });
});

async function violationsOn(page: Page): Promise<object[]> {
  const { violations, passes } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run());
  // A run that looked at nothing would find nothing.
  expect(passes.map(({ id }) => id)).toContain('color-contrast');
  return violations.map(({ id, nodes }) => ({
    id,
    nodes: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })),
  }));
}
