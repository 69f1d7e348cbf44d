/** What the API does, on whatever store. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { START } from '@eventcore/core';
import { rowsOf } from '@eventcore/core/consumers';
import { randomUUID } from 'node:crypto';
import { Bank, type BankStore } from '../bank.js';
import { isDemonstration } from '../people.js';
import { Accounts } from '../read-models/accounts.js';
import { Holdings } from '../read-models/holdings.js';
import { Movements } from '../read-models/movements.js';
import { createApp } from './app.js';
import { Client, eventsOf, type App } from './client.fixture.js';
import type {
  OverdraftPolicy,
  AccountView,
  BalanceHistory,
  CausationTree,
  ContentionProgress,
  EventList,
  LiveAccounts,
  Payee,
  ProjectionView,
  RebuildProgress,
  Statement,
  StandingOrders,
  StreamList,
  StreamStates,
} from './messages.js';

/** `open` makes an empty store, with what closes it. */
export function apiSuite(title: string, open: () => Promise<{ store: BankStore; close: () => Promise<void> }>): void {
  describe(title, () => {
    let bank: Bank;
    let app: App;
    let close: () => Promise<void>;
    let alice: Client;
    let bob: Client;
    let acme: Client;
    let tess: Client;

    beforeAll(async () => {
      const opened = await open();
      close = opened.close;
      bank = new Bank(opened.store);
      app = await createApp(bank, { secret: 'known to the test', storage: 'a test' });
      alice = await Client.signIn(app, 'alice');
      bob = await Client.signIn(app, 'bob');
      acme = await Client.signIn(app, 'acme');
      tess = await Client.signIn(app, 'tess');
    });
    afterAll(async () => {
      await bank.close();
      await close();
    });

    const eur = (cents: number) => ({ cents, currency: 'EUR' });

    /** A new account, with as much money on it, and whatever bonus came with it. */
    async function accountOf(client: Client, cents: number, name = 'Everyday'): Promise<string> {
      const { account } = await client.post('/api/accounts', { name, currency: 'EUR' });
      if (cents > 0) await tess.post(`/api/accounts/${account}/deposits`, { amount: eur(cents) });
      return account!;
    }

    /** The account when everything that followed from the past has been done. */
    async function viewOf(client: Client, account: string): Promise<AccountView> {
      const head = await bank.store.capabilities.head();
      await bank.runner.caughtUp(head);
      const after = await bank.store.capabilities.head();
      const accounts = await client.get<AccountView[]>(`/api/accounts?after=${after}`);
      return accounts.find((view) => view.account === account)!;
    }

    const balanceOf = async (client: Client, account: string) => (await viewOf(client, account)).balance.cents;

    it('opens an account once for a key, and welcomes a customer once', async () => {
      const key = randomUUID();
      const wanted = { name: 'First', currency: 'GBP' };
      const carol = await Client.signIn(app, 'carol');
      const first = await carol.post('/api/accounts', wanted, key);
      const again = await carol.post('/api/accounts', wanted, key);
      expect(again).toEqual({ ...first, duplicate: true });
      expect(first.account).toMatch(/^EC\d{14}$/);
      const second = await carol.post('/api/accounts', wanted);
      expect(await viewOf(carol, first.account!)).toMatchObject({
        name: 'First',
        owner: 'carol',
        ownerName: 'Carol Clark',
        balance: { cents: 25_00, currency: 'GBP' },
        status: 'open',
        overdraft: 0,
      });
      expect(await balanceOf(carol, second.account!)).toBe(0);
    });

    it('refuses a key that was used for something else, and takes it from somebody else', async () => {
      const account = await accountOf(alice, 100);
      const others = await accountOf(bob, 100);
      const key = randomUUID();
      await alice.post(`/api/accounts/${account}/withdrawals`, { amount: eur(1) }, key);
      const problem = await alice.refused('POST', `/api/accounts/${account}/withdrawals`, { amount: eur(2) }, key);
      expect(problem).toMatchObject({ status: 409, code: 'COMMAND_ID_REUSED' });
      await bob.post(`/api/accounts/${others}/withdrawals`, { amount: eur(3) }, key);
    });

    it('transfers money, and shows it to whoever asks for what he has written', async () => {
      const [from, to] = [await accountOf(alice, 100_00, 'Payer'), await accountOf(bob, 0)];
      const transfer = { from, to, amount: eur(40_00), memo: ' Dinner ' };
      const { position, correlationId, attempts } = await alice.post('/api/transfers', transfer);
      expect(attempts).toBeGreaterThan(0);

      const path = `/api/accounts/${from}/statement?after=${position}`;
      const { entries, next } = await alice.get<Statement>(path);
      expect(next).toBeNull();
      expect(entries[0]).toEqual({
        id: expect.any(String),
        time: expect.any(String),
        kind: 'transfer-out',
        change: eur(-40_00),
        balance: eur(entries[1]!.balance.cents - 40_00),
        counterparty: { account: to, ownerName: 'Bob Baker' },
        memo: 'Dinner',
        correlationId,
      });
      const { entries: theirs } = await bob.get<Statement>(`/api/accounts/${to}/statement?after=${position}`);
      expect(theirs[0]).toMatchObject({ kind: 'transfer-in', change: eur(40_00), correlationId });
    });

    it('says which rule was broken, with what a page needs to say more', async () => {
      const [from, to] = [await accountOf(alice, 0), await accountOf(bob, 0)];
      const { balance } = await viewOf(alice, from);
      const amount = eur(balance.cents + 1);
      expect(await alice.refused('POST', '/api/transfers', { from, to, amount })).toMatchObject({
        status: 422,
        title: 'The bank says no',
        code: 'BUSINESS_RULE_VIOLATION',
        rule: 'insufficient-funds',
        data: { account: `account-${from}`, available: balance.cents, missing: 1, currency: 'EUR' },
      });
    });

    it('says what is not valid, and where', async () => {
      const account = await accountOf(alice, 0);
      const path = `/api/accounts/${account}/withdrawals`;
      expect(await alice.refused('POST', path, { amount: { cents: 0, currency: 'XAU' } })).toMatchObject({
        status: 400,
        code: 'invalid',
        issues: [
          { path: 'amount.cents', message: expect.any(String) },
          { path: 'amount.currency', message: expect.any(String) },
        ],
      });
      const toItself = { from: account, to: account, amount: eur(1) };
      expect(await alice.refused('POST', '/api/transfers', toItself)).toMatchObject({
        status: 400,
        code: 'VALIDATION',
      });
      expect(await alice.refused('POST', path, { amount: eur(1) }, 'short')).toMatchObject({
        status: 400,
        issues: [{ path: 'idempotency-key' }],
      });
    });

    it('shows customers their own accounts, and nothing of others', async () => {
      const [own, others] = [await accountOf(alice, 10), await accountOf(bob, 10)];
      const seen = await alice.get<AccountView[]>('/api/accounts');
      expect(new Set(seen.map(({ owner }) => owner))).toEqual(new Set(['alice']));
      const nothing = await alice.refused('GET', '/api/accounts/EC00/statement');
      expect(nothing).toMatchObject({ status: 404, code: 'not-found' });
      for (const [method, path, body] of [
        ['GET', `/api/accounts/${others}/statement`],
        ['GET', `/api/accounts/${others}/balance-history`],
        ['GET', `/api/accounts/${others}/standing-orders`],
        ['PUT', `/api/accounts/${others}/standing-orders`, { orders: [] }],
        ['POST', `/api/accounts/${others}/standing-orders/payments`],
        ['POST', `/api/accounts/${others}/withdrawals`, { amount: eur(1) }],
        ['POST', `/api/accounts/${others}/close`],
        ['POST', '/api/transfers', { from: others, to: own, amount: eur(1) }],
        ['POST', '/api/payments', { from: others, payments: [{ to: own, amount: eur(1) }] }],
      ] as const) {
        const { status, body: problem } = await alice.ask<object>(method, path, body, randomUUID());
        expect([path, status]).toEqual([path, 404]);
        // Word for word what is said of an account that there is not.
        expect(problem).toEqual({ ...nothing, detail: nothing.detail.replace('EC00', others) });
      }
      const all = await tess.get<AccountView[]>('/api/accounts');
      expect(all.map(({ account }) => account)).toEqual(expect.arrayContaining([own, others]));
    });

    it('lets only tellers do what is for tellers', async () => {
      const account = await accountOf(alice, 0);
      for (const [method, path, body] of [
        ['POST', `/api/accounts/${account}/deposits`, { amount: eur(1) }],
        ['POST', `/api/accounts/${account}/freeze`, { reason: 'because' }],
        ['POST', `/api/accounts/${account}/unfreeze`, { reason: 'because' }],
        ['PUT', '/api/policy/overdraft', { currency: 'USD', limit: 1 }],
        ['GET', '/api/policy/overdraft'],
        ['POST', '/api/accounts', { name: 'For another', currency: 'EUR', owner: 'bob' }],
        ['POST', '/api/projections/accounts/rebuild', {}],
        ['POST', '/api/contention', { accounts: 2, transfers: 1, concurrency: 1 }],
        ['GET', '/api/projections'],
        ['GET', '/api/explorer/events'],
        ['GET', '/api/explorer/streams'],
        ['GET', `/api/explorer/streams/account-${account}/events`],
        ['GET', `/api/explorer/streams/account-${account}/states`],
        ['GET', '/api/explorer/correlations/any'],
      ] as const) {
        const { status, body: problem } = await alice.ask<object>(method, path, body, randomUUID());
        expect([path, status, problem]).toEqual([path, 403, expect.objectContaining({ code: 'tellers-only' })]);
      }
    });

    it('pays many from one, or nobody; those of a company are wages', async () => {
      const [from, first, second] = [
        await accountOf(acme, 90_000_00),
        await accountOf(alice, 0),
        await accountOf(bob, 0),
      ];
      const before = await balanceOf(alice, first);
      const payments = [
        { to: first, amount: eur(20_000_00) },
        { to: second, amount: eur(30_000_00) },
      ];
      const { position } = await acme.post('/api/payments', { from, payments, memo: 'November' });
      const { entries } = await alice.get<Statement>(`/api/accounts/${first}/statement?after=${position}`);
      expect(entries[0]).toMatchObject({ kind: 'wages', memo: 'November', balance: eur(before + 20_000_00) });
      // As wages, not even large ones look like fraud.
      expect((await viewOf(acme, from)).status).toBe('open');

      const tooMuch = [payments[0]!, { to: second, amount: eur(90_000_00) }];
      const problem = await acme.refused('POST', '/api/payments', { from, payments: tooMuch });
      expect(problem).toMatchObject({ status: 422, rule: 'insufficient-funds' });
      expect(await balanceOf(alice, first)).toBe(before + 20_000_00);
    });

    it('takes payees that are accounts, each once', async () => {
      const [from, to] = [await accountOf(alice, 100), await accountOf(bob, 0)];
      const payment = { to, amount: eur(1) };
      const pay = async (...payees: string[]) =>
        (
          await alice.ask(
            'POST',
            '/api/payments',
            { from, payments: payees.map((payee) => ({ ...payment, to: payee })) },
            randomUUID(),
          )
        ).status;
      expect(await pay(to, to)).toBe(400);
      expect(await pay(to, from)).toBe(400);
      expect(await pay('__proto__')).toBe(400);
      expect(await pay('')).toBe(400);
      // One that there is not, whatever it is called.
      expect(await pay('constructor')).toBe(422);
      const tooMuch = { ...payment, amount: eur(Number.MAX_SAFE_INTEGER) };
      expect(await alice.refused('POST', '/api/transfers', { from, ...tooMuch })).toMatchObject({ status: 400 });
    });

    it('keeps standing orders, and carries them out', async () => {
      const [account, to] = [await accountOf(alice, 50_00), await accountOf(bob, 0)];
      const orders = [{ to, amount: eur(5_00) }];
      await alice.put(`/api/accounts/${account}/standing-orders`, { orders });
      expect(await alice.get<StandingOrders>(`/api/accounts/${account}/standing-orders`)).toEqual({ orders });
      const before = await balanceOf(bob, to);
      await alice.post(`/api/accounts/${account}/standing-orders/payments`);
      expect(await balanceOf(bob, to)).toBe(before + 5_00);
    });

    it('freezes and unfreezes, and freezes by itself where a large amount has left', async () => {
      const [account, to] = [await accountOf(alice, 30_000_00), await accountOf(bob, 0)];
      const transfer = { from: account, to, amount: eur(1) };
      await tess.post(`/api/accounts/${account}/freeze`, { reason: 'A court order' });
      expect((await viewOf(alice, account)).status).toBe('frozen');
      const problem = await alice.refused('POST', '/api/transfers', transfer);
      expect(problem).toMatchObject({ rule: 'account-frozen', data: { reason: 'A court order' } });
      await tess.post(`/api/accounts/${account}/unfreeze`, { reason: 'It was lifted' });
      await alice.post('/api/transfers', transfer);

      await alice.post('/api/transfers', { ...transfer, amount: eur(10_000_00) });
      expect((await viewOf(alice, account)).status).toBe('frozen');
    });

    it('lets accounts be overdrawn as far as the policy says', async () => {
      const { account } = await alice.post('/api/accounts', { name: 'Dollars', currency: 'USD' });
      await tess.put('/api/policy/overdraft', { currency: 'USD', limit: 70_00 });
      expect(await viewOf(alice, account!)).toMatchObject({ overdraft: 70_00 });
      const { limits } = await tess.get<OverdraftPolicy>('/api/policy/overdraft');
      expect(limits).toContainEqual({ currency: 'USD', limit: 70_00 });
      expect(limits.map(({ currency }) => currency)).toEqual(['EUR', 'GBP', 'USD']);
      const amount = { cents: (await balanceOf(alice, account!)) + 70_00, currency: 'USD' };
      await alice.post(`/api/accounts/${account}/withdrawals`, { amount });
      expect(await balanceOf(alice, account!)).toBe(-70_00);
    });

    it('closes an account that is empty, and offers it to nobody as a payee', async () => {
      const account = await accountOf(alice, 0, 'To be closed');
      const rest = await balanceOf(alice, account);
      if (rest > 0) await alice.post(`/api/accounts/${account}/withdrawals`, { amount: eur(rest) });
      const payees = async () => (await bob.get<Payee[]>('/api/payees')).map((payee) => payee.account);
      expect(await payees()).toContain(account);
      await alice.post(`/api/accounts/${account}/close`);
      expect((await viewOf(alice, account)).status).toBe('closed');
      expect(await payees()).not.toContain(account);
    });

    it('gives a statement page by page, and by days', async () => {
      const account = await accountOf(alice, 1_000_00);
      const balance = await balanceOf(alice, account);
      for (let turn = 0; turn < 60; turn++) {
        await alice.post(`/api/accounts/${account}/withdrawals`, { amount: eur(1) });
      }
      expect(await balanceOf(alice, account)).toBe(balance - 60);
      const first = await alice.get<Statement>(`/api/accounts/${account}/statement`);
      const second = await alice.get<Statement>(`/api/accounts/${account}/statement?before=${first.next}`);
      const entries = [...first.entries, ...second.entries];
      expect(first.entries).toHaveLength(50);
      expect(second.next).toBeNull();
      expect(entries.slice(0, 60).map(({ balance: { cents } }) => cents)).toEqual(
        Array.from({ length: 60 }, (_, index) => balance - 60 + index),
      );
      expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);

      const years = { before: '2020-01-01', after: '2099-01-01' };
      const on = async (query: string) =>
        (await alice.get<Statement>(`/api/accounts/${account}/statement?${query}`)).entries;
      expect(await on(`from=${years.before}&to=${years.after}`)).toEqual(first.entries);
      expect(await on(`to=${years.before}`)).toEqual([]);
      expect(await on(`from=${years.after}`)).toEqual([]);

      // A day begins elsewhere at another moment, and a moment with its zone says when.
      const last = new Date(first.entries[0]!.time);
      const at = (later: number) => encodeURIComponent(new Date(last.getTime() + later).toISOString());
      expect(await on(`from=${at(1)}`)).toEqual([]);
      expect((await on(`from=${at(0)}`))[0]).toEqual(first.entries[0]);
      expect((await on(`to=${at(0)}`))[0]).toEqual(first.entries[0]);
      expect((await on(`to=${at(-1)}`)).map(({ id }) => id)).not.toContain(first.entries[0]!.id);
      const there = new Date(last.getTime() + 60 * 60 * 1000).toISOString().replace('Z', '+01:00');
      expect((await on(`from=${encodeURIComponent(there)}`))[0]).toEqual(first.entries[0]);
      // A page never begins before its period does.
      expect(await on(`to=${years.before}&before=${first.next}`)).toEqual([]);
      for (const time of ['yesterday', '2026-01-01T00:00', '2026-13-01', '1767225600000']) {
        const problem = await alice.refused('GET', `/api/accounts/${account}/statement?from=${time}`);
        expect([time, problem.status, problem.issues?.[0]?.path]).toEqual([time, 400, 'from']);
      }

      const history = await alice.get<BalanceHistory>(`/api/accounts/${account}/balance-history`);
      expect(history.points.map(({ cents }) => cents)).toEqual(entries.map((entry) => entry.balance.cents).reverse());
    });

    it.each(['zzz', '!', '0', "'; DROP TABLE events"])('takes %s for no position', async (after) => {
      const query = `after=${encodeURIComponent(after)}`;
      expect((await alice.ask('GET', `/api/accounts?${query}`)).status).toBe(400);
      expect((await tess.ask('GET', `/api/explorer/events?${query}`)).status).toBe(400);
    });

    it('lets whoever asks for what he has written wait until it can be read', async () => {
      const account = await accountOf(alice, 10_00);
      const before = await balanceOf(alice, account);
      await bank.runner.pause();
      const { position } = await alice.post(`/api/accounts/${account}/withdrawals`, { amount: eur(1) });
      const reading = alice.get<AccountView[]>(`/api/accounts?after=${position}`);
      const waiting = new Promise((resolve) => setTimeout(resolve, 50, 'waiting'));
      expect(await Promise.race([reading, waiting])).toBe('waiting');
      bank.runner.resume();
      const view = (await reading).find((seen) => seen.account === account);
      expect(view!.balance.cents).toBe(before - 1);
    });

    it('refuses to wait for what nobody has written', async () => {
      const problem = await alice.refused('GET', '/api/accounts?after=9999999999999999.0000');
      expect(problem).toMatchObject({ status: 400, issues: [{ path: 'after' }] });
    });

    it('tells of accounts as they change, each user of his own', async () => {
      const [from, to] = [await accountOf(alice, 10_00), await accountOf(bob, 0)];
      await viewOf(alice, from);
      const response = await bob.open('/api/live');
      const heard: LiveAccounts[] = [];
      for await (const { event, data } of eventsOf<LiveAccounts>(response)) {
        // The first thing that is heard says that somebody listens.
        if (event === 'ping') await alice.post('/api/transfers', { from, to, amount: eur(7) });
        else heard.push(data);
        if (event === 'accounts' && data.accounts.some(({ account }) => account === to)) break;
      }
      expect(
        heard.flatMap(({ accounts }) => accounts.map(({ owner }) => owner)).every((owner) => owner === 'bob'),
      ).toBe(true);
      const { balance } = heard.at(-1)!.accounts.find(({ account }) => account === to)!;
      expect(balance.cents).toBe(await balanceOf(bob, to));
    });

    it('explores streams, their states, and what led to what', async () => {
      const dora = await tess.post('/api/accounts', { name: 'Explored', currency: 'EUR', owner: 'acme' });
      const stream = `account-${dora.account}`;
      await tess.post(`/api/accounts/${dora.account}/deposits`, { amount: eur(3) });

      const { streams } = await tess.get<StreamList>(`/api/explorer/streams?prefix=${stream}`);
      expect(streams).toEqual([{ stream, version: expect.any(Number) }]);
      const { events } = await tess.get<EventList>(`/api/explorer/streams/${stream}/events`);
      expect(events[0]).toMatchObject({ type: 'AccountOpened', version: 1, metadata: { user: 'tess' } });
      const { initial, steps } = await tess.get<StreamStates>(`/api/explorer/streams/${stream}/states`);
      expect(initial).toMatchObject({ status: 'none', balance: 0 });
      expect(steps.map(({ event }) => event)).toEqual(events);
      expect(steps[0]!.state).toMatchObject({ status: 'open', owner: 'acme', balance: 0 });
      expect(steps.at(-1)!.state).toMatchObject({ balance: (await viewOf(tess, dora.account!)).balance.cents });

      const feed = await tess.get<EventList>('/api/explorer/events');
      expect(feed.events.length).toBeGreaterThanOrEqual(100);
      const more = await tess.get<EventList>(`/api/explorer/events?after=${feed.next}`);
      expect(more.events[0]!.position > feed.events.at(-1)!.position).toBe(true);
    });

    it('has no streams of what is no type of its own', async () => {
      for (const stream of ['constructor-x', 'toString-x', 'other-x']) {
        for (const what of ['events', 'states']) {
          const problem = await tess.refused('GET', `/api/explorer/streams/${stream}/${what}`);
          expect([stream, problem.status, problem.code]).toEqual([stream, 404, 'not-found']);
        }
      }
    });

    it('begins its feed with the newest, and goes on from there', async () => {
      const account = await accountOf(alice, 10_00);
      const { position } = await tess.post(`/api/accounts/${account}/deposits`, { amount: eur(1_00) });
      let newest: EventList;
      // The server hears of it a moment later. A feed that never comes as far runs into the test's time limit.
      do newest = await tess.get<EventList>('/api/explorer/events?last=100');
      while (newest.next! < position);
      expect(newest.events.length).toBeLessThanOrEqual(100);
      expect(newest.events.map((event) => event.position)).toContain(position);
      expect(newest.events.at(-1)!.position).toBe(newest.next);

      const { position: later } = await tess.post(`/api/accounts/${account}/deposits`, { amount: eur(1_00) });
      const { events } = await tess.get<EventList>(`/api/explorer/events?after=${newest.next}`);
      expect(events.map((event) => event.position)).toContain(later);
    });

    it('shows that the bonus followed from the opening', async () => {
      const bonus = (await bank.store.readAll({ after: START, limit: 1000 })).events.find(
        ({ type }) => type === 'BonusReceived',
      )!;
      const tree = await tess.get<CausationTree>(`/api/explorer/correlations/${bonus.correlationId}`);
      expect(tree.commands).toHaveLength(1);
      const [opening] = tree.commands;
      expect(opening).toMatchObject({ causedBy: null, events: [{ type: 'AccountOpened' }] });
      expect(opening!.led).toMatchObject([
        {
          causedBy: opening!.events[0]!.id,
          events: [{ type: 'WelcomeBonusGranted' }, { type: 'BonusReceived' }],
          led: [],
        },
      ]);
      expect(await tess.refused('GET', '/api/explorer/correlations/nothing')).toMatchObject({ status: 404 });
    });

    it('builds a read model anew, and tells how far it has come', async () => {
      const account = await accountOf(alice, 12_00);
      const before = await viewOf(alice, account);
      const progress: RebuildProgress[] = [];
      for await (const { event, data } of eventsOf<RebuildProgress>(
        await tess.open('/api/projections/accounts/rebuild', { method: 'POST', body: '{}' }),
      )) {
        expect(event).toBe('progress');
        progress.push(data);
      }
      expect(progress.at(-1)).toMatchObject({ finished: true, left: 0 });
      expect(progress.at(-1)!.done).toBe(progress.at(-1)!.total);
      expect(await viewOf(alice, account)).toEqual(before);
      expect(await tess.refused('POST', '/api/projections/nothing/rebuild')).toMatchObject({ status: 404 });
    });

    it('lets a crowd loose on a few accounts, and neither makes nor loses money', async () => {
      const wanted = { accounts: 3, transfers: 60, concurrency: 12 };
      let last: ContentionProgress | undefined;
      // Others get a word in meanwhile: here, whoever counts the turns of the event loop.
      let turns = 0;
      let next = setImmediate(function again() {
        turns += 1;
        next = setImmediate(again);
      });
      for await (const { event, data } of eventsOf<ContentionProgress>(
        await tess.open('/api/contention', { method: 'POST', body: JSON.stringify(wanted) }),
      )) {
        expect([event, data.total]).toEqual(['progress', data.expected]);
        last = data;
      }
      clearImmediate(next);
      expect(turns).toBeGreaterThanOrEqual(wanted.transfers / wanted.concurrency);
      expect(last).toMatchObject({ done: 60, finished: true, expected: 300_00, total: 300_00 });
      // They want the same accounts at once, on each store.
      expect(last!.conflicts).toBeGreaterThan(0);
      expect(last!.attempts.reduce((sum, commands) => sum + commands, 0)).toBe(60);
      const demo = last!.balances[0]!.account.slice('account-'.length);
      expect(isDemonstration(demo)).toBe(true);
      // Nobody is shown them, and read models have none of them to walk over.
      await tess.get<AccountView[]>(`/api/accounts?after=${await bank.store.capabilities.head()}`);
      const { store } = bank;
      for (const rows of [rowsOf(store, Accounts), rowsOf(store, Movements), rowsOf(store, Holdings)]) {
        for await (const { key } of rows.all()) expect(key).not.toMatch(/^demo/);
      }
      expect(await tess.refused('GET', `/api/accounts/${demo}/statement`)).toMatchObject({ status: 404 });
      // What it conserves is not added to.
      const from = await accountOf(alice, 10);
      const payment = { to: demo, amount: eur(1) };
      for (const [method, path, body] of [
        ['POST', '/api/transfers', { from, ...payment }],
        ['POST', '/api/payments', { from, payments: [payment] }],
        ['PUT', `/api/accounts/${from}/standing-orders`, { orders: [payment] }],
        ['POST', `/api/accounts/${demo}/deposits`, { amount: eur(1) }],
      ] as const) {
        const { status } = await tess.ask(method, path, body, randomUUID());
        expect([path, status]).toEqual([path, 404]);
      }
    });

    it('tells how it is doing', async () => {
      // One that was built anew a moment ago may still wait for its lease.
      const working = async (): Promise<readonly ProjectionView[]> => {
        const status = await tess.get<ProjectionView[]>('/api/projections');
        return status.every(({ state }) => state === 'running') ? status : working();
      };
      expect((await working()).map(({ name, kind }) => `${kind} ${name}`)).toEqual([
        'readModel accounts',
        'readModel movements',
        'readModel holdings',
        'readModel overdraft-limits',
        'reaction welcome-bonus',
        'reaction fraud-hold',
      ]);
      const metrics = await (await app.request('/metrics')).text();
      expect(metrics).toMatch(/^bank_commands_total\{command="TransferMoney",outcome="applied"\} \d+$/m);
      expect(metrics).toMatch(/^bank_command_duration_seconds_bucket\{command="Deposit",le="\+Inf"\} \d+$/m);
      expect(metrics).toMatch(/^bank_consumer_lag_events\{consumer="movements"\} \d+$/m);
      expect((await app.request('/readyz')).status).toBe(200);
    });
  });
}
