/** Real concurrency: appends that race each other, and exactly as many winners as the contract allows. */
import { anAppend, breathe, numbered, on, race, racing, send, times, type Plan } from '../section/arrange.js';
import { committed, conflicted, holds, same, winners } from '../section/expectations.js';
import { versionOf, wholeFeed, wholeStream, wholeStreams } from '../section/observe.js';
import type { Section } from '../section/section.js';

const alice = 'account-alice';
const bob = 'account-bob';

export const races: Section = {
  title: 'racing appends',
  clauses: [
    {
      says: 'Of appends that expect the same version of a stream, one is committed.',
      behaviours: {
        'lets one of many racing appends create a stream': async (given) => {
          const plan = (n: number): Plan => ({ expected: { [alice]: 0 }, events: numbered(alice, 1 + (n % 3)) });
          const outcomes = await racing(given, times(given.racers, plan));
          same(winners(outcomes), 1, 'A stream comes into being once.');
          const winner = committed(outcomes.find(({ kind }) => kind === 'committed'));
          same(await versionOf(given.store, alice), winner.events.length, 'It holds the events of the winner alone.');
          for (const outcome of outcomes) {
            if (outcome.kind === 'committed') continue;
            const [stale] = conflicted(outcome);
            same(
              [stale?.reason, stale?.actual],
              ['stale', winner.events.length],
              'The losers learn what there is now.',
            );
          }
        },
        'loses no update when many read, decide and append': async ({ store, peer }) => {
          const turns = 12;
          const wins = await race(6, async (worker) => {
            const client = worker % 2 === 0 ? store : peer;
            let won = 0;
            for (let turn = 0; turn < turns; turn++) {
              const version = await versionOf(client, alice);
              const events = [on(alice, 'Counted', { to: version + 1 })];
              const [outcome] = await send(client, { expected: { [alice]: version }, events });
              if (outcome?.kind === 'committed') won += 1;
              else conflicted(outcome);
              await breathe();
            }
            return won;
          });
          const total = wins.reduce((sum, won) => sum + won);
          holds(total >= turns, `An append is refused only if another one was committed meanwhile: ${total} wins.`);
          const counted = (await wholeStream(store, alice)).map(({ data }) => data);
          same(
            counted,
            times(total, (n) => ({ to: n + 1 })),
            'Each was decided on the one before.',
          );
        },
      },
    },
    {
      says: 'Blind appends meet no conflict, and versions stay contiguous.',
      behaviours: {
        'commits all racing blind appends to one stream, without a gap': async (given) => {
          const { store, racers } = given;
          const plan = (n: number): Plan => ({
            expected: { [alice]: 'any' },
            events: numbered(alice, 1 + (n % 3), 100 * n),
          });
          const receipts = (await racing(given, times(racers, plan))).map((outcome) => committed(outcome));
          const events = await wholeStream(store, alice);
          same(
            events.map(({ version }) => version),
            times(events.length, (n) => n + 1),
            'Versions count without a gap.',
          );
          same(
            events.length,
            receipts.reduce((sum, receipt) => sum + receipt.events.length, 0),
            'Nothing is lost.',
          );
          const versions = new Map<string, number>(events.map(({ id, version }) => [id, version]));
          for (const receipt of receipts) {
            for (const { id, version } of receipt.events)
              same(versions.get(id), version, 'Receipts tell the versions.');
          }
        },
        'commits racing calls of several appends each, in the order of each call': async ({ store, peer, racers }) => {
          const calls = Math.ceil(racers / 10);
          await race(calls, async (n) => {
            const ids = [alice, bob, 'account-carol'];
            if (n % 2 === 1) ids.reverse();
            const plans = ids.map((id): Plan => ({ expected: { [id]: 'any' }, events: [on(id), on(id)] }));
            const receipts = (await send(n % 2 === 0 ? store : peer, ...plans)).map((outcome) => committed(outcome));
            const positions = receipts.map(({ position }) => position);
            same(positions, [...positions].sort(), 'Positions follow the order of the appends in a call.');
          });
          const lengths = (await wholeStreams(store, [alice, bob, 'account-carol'])).map(({ length }) => length);
          same(lengths, [2 * calls, 2 * calls, 2 * calls], 'Every append was applied once.');
        },
      },
    },
    {
      says: 'Streams are locked in an order of the store, whatever the order in which appends name them: no deadlock.',
      behaviours: {
        'commits racing appends that name their streams in opposite orders': async (given) => {
          const ids = times(6, (n) => `account-${n}`);
          const plan = (n: number): Plan => {
            const turned = [...ids.slice(n % 6), ...ids.slice(0, n % 6)];
            if (n % 2 === 1) turned.reverse();
            return {
              expected: Object.fromEntries(turned.map((id) => [id, 'any'])),
              events: turned.map((id) => on(id)),
            };
          };
          for (const outcome of await racing(given, times(given.racers, plan))) committed(outcome);
          const versions = await race(6, (n) => versionOf(given.store, ids[n]!));
          same(new Set(versions), new Set([given.racers]), 'Every append was applied to every stream.');
        },
        'answers racing appends that read what the other one writes': async (given) => {
          const plans = times(given.racers, (n): Plan => {
            const [one, other] = n % 2 === 0 ? [alice, bob] : [bob, alice];
            return { expected: { [one]: 'any', [other]: 'any' }, events: [on(one)] };
          });
          for (const outcome of await racing(given, plans)) committed(outcome);
        },
      },
    },
    {
      says: 'The append of a command is one whole, also for those who look while it is being made.',
      behaviours: {
        'writes whole commands under races, and nothing of those that lose': async (given) => {
          const { store, racers } = given;
          const plans = times(racers, (n): Plan => {
            const [one, other] = [`account-${n % 5}`, `account-${(n + 1) % 5}`];
            return { expected: { [one]: n % 3, [other]: 'any' }, events: [on(one), on(other)] };
          });
          const appends = plans.map((plan) => anAppend(plan));
          const outcomes = await race(racers, async (n) => (await send(store, appends[n]!))[0]!);
          const counts = new Map<string, number>();
          for (const { commandId } of await wholeFeed(store)) counts.set(commandId, (counts.get(commandId) ?? 0) + 1);
          for (const [n, { kind }] of outcomes.entries()) {
            const written = counts.get(appends[n]!.commandId) ?? 0;
            same(
              written,
              kind === 'committed' ? 2 : 0,
              `An append that ended as ${kind} is there as a whole, or not at all.`,
            );
          }
        },
      },
    },
  ],
};
