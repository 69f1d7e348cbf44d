import { expect, it } from '@jest/globals';
import { balanceOf, centsIn, choose, until } from './bank.fixture.js';
import { describeInBrowser } from './browser.fixture.js';

describeInBrowser('a teller', ({ visit }) => {
  it('takes cash, and the customer sees it at once', async () => {
    const [tess, bob] = [await visit({ as: 'tess' }), await visit({ as: 'bob' })];
    const before = await balanceOf(bob, 'Everyday');
    const row = tess.locator('.account-row', { hasText: 'Bob Baker' });
    await row.getByRole('button', { name: 'Deposit' }).click();
    const dialog = tess.getByRole('dialog', { name: 'Deposit cash' });
    await dialog.getByLabel('Amount').fill('50');
    await tess.keyboard.press('Enter');
    await dialog.getByRole('heading', { name: '€50.00 deposited for Bob Baker' }).waitFor();
    await until(async () => (await balanceOf(bob, 'Everyday')) === before + 5000);
    await until(async () => centsIn(await row.locator('.account-row-balance .money').innerText()) === before + 5000);
    await dialog.getByRole('link', { name: 'Trace it' }).click();
    await tess.getByRole('heading', { level: 1, name: 'Trace' }).waitFor();
    expect(await tess.locator('.tree-command .event-type').allInnerTexts()).toEqual(['MoneyDeposited']);
  });

  it('freezes an account with a reason, which its owner then reads', async () => {
    const tess = await visit({ as: 'tess' });
    const row = tess.locator('.account-row', { hasText: 'Savings' });
    await row.getByRole('button', { name: 'Freeze' }).click();
    const dialog = tess.getByRole('dialog', { name: 'Freeze the account' });
    await dialog.getByRole('button', { name: 'Freeze', exact: true }).click();
    await dialog.getByText('in three letters at least').waitFor();
    await dialog.getByLabel('Reason').fill('A court order');
    await dialog.getByRole('button', { name: 'Freeze', exact: true }).click();
    await row.getByText('Frozen').waitFor();

    const alice = await visit({ as: 'alice', at: '/transfer' });
    await choose(alice, 'From', 'Savings');
    await choose(alice, 'To', 'Bob Baker');
    await alice.getByLabel('Amount', { exact: true }).fill('1');
    await alice.getByRole('button', { name: 'Send €1.00' }).click();
    expect(await alice.getByRole('alert').innerText()).toMatch(/frozen[^]*A court order/);

    await row.getByRole('button', { name: 'Unfreeze' }).click();
    await tess.getByRole('dialog').getByLabel('Reason').fill('It was lifted');
    await tess.getByRole('dialog').getByRole('button', { name: 'Unfreeze' }).click();
    await row.getByRole('button', { name: 'Freeze' }).waitFor();
    await alice.getByRole('button', { name: 'Send €1.00' }).click();
    await alice.getByRole('heading', { name: '€1.00 sent to Bob Baker' }).waitFor();
  });

  it('sets how far accounts may be overdrawn', async () => {
    const page = await visit({ as: 'tess' });
    await page.getByLabel('Limit in GBP').fill('333');
    await page.getByRole('button', { name: 'Save GBP' }).click();
    await page.locator('.account-row', { hasText: 'Travel' }).getByText('£333.00 overdraft').waitFor();
    await page.reload();
    await until(async () => (await page.getByLabel('Limit in GBP').inputValue()) === '333.00');
  });

  it('leaves a dialog by Escape, and is where it was', async () => {
    const page = await visit({ as: 'tess' });
    const opener = page.getByRole('button', { name: 'Open account' });
    await opener.click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await opener.evaluate((button) => button === document.activeElement)).toBe(true);
  });

  it('builds a read model anew, and sees how far it has come', async () => {
    const page = await visit({ as: 'tess', at: '/projections' });
    const card = page.locator('.projection', { hasText: 'movements' });
    await card.getByRole('button', { name: 'Rebuild' }).click();
    const progress = card.getByRole('progressbar', { name: 'Rebuilding movements' });
    await until(async () => (await progress.count()) === 1 && (await progress.getAttribute('aria-valuenow')) === '100');
    expect(await card.innerText()).toMatch(/Built from [1-9][\d,]* events/);
  });

  it('lets a crowd loose on three accounts, and all the money is still there', async () => {
    const page = await visit({ as: 'tess', at: '/contention' });
    await page.getByLabel('Transfers', { exact: true }).fill('200');
    await page.getByRole('button', { name: 'Start' }).click();
    const result = page.getByRole('region', { name: 'Conserved total' });
    await result.getByText('Exactly what it was at the beginning', { exact: true }).waitFor();
    expect(await result.innerText()).toMatch(/€300\.00[^]*200 of 200 transfers/);
    const number = (text: string) => Number(text.replace(/\D/g, ''));
    const attempts = await page
      .getByRole('list', { name: 'Attempts that a transfer needed' })
      .locator('.bar-text')
      .allInnerTexts();
    expect(attempts.map(number).reduce((a, b) => a + b)).toBe(200);
    const balances = await page.getByRole('list', { name: 'Balances' }).locator('.bar-text').allInnerTexts();
    expect(balances.map(centsIn).reduce((a, b) => a + b)).toBe(300_00);
  });
});
