/** One snapshot for each read: over all its streams, and over command ids, while others are writing. */
import type { CommandId, EventStore } from '@eventcore/core';
import { at, breathe, commit, on, race, send, stream, uuid, type Plan } from './arrange.js';
import { committed, holds, same } from './expectations.js';
import { wholeStreams } from './observe.js';
import type { Section } from './section.js';

const accounts = Array.from({ length: 5 }, (_, n) => `account-${n}`);

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

export const snapshots: Section = {
  title: 'snapshots',
  clauses: [
    {
      says: '`read` answers as of one snapshot for the whole call: no reader sees a part of a command.',
      behaviours: {
        'never tears a reading of several streams while money moves between them': async ({ store, peer, racers }) => {
          const events = accounts.map((id) => on(id, 'Moved', { amount: 100 }));
          await commit(store, { expected: Object.fromEntries(accounts.map((id) => [id, 0])), events });
          const readings = await whileWriting(
            () =>
              race(5, async (worker) => {
                for (let turn = 0; turn < racers / 10; turn++) {
                  await commit(worker % 2 === 0 ? store : peer, transfer(5 * turn + worker));
                  await breathe();
                }
              }),
            [store, peer, store].map((reader) => () => total(reader)),
          );
          same(new Set(readings), new Set([500]), 'However often it is read, no money comes or goes.');
        },
        'never tears a reading of commands that write to many streams': async ({ store, peer, racers }) => {
          const everything = (): Plan => ({
            expected: Object.fromEntries(accounts.map((id) => [id, 'any'])),
            events: accounts.map((id) => on(id)),
          });
          const readings = await whileWriting(
            () =>
              race(4, async (worker) => {
                for (let turn = 0; turn < racers / 10; turn++) {
                  await commit(worker % 2 === 0 ? peer : store, everything());
                  await breathe();
                }
              }),
            [store, peer].map((reader) => async () => {
              const { pages } = await reader.read({ streams: accounts.map((id) => ({ stream: stream(id), after: at(0), limit: 1 })) }); // prettier-ignore
              return new Set(pages.map(({ version }) => version)).size;
            }),
          );
          same(new Set(readings), new Set([1]), 'Every command wrote to every stream, so their versions are equal.');
        },
      },
    },
    {
      says: 'Command ids are looked up in the same snapshot.',
      behaviours: {
        'says that a command was applied exactly when its events are in the pages': async ({ store, peer, racers }) => {
          const commands = Array.from({ length: Math.ceil(racers / 4) }, () => uuid() as CommandId);
          const query = { stream: stream('account-0'), after: at(0), limit: 1 };
          const readings = await whileWriting(
            () =>
              race(4, async (worker) => {
                for (let n = worker; n < commands.length; n += 4) {
                  const plan = {
                    commandId: commands[n]!,
                    expected: { 'account-0': 'any' as const },
                    events: [on('account-0')],
                  };
                  committed((await send(worker % 2 === 0 ? store : peer, plan))[0]);
                  await breathe();
                }
              }),
            [store, peer].map((reader) => async () => {
              const { pages, recorded } = await reader.read({ streams: [query], commands });
              return recorded.filter((record) => record !== undefined).length - pages[0]!.version;
            }),
          );
          same(
            new Set(readings),
            new Set([0]),
            'Each command wrote one event: as many are recorded as there are events.',
          );
        },
      },
    },
  ],
};

/** What readers see while writers are at work, and once more when they are done. */
async function whileWriting<Seen>(
  write: () => Promise<unknown>,
  readers: readonly (() => Promise<Seen>)[],
): Promise<Seen[]> {
  let writing = true;
  const written = write().finally(() => (writing = false));
  const seen = await Promise.all(
    readers.map(async (read) => {
      const readings: Seen[] = [];
      while (writing) {
        readings.push(await read());
        await breathe();
      }
      readings.push(await read());
      return readings;
    }),
  );
  await written;
  holds(
    seen.every(({ length }) => length > 1),
    'Readers read while others write.',
  );
  return seen.flat();
}
