/** A real browser with a bank to visit. */
import { afterAll, afterEach, beforeAll, describe, expect } from '@jest/globals';
import { chromium as launcher, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { startServer, type BankServer } from '../src/server.js';
import { chromium } from './chromium.fixture.js';

export interface Visit {
  /** Whom to sign in; nobody, unless it is given. */
  readonly as?: 'alice' | 'bob' | 'carol' | 'acme' | 'tess';
  readonly at?: string;
  readonly width?: number;
  readonly theme?: 'light' | 'dark';
}

export interface Visitors {
  /** Another window of somebody who has never been here. */
  readonly visit: (how?: Visit) => Promise<Page>;
  readonly url: () => string;
}

/** What the bank is started with, and what is to be done once it has ended. */
export interface Prepared {
  readonly env: NodeJS.ProcessEnv;
  readonly release: () => void | Promise<void>;
}

// Headless, and silent: a browser that reports home would make tests depend on the network.
const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/**
 * Describes what holds in a browser, on a bank of its own. After each test the browser's console has to be clean: no error of
 * the page, and nothing that its Content-Security-Policy forbids. Skipped where there is no browser.
 */
export function describeInBrowser(
  name: string,
  tests: (visitors: Visitors) => void,
  prepare: () => Promise<Prepared> = () => Promise.resolve({ env: { STORAGE: 'memory' }, release: () => {} }),
): void {
  if (chromium === undefined) {
    describe.skip(`${name} (skipped: no Chromium was found; install it, or say where it is by CHROMIUM)`, () =>
      tests({ visit: () => Promise.reject(new Error('There is no browser.')), url: () => '' }));
    return;
  }
  describe(name, () => {
    let server: BankServer;
    let browser: Browser;
    let prepared: Prepared;
    let contexts: BrowserContext[] = [];
    let complaints: string[] = [];

    beforeAll(async () => {
      prepared = await prepare();
      server = await startServer({ ...prepared.env, PORT: '0' });
      await server.ready;
      browser = await launcher.launch({ executablePath: chromium!, args: FLAGS });
    });

    afterEach(async () => {
      const heard = complaints;
      await Promise.all(contexts.map((context) => context.close()));
      contexts = [];
      complaints = [];
      expect(heard).toEqual([]);
    });

    afterAll(async () => {
      await browser?.close();
      await server?.close();
      await prepared?.release();
    });

    const visit = async ({ as, at = '/', width = 1280, theme = 'light' }: Visit = {}): Promise<Page> => {
      const context = await browser.newContext({
        viewport: { width, height: width < 600 ? 800 : 860 },
        colorScheme: theme,
        locale: 'en-GB',
        reducedMotion: 'reduce',
      });
      contexts.push(context);
      const page = await context.newPage();
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => {
        // What the bank refuses is an answer, and a network that fails is arranged by a test; the browser logs each.
        const refused = /^Failed to load resource: (the server responded with a status of 4|net::)/.test(
          message.text(),
        );
        if (['error', 'warning'].includes(message.type()) && !refused) complaints.push(message.text());
      });
      if (as !== undefined) {
        const signedIn = await page.request.post(`${server.url}/api/session`, {
          data: { user: as },
          headers: { origin: server.url },
        });
        expect(signedIn.status()).toBe(200);
      }
      await page.goto(`${server.url}${at}`);
      return page;
    };
    tests({ visit, url: () => server.url });
  });
}
