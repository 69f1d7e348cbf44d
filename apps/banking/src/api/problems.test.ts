import { describe, expect, it, jest } from '@jest/globals';
import {
  DefinitionError,
  Indeterminate,
  InvalidDecision,
  RetriesExhausted,
  StoreUnavailable,
  UnknownEventType,
  ValidationError,
} from '@eventcore/core';
import type { BankStore } from '../bank.js';
import { Client } from './client.fixture.js';
import { memoryBank } from './memory-bank.fixture.js';
import { problemOf } from './problems.js';

describe('a problem', () => {
  it('says that nothing was done where that is so', () => {
    const error = new RetriesExhausted(10, { context: {}, cause: undefined });
    expect(problemOf(error)).toMatchObject({
      status: 503,
      code: 'RETRIES_EXHAUSTED',
      detail: expect.stringContaining('Nothing was done'),
    });
  });

  it('says that the same key may be sent again where nobody knows', () => {
    const error = new Indeterminate('no answer', { context: { commandId: 'b5a0' } });
    expect(problemOf(error)).toMatchObject({
      status: 504,
      code: 'INDETERMINATE',
      detail: expect.stringContaining('Idempotency-Key'),
    });
  });

  it("is the caller's where he gave what is not valid, and the bank's where the bank made it", () => {
    const issues = [{ path: ['amount'], message: 'must be a whole number' }];
    expect(problemOf(new ValidationError('Deposit', issues))).toMatchObject({
      status: 400,
      issues: [{ path: 'amount', message: 'must be a whole number' }],
    });
    expect(problemOf(new InvalidDecision('event MoneyDeposited', issues))).toMatchObject({ status: 500 });
  });

  it.each([
    new TypeError('secret of the code'),
    new DefinitionError('secret of the store'),
    new InvalidDecision('event Secret', [{ path: [], message: 'secret of a decision' }]),
    'thrown',
  ])('tells nobody what is broken: %s', (error) => {
    expect(problemOf(error)).toMatchObject({ status: 500, code: 'internal' });
    expect(JSON.stringify(problemOf(error))).not.toContain('secret');
  });
});

describe('an event that only a newer release can read', () => {
  it('is no bug: a process of that release may answer, and nobody is told of the event', () => {
    const problem = problemOf(new UnknownEventType('secret of the store'));
    expect(problem).toMatchObject({
      status: 503,
      code: 'UNKNOWN_EVENT_TYPE',
      detail: expect.stringContaining('Try again'),
    });
    expect(JSON.stringify(problem)).not.toContain('secret');
  });
});

describe('read models that stand still', () => {
  it('are said to be behind, and when to ask again', async () => {
    const log = jest.spyOn(console, 'error').mockImplementation(() => {});
    await using open = await memoryBank();
    const alice = await Client.signIn(open.app, 'alice');
    await open.bank.runner.pause();
    const { position } = await alice.post('/api/accounts', { name: 'First', currency: 'EUR' });
    const { status, headers, body } = await alice.ask<object>('GET', `/api/accounts?after=${position}`);
    expect([status, headers.get('Retry-After')]).toEqual([503, '1']);
    expect(body).toMatchObject({ code: 'NOT_CAUGHT_UP', detail: expect.stringContaining('Try again') });
    log.mockRestore();
  });
});

describe('a store that can not be reached', () => {
  it('is said so, with when to ask again', async () => {
    const log = jest.spyOn(console, 'error').mockImplementation(() => {});
    let out = false;
    const failing = (store: BankStore): BankStore => ({
      ...store,
      read: async (request, options) => {
        if (out) throw new StoreUnavailable('connection refused at 10.0.0.7');
        return store.read(request, options);
      },
    });
    await using open = await memoryBank({ change: failing });
    const tess = await Client.signIn(open.app, 'tess');
    out = true;
    const { status, headers, body } = await tess.ask<object>('GET', '/api/accounts/EC1/standing-orders');
    expect([status, headers.get('Retry-After'), headers.get('Content-Type')]).toEqual([
      503,
      '1',
      'application/problem+json',
    ]);
    expect(JSON.stringify(body)).not.toContain('10.0.0.7');
    // As a line: while a store is away there are many.
    expect(log.mock.calls).toEqual([['503 STORE_UNAVAILABLE: connection refused at 10.0.0.7']]);
    log.mockRestore();
  });
});
