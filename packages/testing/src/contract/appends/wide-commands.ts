/**
 * Commands over so many streams that a store may treat them in another way: in several requests, under another lock, by another
 * statement. Nothing that holds of narrow ones may be lost there.
 */
import {
  anAppend,
  at,
  breathe,
  commit,
  on,
  race,
  racing,
  send,
  stream,
  times,
  whileWriting,
  type Plan,
} from '../section/arrange.js';
import { committed, conflicted, duplicate, same, winners } from '../section/expectations.js';
import { partsOf, wholeFeed } from '../section/observe.js';
import type { Given, Section } from '../section/section.js';

const idsOf = ({ width }: Given): readonly string[] => times(width, (n) => `account-${n}`);

/** Expects something of each stream, and writes to some: to all of them, unless told. */
const over = (ids: readonly string[], expected: number | 'any', written = ids): Plan => ({
  expected: Object.fromEntries(ids.map((id) => [id, expected])),
  events: written.map((id) => on(id)),
});

/** The versions of streams in one snapshot, each that occurs once. */
async function versionsOf({ peer }: Given, ids: readonly string[]): Promise<ReadonlySet<number>> {
  const pages = await partsOf(peer, ...ids.map((of) => ({ of, limit: 1 })));
  return new Set(pages.map(({ version }) => version));
}

export const wideCommands: Section = {
  title: 'wide commands',
  clauses: [
    {
      says: 'What holds of a command over two streams holds of one over hundreds, whoever else is writing.',
      behaviours: {
        'lets one of many win that create the same streams': async (given) => {
          const ids = idsOf(given);
          const outcomes = await racing(
            given,
            times(4, (n) => over(n % 2 === 0 ? ids : ids.toReversed(), 0)),
          );
          same(winners(outcomes), 1, 'Each stream comes into being once.');
          for (const outcome of outcomes) {
            if (outcome.kind !== 'committed') same(conflicted(outcome).length, ids.length, 'All of them are stale.');
          }
          same(await versionsOf(given, ids), new Set([1]), 'Nothing is there of those that have lost.');
        },
        'is applied whole or not at all, among narrow ones that create some of its streams': async (given) => {
          for (const turn of ['before', 'after']) {
            const ids = idsOf(given).map((id) => `${id}-${turn}`);
            const created = ids.filter((_, n) => n % 20 === 10);
            const narrow = created.map((id) => over([id], 0));
            const plans = turn === 'before' ? [over(ids, 0), ...narrow] : [...narrow, over(ids, 0)];
            const outcomes = await racing(given, plans);
            const wide = outcomes.at(turn === 'before' ? 0 : -1);
            if (wide?.kind === 'committed') {
              same(winners(outcomes), 1, 'It created them all, and so nobody else.');
              same(await versionsOf(given, ids), new Set([1]), 'It wrote to each.');
            } else {
              const others = conflicted(wide).filter((stale) => !created.includes(stale.stream));
              same(others, [], 'Streams are stale that others have created.');
              same(winners(outcomes), narrow.length, 'Nobody else had written to theirs.');
              const rest = ids.filter((id) => !created.includes(id));
              same(await versionsOf(given, rest), new Set([0]), 'It wrote to none.');
            }
          }
        },
        'lets one of many win that have read the same streams and write one of them each': async (given) => {
          const ids = idsOf(given);
          const outcomes = await racing(
            given,
            times(6, (n) => over(ids, 0, [ids[(n * 31) % ids.length]!])),
          );
          same(winners(outcomes), 1, 'Whoever comes later has read, as missing, what the first one has written.');
        },
        'is committed among others that name its streams in the opposite order': async (given) => {
          const ids = idsOf(given);
          const plans = times(4, (n) => over(n % 2 === 0 ? ids : ids.toReversed(), 'any'));
          for (const outcome of await racing(given, plans)) committed(outcome);
          same(await versionsOf(given, ids), new Set([4]), 'Each wrote to each stream.');
          const commands = (await wholeFeed(given.store)).map(({ commandId }) => commandId);
          const changes = commands.filter((id, index) => id !== commands[index - 1]);
          same(changes.length, 4, 'The events of a command stand together in the feed.');
        },
        'is applied once, however often it is sent at once': async (given) => {
          const ids = idsOf(given);
          const append = anAppend(over(ids, 0));
          const outcomes = await race(4, async (n) => (await send(n % 2 === 0 ? given.store : given.peer, append))[0]);
          same(winners(outcomes.map((outcome) => outcome!)), 1, 'One of them has applied it.');
          for (const outcome of outcomes) if (outcome?.kind !== 'committed') duplicate(outcome);
          same(await versionsOf(given, ids), new Set([1]), 'It is there once.');
        },
        'is seen whole or not at all': async (given) => {
          const ids = idsOf(given);
          await whileWriting(
            async () => {
              for (let n = 0; n < 5; n++) {
                await commit(given.store, over(ids, 'any'));
                await breathe();
              }
            },
            async (writing) => {
              for (; writing(); await breathe()) {
                same((await versionsOf(given, ids)).size, 1, 'A snapshot of many streams is one moment as well.');
              }
            },
          );
        },
        'decides under a hold of all its streams, if the store has holds': async (given) => {
          const ids = idsOf(given);
          await race(2, async (n) => {
            const client = n === 0 ? given.store : given.peer;
            if (client.hold === undefined) return;
            const queries = ids.map((id) => ({ stream: stream(id), after: at(0), mode: 'write' as const }));
            const [outcome] = await client.hold(queries, (pages) => {
              const versions = new Set(pages.map(({ version }) => version));
              same(versions.size, 1, 'What is held is one moment.');
              return [anAppend(over(ids, pages[0]!.version))];
            });
            committed(outcome);
          });
        },
      },
    },
  ],
};
