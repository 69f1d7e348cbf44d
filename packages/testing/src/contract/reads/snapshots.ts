/** One snapshot for each read: over all its streams, and over command ids, while others are writing. */
import type { CommandId, EventStore } from '@eventcore/core';
import {
  at,
  breathe,
  commit,
  on,
  race,
  send,
  stream,
  times,
  uuid,
  whileWriting,
  type Plan,
} from '../section/arrange.js';
import { holds, same } from '../section/expectations.js';
import { partsOf, wholeStream, wholeStreams } from '../section/observe.js';
import type { Given, Section } from '../section/section.js';

const accounts = Array.from({ length: 5 }, (_, n) => `account-${n}`);

/** Something of each account, whatever their versions. */
function ofAll(data: unknown): Plan {
  const expected = Object.fromEntries(accounts.map((id) => [id, 'any' as const]));
  return { expected, events: accounts.map((id) => on(id, 'Moved', data)) };
}

/** Money that moves from one account to another, whatever their versions. */
function transfer(n: number): Plan {
  const [from, to] = [accounts[n % 5]!, accounts[(n + 1 + (n % 3)) % 5]!];
  const events = [on(from, 'Moved', { amount: -1 - (n % 7) }), on(to, 'Moved', { amount: 1 + (n % 7) })];
  return { expected: { [from]: 'any', [to]: 'any' }, events };
}

async function total(store: EventStore): Promise<number> {
  const events = (await wholeStreams(store, accounts)).flat();
  return events.reduce((sum, { data }) => sum + (data as { readonly amount: number }).amount, 0);
}

/** What two readers see while plans are written by four writers, and once more when these are done. */
async function seenMeanwhile<Seen>(
  { store, peer }: Given,
  plans: readonly Plan[],
  read: (client: EventStore) => Promise<Seen>,
): Promise<readonly Seen[]> {
  const writers = (): Promise<unknown> =>
    race(4, async (writer) => {
      for (let n = writer; n < plans.length; n += 4) {
        await send(writer % 2 === 0 ? store : peer, plans[n]!);
        await breathe();
      }
    });
  const readers = (writing: () => boolean): Promise<readonly Seen[][]> =>
    race(2, async (reader) => {
      const readings: Seen[] = [];
      while (writing()) {
        readings.push(await read(reader === 0 ? store : peer));
        await breathe();
      }
      return [...readings, await read(store)];
    });
  return (await whileWriting(writers, readers)).flat();
}

export const snapshots: Section = {
  title: 'snapshots',
  clauses: [
    {
      says: '`read` answers as of one snapshot for the whole call: no reader sees a part of a command.',
      behaviours: {
        'never tears a reading of several streams while money moves between them': async (given) => {
          await commit(given.store, ofAll({ amount: 100 }));
          const readings = await seenMeanwhile(given, times(given.racers / 2, transfer), total);
          same(new Set(readings), new Set([500]), 'However often it is read, no money comes or goes.');
        },
        'never tears a reading of commands that write to many streams': async (given) => {
          const plans = times(given.racers / 2, () => ofAll({}));
          const readings = await seenMeanwhile(given, plans, async (client) => {
            const pages = await partsOf(client, ...accounts.map((of) => ({ of, limit: 1 })));
            return new Set(pages.map(({ version }) => version)).size;
          });
          same(new Set(readings), new Set([1]), 'Every command wrote to every stream, so their versions are equal.');
        },
      },
    },
    {
      says: '`read` gives what is committed. History is immutable: what was read once is there in every later reading.',
      behaviours: {
        'never shows an event of an append that is refused': async (given) => {
          const plans = times(given.racers / 2, (n): Plan => {
            const expected = { 'account-0': Math.floor(n / 6), 'account-1': 'any' as const };
            return { expected, events: [on('account-0', 'Counted', { n }), on('account-1', 'Counted', { n })] };
          });
          const readings = await seenMeanwhile(
            given,
            plans,
            async (client) => (await wholeStreams(client, ['account-1']))[0]!,
          );
          const history = (await wholeStream(given.store, 'account-1')).map(({ data }) => JSON.stringify(data));
          holds(history.length > 0 && history.length < plans.length, 'Some were committed, and some were refused.');
          for (const events of readings) {
            const seen = events.map(({ data }) => JSON.stringify(data));
            same(seen, history.slice(0, seen.length), 'Every reading is the beginning of what the stream has become.');
          }
        },
      },
    },
    {
      says: 'Command ids are looked up in the same snapshot.',
      behaviours: {
        'says that a command was applied exactly when its events are in the pages': async (given) => {
          const commands = times(given.racers / 4, () => uuid() as CommandId);
          const plan = (commandId: CommandId): Plan => ({ ...ofAll({}), commandId });
          const streams = [{ stream: stream('account-0'), after: at(0), limit: 1 }];
          const readings = await seenMeanwhile(given, commands.map(plan), async (client) => {
            const { pages, recorded } = await client.read({ streams, commands });
            return recorded.filter((record) => record !== undefined).length - pages[0]!.version;
          });
          same(
            new Set(readings),
            new Set([0]),
            'Each wrote one event there: as many are recorded as there are events.',
          );
        },
      },
    },
  ],
};
