import { expect, it } from '@jest/globals';
import { balanceOf, centsIn, choose, until } from './bank.fixture.js';
import { describeInBrowser } from './browser.fixture.js';

describeInBrowser('paying', ({ visit }) => {
  it('reaches the one who is paid while they look on, without a reload', async () => {
    const [alice, bob] = [await visit({ as: 'alice' }), await visit({ as: 'bob' })];
    const before = { alice: await balanceOf(alice, 'Everyday'), bob: await balanceOf(bob, 'Everyday') };
    await bob.evaluate(() => ((window as unknown as { sameDocument: boolean }).sameDocument = true));

    await choose(alice, 'To', 'Bob Baker');
    await alice.getByLabel('Amount', { exact: true }).fill('1234,5');
    await alice.getByLabel('Message (optional)').fill('Rent');
    await alice.getByRole('button', { name: 'Send €1,234.50' }).click();

    const receipt = alice.getByRole('heading', { name: '€1,234.50 sent to Bob Baker' });
    await receipt.waitFor();
    expect(await receipt.evaluate((heading) => heading === document.activeElement)).toBe(true);
    expect(await alice.locator('.receipt .facts').innerText()).toMatch(/Attempts\s+1/);
    await until(async () => (await balanceOf(alice, 'Everyday')) === before.alice - 123_450);
    await until(async () => (await balanceOf(bob, 'Everyday')) === before.bob + 123_450);
    await bob.locator('.recent li', { hasText: 'Rent' }).getByText('+€1,234.50').waitFor();
    expect(await bob.evaluate(() => (window as unknown as { sameDocument: boolean }).sameDocument)).toBe(true);
  });

  it('says at the amount how much there is, where it is too little, and sends what is then left', async () => {
    const page = await visit({ as: 'carol', at: '/transfer' });
    await choose(page, 'From', 'Travel');
    await page.getByText('£570.00 available').waitFor();
    await page.getByRole('button', { name: 'Send money' }).click();
    const to = page.getByLabel('To', { exact: true });
    await until(() => to.evaluate((control) => control === document.activeElement));
    await page.getByText('Choose who gets the money.').waitFor();
    await page.getByText('Enter an amount.').waitFor();

    await choose(page, 'From', 'Everyday');
    await choose(page, 'To', 'Bob Baker');
    const amount = page.getByLabel('Amount', { exact: true });
    await amount.fill('9,000,000');
    await page.getByRole('button', { name: /^Send €9/ }).click();
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.innerText()).toMatch(/not enough money[^]*€[\d,.]+ is available/);
    expect(await amount.getAttribute('aria-invalid')).toBe('true');
    const described = await amount.getAttribute('aria-describedby');
    const note = await page.locator(`[id="${described}"]`).innerText();
    expect(note).toMatch(/^At most €/);

    await amount.fill(`${centsIn(note) / 100 - 5000}`);
    expect(await amount.getAttribute('aria-invalid')).toBeNull();
    await page.getByRole('button', { name: /^Send €/ }).click();
    await page.getByRole('heading', { name: /sent to Bob Baker$/ }).waitFor();
  });

  it('needs no mouse', async () => {
    const page = await visit({ as: 'bob' });
    await page.locator('.account-card').first().waitFor();
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
    await press('Tab');
    expect(await focused()).toBe('Skip to content');
    while ((await focused()) !== 'Transfer') await press('Tab');
    await press('Enter');
    await until(async () => (await focused()) === 'Send money');

    const label = () =>
      page.evaluate(() => (document.activeElement as HTMLInputElement | null)?.labels?.[0]?.textContent ?? '');
    while ((await label()) !== 'To') await press('Tab');
    await page.locator('option', { hasText: 'Alice Archer' }).first().waitFor({ state: 'attached' });
    await page.keyboard.type('Alice');
    await press('Tab');
    expect(await label()).toBe('Amount');
    await page.keyboard.type('3.20');
    await press('Enter');
    await until(async () => (await focused()) === '€3.20 sent to Alice Archer');
  });

  it('is sent again under the same key when the network fails, and done once', async () => {
    const page = await visit({ as: 'alice', at: '/transfer' });
    await choose(page, 'To', 'Carol Clark · Everyday');
    const keys: string[] = [];
    await page.route('**/api/transfers', async (route) => {
      keys.push((await route.request().headerValue('idempotency-key')) ?? '');
      // Done, and the answer lost; then not even sent.
      if (keys.length === 1) await route.fetch();
      if (keys.length <= 2) await route.abort('connectionreset');
      else await route.continue();
    });
    await page.getByLabel('Amount', { exact: true }).fill('7.77');
    await page.getByRole('button', { name: 'Send €7.77' }).click();
    await page.getByRole('heading', { name: '€7.77 sent to Carol Clark' }).waitFor();
    await page.getByText('nothing was done twice').waitFor();
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    await until(async () => (await page.locator('.recent li', { hasText: '€7.77' }).count()) === 1);
  });

  it('says that it does not know how it ended, and pressing the button again pays once', async () => {
    const page = await visit({ as: 'alice', at: '/transfer' });
    await choose(page, 'To', 'Carol Clark · Everyday');
    const keys: string[] = [];
    await page.route('**/api/transfers', async (route) => {
      keys.push((await route.request().headerValue('idempotency-key')) ?? '');
      await route.fetch();
      await route.abort('connectionreset');
    });
    await page.getByLabel('Amount', { exact: true }).fill('8.88');
    const button = page.getByRole('button', { name: 'Send €8.88' });
    await button.click();
    await page.getByRole('alert').getByText('We could not reach the bank').waitFor();
    await page.unroute('**/api/transfers');
    const again = page.waitForRequest('**/api/transfers');
    await button.click();
    keys.push((await (await again).headerValue('idempotency-key')) ?? '');
    await page.getByText('nothing was done twice').waitFor();
    expect(new Set(keys).size).toBe(1);
    await until(async () => (await page.locator('.recent li', { hasText: '€8.88' }).count()) === 1);
  });

  it('pays several at once, evenly to the cent', async () => {
    const page = await visit({ as: 'acme', at: '/transfer/several' });
    const everybody = page.getByRole('button', { name: 'Everybody in EUR' });
    await until(() => everybody.isEnabled());
    await everybody.click();
    await page.getByLabel('Amount for payee 1').fill('100');
    await page.getByRole('button', { name: 'Remove payee 4' }).click();
    await page.getByRole('button', { name: 'Split evenly' }).click();
    const amounts = page.getByRole('textbox', { name: /^Amount for payee/ });
    expect(await Promise.all((await amounts.all()).map((input) => input.inputValue()))).toEqual([
      '33.34',
      '33.33',
      '33.33',
    ]);
    await page.getByRole('button', { name: 'Pay €100.00' }).click();
    await page.getByRole('heading', { name: '€100.00 paid to 3 accounts' }).waitFor();
  });

  it('keeps standing orders, and carries them out', async () => {
    const page = await visit({ as: 'bob', at: '/transfer/standing-orders' });
    await page.getByText('No standing orders yet').waitFor();
    await page.getByRole('button', { name: 'Add an order' }).click();
    await choose(page, 'Payee 1', 'Carol Clark · Everyday');
    await page.getByLabel('Amount for payee 1').fill('12');
    expect(await page.getByRole('button', { name: 'Carry out now' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Save' }).click();
    const carryOut = page.getByRole('button', { name: 'Carry out now' });
    await until(() => carryOut.isEnabled());
    await carryOut.click();
    await page.getByRole('heading', { name: '€12.00 paid by standing order' }).waitFor();
  });
});
