/**
 * Stores that lie about what may have been applied, or that are wrong only beyond a threshold of their own: once they are warm, for
 * wide commands, for long streams. And the tests that reject them.
 */
import { describe, expect, it } from '@jest/globals';
import { StoreUnavailable, type EventStore } from '@eventcore/core';
import type { Append, Outcome } from '@eventcore/core/store';
import { breathe } from '../section/arrange.js';
import { failuresOf, minimalStore, rejection, type Breach, type Breaking } from './broken-store.fixture.js';
import type { StoreContract } from '../event-store-contract.js';

const cut = new StoreUnavailable('The connection was cut.');
const each = (appends: readonly Append[], kind: 'failed' | 'unknown'): readonly Outcome[] =>
  appends.map(() => ({ kind, error: cut }));

/**
 * Takes some turns of the event loop each way, longer where a deadline is near, so that it passes amid the call; and tells of
 * what was called off meanwhile as it likes.
 */
const remote =
  (tell: (call: { readonly n: number; readonly appends: readonly Append[] }) => 'failed' | 'unknown'): Breach =>
  ({ append }) => {
    let calls = 0;
    return {
      async append(appends, { signal, deadline = Infinity } = {}) {
        const call = { n: calls++, appends };
        const over = (): boolean => signal?.aborted === true || Date.now() >= deadline;
        if (over()) throw cut;
        for (let turn = 0; turn < 4; turn++) await breathe();
        const outcomes = await append(appends);
        for (let turn = 0; turn < 4 || (Date.now() < deadline && deadline - Date.now() < 100); turn++) await breathe();
        return over() ? each(appends, tell(call)) : outcomes;
      },
    };
  };

const wide = ({ expected }: Append): boolean => expected.size > 100;

const breaches: Readonly<Record<string, Breaking>> = {
  'tells `unknown` as `failed` once it is warm': {
    breach: remote(({ n }) => (n > 5 ? 'failed' : 'unknown')),
    by: [
      'signals and deadlines: tells the truth of appends that are called off at any moment, when it is warm',
      'signals and deadlines: tells the truth of appends whose deadlines pass at any moment, when it is warm',
      'signals and deadlines: tells the truth of each append of a call that is called off at any moment',
    ],
    within: ['signals and deadlines'],
  },
  'tells `unknown` as `failed` for wide appends': {
    breach: remote(({ appends }) => (appends.some(wide) ? 'failed' : 'unknown')),
    by: ['signals and deadlines: tells the truth of wide appends that are called off at any moment'],
  },
  'judges a wide command before it writes it': {
    breach: ({ append }) => ({
      async append(appends) {
        const [only] = appends;
        if (appends.length > 1 || only === undefined || !wide(only)) return append(appends);
        const [check] = await append([{ ...only, events: [] }]);
        await breathe();
        if (check?.kind !== 'committed') return [check!];
        return append([{ ...only, expected: new Map([...only.expected.keys()].map((id) => [id, 'any'])) }]);
      },
    }),
    by: [
      'wide commands: lets one of many win that create the same streams',
      'wide commands: is applied whole or not at all, among narrow ones that create some of its streams',
      'wide commands: lets one of many win that have read the same streams and write one of them each',
    ],
  },
  'reads many streams a hundred at a time': {
    breach: (store) => ({
      async read({ streams, ...request }) {
        const { pages, recorded } = await store.read({ ...request, streams: streams.slice(0, 100) });
        const rest = [];
        for (let first = 100; first < streams.length; first += 100) {
          await breathe();
          rest.push(...(await store.read({ streams: streams.slice(first, first + 100) })).pages);
        }
        return { pages: [...pages, ...rest], recorded };
      },
    }),
    by: ['wide commands: is seen whole or not at all'],
  },
  'writes wide commands in two steps': {
    breach: ({ append }) => ({
      async append(appends) {
        const [only] = appends;
        if (appends.length > 1 || only === undefined || only.events.length < 100) return append(appends);
        const [outcome] = await append([{ ...only, events: only.events.slice(0, 100) }]);
        await breathe();
        if (outcome?.kind !== 'committed') return [outcome!];
        const expected = new Map([...only.expected.keys()].map((id) => [id, 'any' as const]));
        const rest = only.events.slice(100);
        // Any UUID that nobody else has will do.
        const commandId = only.events[0]!.id as unknown as Append['commandId'];
        await append([{ ...only, commandId, expected, events: rest }]);
        return [outcome];
      },
    }),
    by: [
      'wide commands: is seen whole or not at all',
      'wide commands: is committed among others that name its streams in the opposite order',
    ],
    within: ['wide commands', 'the feed', 'signals and deadlines', 'the order of events', 'filters of the feed'],
  },
};

/** A store between whose client and engine replies can be lost, and that tells of it as it likes. */
function losing(
  tell: (call: { readonly n: number; readonly appends: readonly Append[] }) => 'failed' | 'unknown' | 'thrown',
) {
  const armed = new WeakSet<EventStore>();
  const makeStore = async (): Promise<EventStore> => {
    let calls = 0;
    const store: EventStore = minimalStore(({ append }) => ({
      async append(appends, options) {
        const call = { n: calls++, appends };
        const outcomes = await append(appends, options);
        if (!armed.delete(store)) return outcomes;
        const told = tell(call);
        if (told === 'thrown') throw cut;
        return each(appends, told);
      },
    }));
    return store;
  };
  const loseReply: StoreContract['loseReply'] = async (store) => void armed.add(store);
  return failuresOf({ makeStore, loseReply }, (section) => section === 'lost replies');
}

describe('the contract suite, where replies can be lost,', () => {
  it('accepts a store that says what it doesn’t know', async () => {
    expect([...(await losing(() => 'unknown'))]).toEqual([]);
  });

  it.each<[what: string, tell: Parameters<typeof losing>[0], by: readonly string[]]>([
    [
      'throws',
      () => 'thrown',
      ['is in doubt about an append whose reply was lost, and answers it when it is sent again'],
    ],
    [
      'says `failed` when it is warm',
      ({ n }) => (n > 5 ? 'failed' : 'unknown'),
      ['is in doubt again and again, when it is warm'],
    ],
    [
      'says `failed` of calls of several appends',
      ({ appends }) => (appends.length > 1 ? 'failed' : 'unknown'),
      [
        'is in doubt about a call of several appends, as far as it was sent',
        'answers a chain in doubt by what is there when it is sent again',
      ],
    ],
    [
      'says `failed` of wide appends',
      ({ appends }) => (appends.some(wide) ? 'failed' : 'unknown'),
      ['is in doubt about a wide append'],
    ],
  ])('rejects a store that %s', async (_, tell, by) => {
    const failures = [...(await losing(tell)).keys()];
    for (const sentence of by) expect(failures).toContain(`lost replies: ${sentence}`);
  });
});

describe('a threshold inside a store', () => {
  /** Beyond so many events it gives what was missed in part. */
  const cutting = (threshold: number) => async (): Promise<EventStore> =>
    minimalStore(({ append }) => ({
      append: async (appends) =>
        (await append(appends)).map((outcome) => {
          if (outcome.kind !== 'conflict') return outcome;
          const stale = outcome.stale.map((found) =>
            found.reason === 'stale' && found.missed ? { ...found, missed: found.missed.slice(0, threshold) } : found,
          );
          return { ...outcome, stale };
        }),
    }));
  const conflicts = (section: string): boolean => section === 'conflicts';

  it('hides what is wrong behind it, until the suite is run again with it turned down', async () => {
    expect([...(await failuresOf({ makeStore: cutting(5000) }, conflicts))]).toEqual([]);
    expect([...(await failuresOf({ makeStore: cutting(2) }, conflicts)).keys()]).toContain(
      'conflicts: hands over what was missed of each stale stream, so that a retry need not read',
    );
  });
});

describe('the contract suite rejects a store that', () => {
  for (const [name, breaking] of Object.entries(breaches)) {
    it(
      name,
      async () => {
        expect(await rejection(breaking, minimalStore)).toEqual({ notRejectedBy: [], alsoRejectedBy: [] });
      },
      30_000,
    );
  }
});
