import { describe, expect, it } from '@jest/globals';
import { Account, Look, Transfer } from '../contract/commands/bank.js';
import { attempt } from './attempt.js';
import { failureOf } from './failure.fixture.js';
import { given } from './given.js';
import { on } from './on.js';
import { together } from './together.js';
import { failed, nothing, rejected } from './verdict.js';

const alice = Account.at('alice');
const looking = () => given().when(new Look({ account: alice }));

describe('what when gives', () => {
  it('is a promise of the outcome to the language, and to whoever treats it as one', async () => {
    const [first] = await Promise.all([looking()]);
    expect(first.events).toEqual([]);
    const returned = async () => looking();
    expect((await returned()).events).toEqual([]);
    expect(await looking().then(({ events }) => events.length)).toBe(0);
    expect(await looking().then(undefined, () => 'failed')).toHaveProperty('events');
    expect(await looking().catch(() => 'failed')).toHaveProperty('events');
    let ended = false;
    await looking().finally(() => (ended = true));
    expect(ended).toBe(true);
  });

  it('hands on what goes wrong before there is an outcome', async () => {
    const broken = attempt<string, readonly unknown[]>(
      async () => Promise.reject(new Error('no store')),
      () => undefined,
    );
    await expect(Promise.resolve(broken)).rejects.toThrow('no store');
    expect(await broken.catch(({ message }: Error) => message)).toBe('no store');
    await expect(broken.then(1)).rejects.toThrow('no store');
  });

  it('gives a real promise when something is expected of it', async () => {
    const checked = looking().then(nothing);
    expect(checked).toBeInstanceOf(Promise);
    expect(await checked).toHaveProperty('store');
  });

  it('executes nothing until somebody asks', async () => {
    let runs = 0;
    const lazy = attempt<number, readonly unknown[]>(
      async () => (runs += 1),
      () => undefined,
    );
    expect(runs).toBe(0);
    expect([await lazy, await lazy]).toEqual([1, 1]);
  });

  it.each(Object.entries({ on, rejected, failed, together }))(
    'is not taken in by %s without its brackets, which would pass for a callback',
    async (name, word) => {
      expect(() => looking().then(word as never)).toThrow(
        `then got ${name} itself, and not what it gives. Call it: then(${name}(…)).`,
      );
    },
  );

  it('wants an expectation: none at all, or undefined, would pass whatever happened', async () => {
    await expect(looking().then(...([] as never[]))).rejects.toThrow(
      'Where nothing is to happen, say so: then(nothing)',
    );
    await expect(looking().then(undefined as never)).rejects.toThrow('then takes events');
    await expect(looking().then({ type: 'Opened' } as never)).rejects.toThrow('then takes events');
    await expect(looking().then(on(alice, 'Opened', { owner: 'x' }), nothing as never)).rejects.toThrow(
      'then takes events',
    );
    await expect(looking().then(...([nothing, rejected()] as unknown as [typeof nothing]))).rejects.toThrow(
      'then takes events',
    );
  });

  it('takes events one by one, and says so of a list', async () => {
    await expect(looking().then([on(alice, 'Opened', { owner: 'x' })] as never)).rejects.toThrow(
      'then takes events one by one, and got a list of them. Spread it: then(...events).',
    );
  });

  it('fails where the spec is written, not inside of the library', async () => {
    const failure = await failureOf(looking().then(on(alice, 'Opened', { owner: 'x' })));
    const frame = failure
      .stack!.slice(failure.stack!.indexOf(failure.message) + failure.message.length)
      .trim()
      .split('\n')[0];
    expect(frame).toContain('attempt.test.ts');
  });

  it('fails with values that frameworks can show in their own way', async () => {
    const failure = await failureOf(
      given(on(alice, 'Deposited', { amount: 5 }))
        .when(new Transfer({ from: alice, to: 'bob', amount: 5 }))
        .then(on(alice, 'Withdrawn', { amount: 5 })),
    );
    expect(failure.expected).toEqual([{ stream: 'account-alice', type: 'Withdrawn', data: { amount: 5 } }]);
    expect(failure.actual).toEqual([
      { stream: 'account-alice', type: 'Withdrawn', data: { amount: 5 } },
      { stream: 'account-bob', type: 'Deposited', data: { amount: 5 } },
    ]);
  });
});
