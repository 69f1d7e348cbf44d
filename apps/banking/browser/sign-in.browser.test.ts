import { expect, it } from '@jest/globals';
import { describeInBrowser } from './browser.fixture.js';

describeInBrowser('signing in', ({ visit }) => {
  it('shows who one may be, and then what is theirs', async () => {
    const page = await visit();
    await page.getByRole('button', { name: 'Bob Baker' }).click();
    await page.getByRole('heading', { level: 1, name: /Bob$/ }).waitFor();
    expect(await page.title()).toBe('Overview · Eventide Bank');
    expect(await page.locator('.account-card').count()).toBe(1);
  });

  it('names each module that it loads, so that none is found only when another was read', async () => {
    const page = await visit({ as: 'alice' });
    const [named, loaded] = await page.evaluate(() => [
      [...document.querySelectorAll<HTMLLinkElement>('link[rel=modulepreload]')].map(({ href }) => href),
      performance.getEntriesByType('resource').flatMap(({ name }) => (/\.m?js$/.test(name) ? [name] : [])),
    ]);
    expect(loaded!.length).toBeGreaterThan(50);
    expect(loaded!.filter((name) => !named!.includes(name) && !name.endsWith('/theme.js'))).toEqual([]);
  });

  it('leads to where one wanted to be', async () => {
    const page = await visit({ at: '/projections' });
    await page.getByRole('button', { name: 'Tess Tellmann' }).click();
    const heading = page.getByRole('heading', { level: 1, name: 'Projections' });
    await heading.waitFor();
    expect(await heading.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('lasts over a reload, and ends when one signs out', async () => {
    const page = await visit({ as: 'alice' });
    await page.getByRole('heading', { level: 1, name: /Alice$/ }).waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: /Alice$/ }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { level: 1, name: 'Who are you today?' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Who are you today?' }).waitFor();
  });

  it.each([
    '/explorer',
    '/explorer/feed',
    '/explorer/streams/policy-EUR',
    '/explorer/trace/x',
    '/projections',
    '/contention',
  ])('shows a customer nothing at %s', async (at) => {
    const page = await visit({ as: 'alice', at });
    await page.getByRole('heading', { level: 1, name: 'There is nothing here' }).waitFor();
    expect(await page.getByRole('navigation', { name: 'Main' }).innerText()).not.toMatch(
      /Events|Projections|Contention/,
    );
  });

  it("shows a customer nothing of another's account", async () => {
    const teller = await visit({ as: 'tess' });
    const link = teller.locator('.account-row', { hasText: 'Bob Baker' }).getByRole('link').first();
    const at = (await link.getAttribute('href')) ?? '';
    expect(at).toMatch(/^\/accounts\/EC/);
    const page = await visit({ as: 'alice', at });
    await page.getByRole('heading', { level: 1, name: 'There is nothing here' }).waitFor();
    expect(await page.locator('main').innerText()).not.toContain('Bob');
  });
});
