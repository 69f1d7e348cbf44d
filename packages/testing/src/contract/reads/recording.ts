/** What is recorded of an event, and that it comes back the same wherever it is met. */
import { anAppend, commit, fill, numbered, on, send, uuid } from '../section/arrange.js';
import { conflicted, holds, lean, same } from '../section/expectations.js';
import { partsOf, wholeFeed, wholeStream } from '../section/observe.js';
import type { Section } from '../section/section.js';

const alice = 'account-alice';
const bob = 'account-bob';

export const recording: Section = {
  title: 'recording events',
  clauses: [
    {
      says: 'An event record holds id, stream, version, position, type, schema version, data, time, command id, correlation id, causation id and metadata. It is immutable.',
      behaviours: {
        'records everything that the append says of an event': async ({ store }) => {
          const event = { ...on(alice, 'MoneyDeposited', { amount: 60, tags: ['a', null] }), schemaVersion: 7 };
          const append = anAppend({
            expected: { [alice]: 0 },
            events: [event],
            correlationId: 'trace 4711',
            causationId: 'cause/0815',
            metadata: { user: 'teller', roles: ['a', 'b'], nested: { ip: null } },
          });
          const receipt = await commit(store, append);
          const { recordedAt, ...rest } = (await wholeStream(store, alice))[0]!;
          same(
            rest,
            {
              id: event.id,
              stream: alice,
              version: 1,
              position: receipt.position,
              type: 'MoneyDeposited',
              schemaVersion: 7,
              data: { amount: 60, tags: ['a', null] },
              commandId: append.commandId,
              correlationId: 'trace 4711',
              causationId: 'cause/0815',
              metadata: { user: 'teller', roles: ['a', 'b'], nested: { ip: null } },
            },
            'A record holds what was appended, and where it stands.',
          );
          holds(
            /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(recordedAt),
            `A time is ISO text, not "${recordedAt}".`,
          );
        },
        'gives the same records in a stream and in the feed': async ({ store }) => {
          await commit(store, {
            expected: { [alice]: 0, [bob]: 0 },
            events: [on(alice), on(bob), on(alice)],
            metadata: { user: 'teller' },
          });
          const feed = await wholeFeed(store);
          for (const id of [alice, bob]) {
            const events = feed.filter((event) => event.stream === id);
            same(events, await wholeStream(store, id), 'The feed and the stream hold one and the same record.');
          }
        },
        'puts what belongs to the command on each of its events': async ({ store }) => {
          const append = anAppend({
            expected: { [alice]: 0, [bob]: 'any' },
            events: [on(alice), on(bob), on(alice)],
            correlationId: 'trace',
            causationId: 'cause',
            metadata: { user: 'teller' },
          });
          await commit(store, append);
          for (const event of await wholeFeed(store)) {
            const { commandId, correlationId, causationId, metadata } = event;
            same(
              { commandId, correlationId, causationId, metadata },
              {
                commandId: append.commandId,
                correlationId: 'trace',
                causationId: 'cause',
                metadata: { user: 'teller' },
              },
              'Each event carries the ids and the metadata of its command.',
            );
          }
        },
        'keeps the metadata of neighbours in a call apart': async ({ store }) => {
          await send(
            store,
            ...[1, 2, 3].map((n) => ({
              expected: { [alice]: 'any' as const },
              events: [on(alice)],
              metadata: { n },
              correlationId: `trace-${n}`,
            })),
          );
          const seen = (await wholeFeed(store)).map(({ metadata, correlationId }) => [metadata, correlationId]);
          const appended = [1, 2, 3].map((n) => [{ n }, `trace-${n}`]);
          same(seen, appended, 'Each command keeps its own metadata and correlation.');
        },
        'takes the command id for correlation and causation unless they are given': async ({ store }) => {
          const receipt = await commit(store, { expected: { [alice]: 0 }, events: [on(alice)] });
          const [event] = await wholeStream(store, alice);
          const { commandId } = receipt;
          same([event!.correlationId, event!.causationId], [commandId, commandId], 'Both are the command id.');
          same(event!.metadata, {}, 'Without metadata there is an empty object.');
        },
        'keeps the schema version of each event, for folding too': async ({ store }) => {
          const events = [1, 2, 32_767].map((schemaVersion) => ({ ...on(alice), schemaVersion }));
          await commit(store, { expected: { [alice]: 0 }, events });
          const [page] = await partsOf(store, { of: alice });
          const versions = page!.events.map(({ schemaVersion }) => schemaVersion);
          same(versions, [1, 2, 32_767], 'Upcasting needs the schema version in lean pages.');
          const [outcome] = await send(store, { expected: { [alice]: 0 }, events: [on(alice)] });
          const [stale] = conflicted(outcome);
          const missed = stale?.reason === 'stale' ? stale.missed : undefined;
          same(
            lean(missed ?? []),
            lean(await wholeStream(store, alice)),
            'Missed events carry the schema version too.',
          );
        },
        'leaves what is recorded as it is when later commands are appended': async ({ store }) => {
          await fill(store, { [alice]: 2 });
          const before = await wholeStream(store, alice);
          await commit(store, { expected: { [alice]: 2, [bob]: 0 }, events: [...numbered(alice, 1, 3), on(bob)] });
          same((await wholeStream(store, alice)).slice(0, 2), before, 'A record never changes.');
        },
      },
    },
    {
      says: 'A command id is any UUID, and written in lower case.',
      behaviours: {
        'takes UUIDs of any version as ids': async ({ store }) => {
          const ids = [
            uuid(),
            '8D9F6A3C-41B5-4E3A-9C0D-2F1E5B7A6C4D',
            '5df41881-3aed-3515-88a7-2f4a814cf09e',
            '886313e1-3b8a-5372-9b90-0c9aee199e5d',
            '00000000-0000-0000-0000-000000000000',
            'ffffffff-ffff-ffff-ffff-ffffffffffff',
          ];
          for (const commandId of ids) {
            await commit(store, { commandId, expected: { [alice]: 'any' }, events: [on(alice)] });
          }
          const seen = (await wholeStream(store, alice)).map(({ commandId }) => commandId);
          same(
            seen,
            ids.map((id) => id.toLowerCase()),
            'Ids come back as they were appended.',
          );
        },
      },
    },
  ],
};
