import { expect, it } from '@jest/globals';
import { choose, until } from './bank.fixture.js';
import { describeInBrowser } from './browser.fixture.js';

describeInBrowser('the event explorer', ({ visit }) => {
  it('finds streams by how they begin, and replays one step by step', async () => {
    const page = await visit({ as: 'tess', at: '/explorer' });
    await page.locator('.streams li').first().waitFor();
    await page.getByRole('searchbox').fill('policy-');
    await until(async () => {
      const ids = await page.locator('.stream-id').allInnerTexts();
      return ids.length > 0 && ids.every((id) => id.startsWith('policy-'));
    });
    await page.getByRole('searchbox').fill('account-');
    await until(async () =>
      (await page.locator('.stream-id').allInnerTexts()).every((id) => id.startsWith('account-')),
    );
    await page
      .locator('.streams li', { hasText: /[1-9]\d events/ })
      .getByRole('link')
      .first()
      .click();

    const version = page.getByRole('slider', { name: 'Version' });
    await version.waitFor();
    await version.focus();
    await page.keyboard.press('Home');
    await page.getByRole('heading', { name: 'Before the first event' }).waitFor();
    expect(await page.locator('.json-line.changed').count()).toBe(0);

    await page.getByRole('button', { name: 'Next event' }).click();
    await page.getByRole('heading', { name: 'State at version 1' }).waitFor();
    const changed = await page.getByRole('region', { name: 'State' }).locator('.changed').allInnerTexts();
    expect(changed.join()).toContain('status: "open"');
    expect(changed.join()).toMatch(/owner: "\w+"/);
    expect(changed.join()).not.toContain('balance');

    await page.getByRole('button', { name: 'Next event' }).click();
    const then = await page.getByRole('region', { name: 'State' }).locator('.changed').allInnerTexts();
    expect(then.join()).toMatch(/balance: \d+/);
    expect(then.join()).not.toContain('owner');
    expect(await page.locator('.event-list [aria-current]').innerText()).toMatch(/^2\s/);
    await page.getByRole('button', { name: 'Previous event' }).click();
    await page.getByRole('heading', { name: 'State at version 1' }).waitFor();
  });

  it('draws what a transfer led to across streams', async () => {
    const acme = await visit({ as: 'acme', at: '/transfer' });
    await choose(acme, 'To', 'Carol Clark · Everyday');
    // As much as the bank looks at by itself: a reaction freezes the account.
    await acme.getByLabel('Amount', { exact: true }).fill('12,000');
    await acme.getByRole('button', { name: 'Send €12,000.00' }).click();
    await acme.getByRole('heading', { name: /sent to Carol Clark/ }).waitFor();

    const page = await visit({ as: 'tess' });
    await page
      .locator('.account-row', { hasText: 'Carol Clark' })
      .filter({ hasText: 'Everyday' })
      .getByRole('link')
      .first()
      .click();
    await page.getByRole('link', { name: 'Trace' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Trace' }).waitFor();
    const root = page.locator('main .tree').first().locator('> .tree-node').first();
    await root.locator('> .tree-command .event-type').first().waitFor();
    expect(await root.locator('> .tree-command .event-type').allInnerTexts()).toEqual(['MoneySent', 'MoneyReceived']);
    expect(await root.locator('> .tree-command .stream-id').allInnerTexts()).toEqual([
      expect.stringMatching(/^account-/),
      expect.stringMatching(/^account-/),
    ]);
  });

  it('shows a reaction below the event that led to it', async () => {
    const page = await visit({ as: 'tess', at: '/explorer' });
    await page.getByRole('searchbox').fill('customer-');
    await until(async () =>
      (await page.locator('.stream-id').allInnerTexts()).every((id) => id.startsWith('customer-')),
    );
    await page.locator('.stream-id').first().click();
    await page.getByRole('link', { name: 'Trace' }).click();
    const reaction = page.locator('.tree .tree .tree-node').first();
    await reaction.waitFor();
    expect(await reaction.innerText()).toMatch(/Reaction[^]*because of AccountOpened[^]*WelcomeBonusGranted/);
  });

  it('tells what happens in the whole store as it happens, unless it is paused', async () => {
    const page = await visit({ as: 'tess', at: '/explorer/feed' });
    const newest = page.locator('.feed .event-row').first();
    await newest.waitFor();
    const bob = await visit({ as: 'bob', at: '/transfer' });
    await choose(bob, 'To', 'Alice Archer · Everyday');
    const send = async (amount: string) => {
      await bob.getByLabel('Amount', { exact: true }).fill(amount);
      await bob.getByRole('button', { name: `Send €${amount}` }).click();
      await bob.getByRole('button', { name: 'Send more money' }).click();
    };
    await send('4.44');
    await until(async () => (await newest.innerText()).includes('€4.44'));
    await page.getByRole('button', { name: 'Pause' }).click();
    await send('5.55');
    await page.getByRole('button', { name: 'Go on' }).click();
    await until(async () => (await newest.innerText()).includes('€5.55'));
    expect(await page.locator('.feed .event-row', { hasText: '€5.55' }).count()).toBe(2);
  });
});
