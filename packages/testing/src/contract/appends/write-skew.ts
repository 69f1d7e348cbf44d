/** Write skew: decisions that rest on what another one changes, while it does. One of them has to be refused. */
import { commit, on, race, racing, send, times, type Plan } from '../section/arrange.js';
import { holds, same, winners } from '../section/expectations.js';
import { wholeStreams } from '../section/observe.js';
import type { Given, Section } from '../section/section.js';

const alice = 'account-alice';
const bob = 'account-bob';

/** Pairs of plans, each pair on streams of its own, all at once; each pair must have exactly one winner. */
async function oneOfEachPair(given: Given, pair: (n: number) => readonly [Plan, Plan], claim: string): Promise<void> {
  const pairs = Math.ceil(given.racers / 4);
  const outcomes = await racing(given, times(pairs, pair).flat());
  for (let n = 0; n < pairs; n++) same(winners(outcomes.slice(2 * n, 2 * n + 2)), 1, claim);
}

export const writeSkew: Section = {
  title: 'write skew',
  clauses: [
    {
      says: 'Write skew is impossible: every stream that was read takes part in the check, written or not, existing or not.',
      behaviours: {
        'lets one of two commands win that each read both streams and write one': async (given) => {
          await oneOfEachPair(
            given,
            (n) => {
              const [left, right] = [`left-${n}`, `right-${n}`];
              const expected = { [left]: 0, [right]: 0 };
              return [
                { expected, events: [on(left)] },
                { expected, events: [on(right)] },
              ];
            },
            'Each has read, as missing, the stream that the other one writes: one of the two decisions is wrong.',
          );
        },
        'lets one of two commands win of which one writes what the other has only read': async (given) => {
          const { store, racers } = given;
          await race(Math.ceil(racers / 4), (n) =>
            commit(store, { expected: { [`policy-${n}`]: 0 }, events: [on(`policy-${n}`)] }),
          );
          await oneOfEachPair(
            given,
            (n) => {
              const [policy, account] = [`policy-${n}`, `account-${n}`];
              const expected = { [policy]: 1, [account]: 0 };
              return [
                { expected, events: [on(account, 'Withdrawn')] },
                { expected, events: [on(policy, 'Frozen')] },
              ];
            },
            'A decision that rests on a stream which is only read is checked like any other.',
          );
        },
        'breaks every circle of commands that read what the next one writes': async (given) => {
          const rounds = Math.ceil(given.racers / 6);
          const plans = times(rounds, (n): readonly Plan[] => {
            const ids = [`a-${n}`, `b-${n}`, `c-${n}`];
            return ids.map((id, index) => ({ expected: { [id]: 0, [ids[(index + 1) % 3]!]: 0 }, events: [on(id)] }));
          });
          const outcomes = await racing(given, plans.flat());
          for (let n = 0; n < rounds; n++) {
            const won = winners(outcomes.slice(3 * n, 3 * n + 3));
            holds(won === 1 || won === 2, `Of three in a circle one or two can be right, not ${won}.`);
          }
        },
        'keeps a rule over two streams under racing withdrawals': async ({ store, peer }) => {
          await commit(store, { expected: { [alice]: 0, [bob]: 0 }, events: [moved(alice, 50), moved(bob, 50)] });
          await race(10, async (worker) => {
            const client = worker % 2 === 0 ? store : peer;
            const from = worker % 4 < 2 ? alice : bob;
            for (let turn = 0; turn < 6; turn++) {
              const streams = await wholeStreams(client, [alice, bob]);
              const total = streams.map(balanceOf).reduce((sum, balance) => sum + balance);
              if (total < 20) break;
              const expected = { [alice]: streams[0]!.length, [bob]: streams[1]!.length };
              await send(client, { expected, events: [moved(from, -20)] });
            }
          });
          const left = (await wholeStreams(store, [alice, bob])).map(balanceOf).reduce((sum, balance) => sum + balance);
          same(left, 0, 'Together they may never be overdrawn, and five withdrawals of 20 fit into 100.');
        },
      },
    },
  ],
};

function moved(id: string, amount: number): ReturnType<typeof on> {
  return on(id, 'Moved', { amount });
}

function balanceOf(events: readonly { readonly data: unknown }[]): number {
  return events.reduce((sum, { data }) => sum + (data as { readonly amount: number }).amount, 0);
}
