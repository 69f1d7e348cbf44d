import { expect, it, jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { createTestDatabase } from '../src/test-database.fixture.js';
import { balanceOf, choose, until } from './bank.fixture.js';
import { describeInBrowser, type Prepared } from './browser.fixture.js';

// A machine may be busy with other things, and nothing is concluded from how long it takes.
jest.setTimeout(180_000);

const STORAGES: Readonly<Record<string, () => Promise<Prepared>>> = {
  PGlite: async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'bank-in-browser-'));
    return {
      env: { STORAGE: 'pglite', BANK_DATA: path.join(folder, 'bank') },
      release: () => rmSync(folder, { recursive: true, force: true }),
    };
  },
  PostgreSQL: async () => {
    const { url, drop } = await createTestDatabase();
    return { env: { DATABASE_URL: url }, release: drop };
  },
};

for (const [storage, prepare] of Object.entries(STORAGES)) {
  describeInBrowser(
    `the page of a bank on ${storage}`,
    ({ visit }) => {
      it('shows a payment to both sides at once, and to a teller what it was', async () => {
        const [alice, bob] = [await visit({ as: 'alice' }), await visit({ as: 'bob' })];
        const before = { alice: await balanceOf(alice, 'Everyday'), bob: await balanceOf(bob, 'Everyday') };
        await choose(alice, 'To', 'Bob Baker');
        await alice.getByLabel('Amount', { exact: true }).fill('10.01');
        await alice.getByRole('button', { name: 'Send €10.01' }).click();
        await alice.getByRole('heading', { name: '€10.01 sent to Bob Baker' }).waitFor();
        await until(async () => (await balanceOf(alice, 'Everyday')) === before.alice - 10_01);
        await until(async () => (await balanceOf(bob, 'Everyday')) === before.bob + 10_01);

        const tess = await visit({ as: 'tess', at: '/explorer/feed' });
        const sent = tess.locator('.event-row', { hasText: '€10.01' }).first();
        await sent.getByRole('link', { name: 'Trace' }).click();
        await tess.locator('.tree-command').first().waitFor();
        expect(await tess.locator('.tree-command .event-type').allInnerTexts()).toEqual(['MoneySent', 'MoneyReceived']);
      });

      it('builds a read model anew, and keeps all the money of a crowd', async () => {
        const page = await visit({ as: 'tess', at: '/projections' });
        const card = page.locator('.projection', { hasText: 'accounts' });
        await card.getByRole('button', { name: 'Rebuild' }).click();
        await card.getByText(/^Built from/).waitFor();
        await page.getByRole('link', { name: 'Contention' }).click();
        await page.getByLabel('Transfers', { exact: true }).fill('20');
        await page.getByRole('button', { name: 'Start' }).click();
        // PGlite is in this process, as the server and these tests are.
        await page.getByText('Exactly what it was at the beginning', { exact: true }).waitFor({ timeout: 120_000 });
      });
    },
    prepare,
  );
}
