/** What is recorded is what happened: who sent what, what each decision rested on, and how it ended. */
import { describe, expect, it } from '@jest/globals';
import { execute, load, subscribe, type EventStore } from '@eventcore/core';
import { createMemoryStore } from '@eventcore/memory';
import { withChaos } from '../chaos/with-chaos.js';
import {
  Account,
  ClosePolicy,
  Collect,
  Deposit,
  Join,
  Look,
  Note,
  openAll,
  Policy,
  Transfer,
} from '../contract/commands/bank.js';
import { checkHistory } from '../judge/check-history.js';
import { digestOf } from '../judge/digest.js';
import type { History, Operation, ReadOfStream } from '../judge/history.js';
import { recordHistory } from './record-history.js';

async function bank(): Promise<EventStore> {
  const store = createMemoryStore();
  await openAll(store, { ann: 100, bob: 50 });
  return store;
}

const versions = (reads: readonly ReadOfStream[]): Record<string, number> =>
  Object.fromEntries(reads.map(({ stream, version }) => [stream, version]));

const last = ({ operations }: History): Operation => operations.at(-1)!;

describe('a recorded history', () => {
  it('tells who sent which command, what it rested on, what it sent and what it was told', async () => {
    const recorder = recordHistory(await bank());
    const receipt = await recorder.execute('client-1', new Transfer({ from: 'ann', to: 'bob', amount: 10 }));

    const operation = last(await recorder.history());
    expect(operation).toMatchObject({
      process: 'client-1',
      commandId: receipt.commandId,
      name: 'Transfer',
      invoked: 1,
      completed: 2,
      end: 'ok',
      acknowledged: receipt.events.map(({ id }) => id),
    });
    expect(operation.sent.map(({ reads, events }) => [versions(reads), events])).toEqual([
      [{ 'account-ann': 2, 'account-bob': 2 }, operation.acknowledged],
    ]);
  });

  it('has the digests of what was read, and they are those of the log', async () => {
    const recorder = recordHistory(await bank());
    await recorder.execute('client-1', new Deposit({ account: 'ann', amount: 10 }));

    const history = await recorder.history();
    const marks = history.log.filter(({ stream }) => stream === 'account-ann').map(({ mark }) => mark!);
    const [read] = last(history).sent[0]!.reads;
    expect(read).toEqual({ stream: 'account-ann', version: 2, digest: marks.slice(0, 2).reduce(digestOf, 0) });
  });

  it.each([
    ['with a hold', true],
    ['without one', false],
  ])('after a conflict tells what the second decision rested on, %s', async (_, holds) => {
    const inner = await bank();
    const recorder = recordHistory(inner);
    let interfered = false;
    const { hold, ...rest } = inner;
    const through: EventStore = {
      ...rest,
      ...(holds && { hold: hold! }),
      append: async (...given) => {
        if (!interfered) {
          interfered = true;
          await execute(new Deposit({ account: 'bob', amount: 1 }), inner);
        }
        return inner.append(...given);
      },
    };
    await recorder.execute('client-1', new Transfer({ from: 'ann', to: 'bob', amount: 10 }), { through });

    const history = await recorder.history();
    expect(last(history).sent.map(({ reads }) => versions(reads))).toEqual([
      { 'account-ann': 2, 'account-bob': 2 },
      { 'account-ann': 2, 'account-bob': 3 },
    ]);
    const marks = history.log.filter(({ stream }) => stream === 'account-bob').map(({ mark }) => mark!);
    expect(last(history).sent[1]!.reads[1]!.digest).toBe(marks.slice(0, 3).reduce(digestOf, 0));
  });

  it('counts an append that is sent again as one', async () => {
    const store = await bank();
    const recorder = recordHistory(store);
    const through = withChaos(store, { seed: 3, faults: { replyLost: 0.7 } });
    await recorder.execute('client-1', new Deposit({ account: 'ann', amount: 10 }), { through });
    expect(through.fired.replyLost).toBeGreaterThan(0);
    expect(last(await recorder.history()).sent).toHaveLength(1);
  });

  it('has what a rejection and an empty decision rested on, discovered streams too', async () => {
    const store = await bank();
    await execute(new Join({ household: 'h', member: 'bob' }), store);
    const recorder = recordHistory(store);
    await recorder.execute('client-1', new Collect({ household: 'h', each: 60 })).catch(() => undefined);
    const rejected = last(await recorder.history());
    await recorder.execute('client-1', new Look({ account: 'cid' }));
    const empty = last(await recorder.history());

    expect([rejected.end, versions(rejected.reads), rejected.sent]).toEqual([
      'rejected',
      { 'household-h': 1, 'account-bob': 2 },
      [],
    ]);
    expect([empty.end, versions(empty.reads), empty.sent]).toEqual(['ok', { 'account-cid': 0 }, []]);
  });

  it('says that a blind command has read nothing', async () => {
    const recorder = recordHistory(await bank());
    await recorder.execute('client-1', new Note({ audit: 'a', text: 'seen' }));
    expect(last(await recorder.history()).sent[0]!.reads).toEqual([]);
  });

  it('counts what was read to make a command as read by it', async () => {
    const recorder = recordHistory(await bank());
    await recorder.perform('client-1', async (store) => {
      const { balance } = await load(store, Account.at('bob'));
      return new Deposit({ account: 'ann', amount: balance });
    });
    const operation = last(await recorder.history());
    expect(versions(operation.sent[0]!.reads)).toEqual({ 'account-bob': 2, 'account-ann': 2 });
    expect(operation.beforehand).toEqual(['account-bob']);
  });

  it('does not count it where the command reads the stream itself', async () => {
    const store = await bank();
    const recorder = recordHistory(store);
    await recorder.perform('client-1', async (seen) => {
      const { balance } = await load(seen, Account.at('ann'));
      await execute(new Deposit({ account: 'ann', amount: 1 }), store);
      return new Deposit({ account: 'ann', amount: balance });
    });
    const operation = last(await recorder.history());
    expect([versions(operation.sent[0]!.reads), operation.beforehand]).toEqual([{ 'account-ann': 3 }, []]);
  });

  it('takes what was there before as it is', async () => {
    const store = await bank();
    const recorder = recordHistory(store);
    await recorder.execute('client-1', new Deposit({ account: 'ann', amount: 1 }));
    const history = await recorder.history();
    expect(history.operations.map(({ process }) => process)).toEqual([
      'before the recording',
      'before the recording',
      'client-1',
    ]);
    expect(checkHistory(history).valid).toBe(true);
    expect(checkHistory(await recordHistory(store).history()).valid).toBe(true);
  });

  it('expects of a consumer what it says', async () => {
    const store = await bank();
    const recorder = recordHistory(store);
    const given = recorder.feed('of ann', ({ stream }) => stream === 'account-ann');
    recorder.feed('asleep');
    const whole = await recorder.history();
    for (const { id, stream } of whole.log) if (stream === 'account-ann') given({ id });
    const findings = checkHistory(await recorder.history()).anomalies.map(({ kind, feed }) => [kind, feed]);
    expect(findings).toEqual([['missing', 'asleep']]);
  });

  it.each([
    ['failed', { sendFails: 1 }],
    ['unknown', { requestLost: 1 }],
  ] as const)('tells that an operation has %s', async (end, faults) => {
    const store = await bank();
    const recorder = recordHistory(store);
    const through = withChaos(store, { seed: 1, faults });
    const command = new Deposit({ account: 'ann', amount: 10 });
    await expect(recorder.execute('p', command, { through, deadline: Date.now() + 500 })).rejects.toThrow();
    expect(last(await recorder.history()).end).toBe(end);
  });

  it('leaves an operation open of which nothing was heard yet', async () => {
    const store = await bank();
    const recorder = recordHistory(store);
    const through: EventStore = { ...store, append: () => new Promise(() => undefined) };
    void recorder.execute('p', new Deposit({ account: 'ann', amount: 10 }), { through });
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    const operation = last(await recorder.history());
    expect([operation.end, operation.completed, operation.sent.length]).toEqual(['unknown', undefined, 1]);
  });

  it('that is asked for while others go on holds nothing against them', async () => {
    const inner = await bank();
    let meanwhile: () => Promise<void> = async () => undefined;
    const store: EventStore = {
      ...inner,
      async readAll(...given) {
        const then = meanwhile;
        meanwhile = async () => undefined;
        await then();
        return inner.readAll(...given);
      },
    };
    const recorder = recordHistory(store);
    await recorder.execute('before', new Deposit({ account: 'ann', amount: 1 }));
    const given = recorder.feed('feed');
    meanwhile = async () => {
      const { events } = await recorder.execute('during', new Deposit({ account: 'bob', amount: 1 }));
      events.forEach(given);
    };
    const history = await recorder.history();

    const during = history.operations.find(({ process }) => process === 'during')!;
    expect([during.end, during.completed, during.acknowledged, during.sent.length]).toEqual([
      'unknown',
      undefined,
      [],
      1,
    ]);
    expect(history.log.some(({ id }) => id === during.sent[0]!.events[0])).toBe(true);
    expect(history.feeds).toEqual([{ name: 'feed', events: [] }]);
    expect(String(checkHistory({ ...history, feeds: [] }))).toContain('No anomaly');
    expect(await recorder.history()).toMatchObject({ feeds: [{ events: during.sent[0]!.events }] });
  });

  it('takes no error of the program for a promise that nothing was written', async () => {
    const recorder = recordHistory(await bank());
    const broken = recorder.perform('p', () => {
      throw new TypeError('nobody can make this');
    });
    await expect(broken).rejects.toThrow('nobody can make this');
    expect(last(await recorder.history())).toMatchObject({ name: '(preparing)', end: 'unknown', completed: 2 });
  });

  it('takes a rejection by its word, if it says what it rested on', async () => {
    const said = [{ stream: 'account-ann', version: 7 }];
    const recorder = recordHistory(await bank(), { told: () => said });
    await recorder.execute('p', new Transfer({ from: 'ann', to: 'bob', amount: 1_000 })).catch(() => undefined);
    expect(last(await recorder.history())).toMatchObject({ end: 'rejected', reads: said });
  });

  it('counts what was read to make a command that is rejected', async () => {
    const recorder = recordHistory(await bank());
    const rejected = recorder.perform('p', async (store) => {
      await load(store, Policy.at('p'));
      return new Transfer({ from: 'ann', to: 'bob', amount: 1_000 });
    });
    await expect(rejected).rejects.toThrow();
    expect(versions(last(await recorder.history()).reads)).toEqual({
      'policy-p': 0,
      'account-ann': 2,
      'account-bob': 2,
    });
  });

  it('counts a stream that was read in pages to make a command once, with its version', async () => {
    const store = createMemoryStore({ pageSize: 1 });
    await openAll(store, { bob: 50 });
    const recorder = recordHistory(store);
    await recorder.perform('p', async (seen) => {
      await load(seen, Account.at('bob'));
      return new Note({ audit: 'a', text: 'seen' });
    });
    expect(last(await recorder.history()).sent[0]!.reads).toEqual([{ stream: 'account-bob', version: 2 }]);
  });

  it('has the whole log, also of a store whose pages end early', async () => {
    const inner = await bank();
    const store: EventStore = { ...inner, readAll: (query, call) => inner.readAll({ ...query, limit: 1 }, call) };
    expect((await recordHistory(store).history()).log).toHaveLength(4);
  });

  it('has what consumers were given', async () => {
    const store = await bank();
    const recorder = recordHistory(store);
    const given = recorder.feed('balances');
    for await (const event of subscribe(store)) {
      given(event);
      if (event.stream === 'account-bob' && event.version === 2) break;
    }
    const { feeds, log } = await recorder.history();
    expect(feeds).toEqual([{ name: 'balances', events: log.map(({ id }) => id) }]);
  });

  it('has a process do one thing at a time', async () => {
    const recorder = recordHistory(await bank());
    const one = recorder.execute('p', new Deposit({ account: 'ann', amount: 1 }));
    await expect(recorder.execute('p', new Deposit({ account: 'ann', amount: 1 }))).rejects.toThrow(
      'The process "p" is busy.',
    );
    await one;
    await recorder.execute('p', new Deposit({ account: 'ann', amount: 1 }));
  });

  it('lets what a workload says of itself stand for what was seen', async () => {
    const said = [{ stream: 'account-ann', version: 7 }];
    const recorder = recordHistory(await bank(), { told: () => said });
    await recorder.execute('p', new Deposit({ account: 'ann', amount: 1 }));
    expect(last(await recorder.history()).sent[0]!.reads).toEqual(said);
  });

  it('of racing commands that are executed right is valid, and of a write skew is not', async () => {
    const store = createMemoryStore();
    await openAll(store, { ann: 100, bob: 50, cid: 10 });
    const recorder = recordHistory(store);
    const names = ['ann', 'bob', 'cid'];
    const racing = Array.from({ length: 40 }, (_, n) =>
      recorder
        .execute(`p${n}`, new Transfer({ from: names[n % 3]!, to: names[(n + 1) % 3]!, amount: (n % 7) + 1 }))
        .catch(() => undefined),
    );
    await Promise.all(racing);
    expect(checkHistory(await recorder.history()).valid).toBe(true);

    // Each decides by what it has read of the other's stream before, which nobody checks.
    await execute(new Deposit({ account: 'dan', amount: 1 }), store);
    const skewed = recordHistory(store);
    const both = [
      skewed.perform('one', async (seen) => {
        await load(seen, Policy.at('p'));
        await new Promise((resolve) => setTimeout(resolve, 5));
        return new Deposit({ account: 'eve', amount: 1 });
      }),
      skewed.perform('two', async (seen) => {
        await load(seen, Account.at('eve'));
        await new Promise((resolve) => setTimeout(resolve, 5));
        return new ClosePolicy({ policy: 'p', account: 'fay' });
      }),
    ];
    await Promise.all(both);
    const kinds = checkHistory(await skewed.history()).anomalies.map(({ kind }) => kind);
    expect(kinds).toContain('G2-item');
  });
});
