/** Command ids: what is sent again is recognised, whatever has happened in between. */
import type { CommandId, EventStore } from '@eventcore/core';
import { anAppend, at, commit, fill, numbered, on, race, send, stream, under, uuid } from '../section/arrange.js';
import { conflicted, contents, duplicate, reused, same } from '../section/expectations.js';
import { versionOf, wholeFeed } from '../section/observe.js';
import type { Section } from '../section/section.js';

const alice = 'account-alice';
const bob = 'account-bob';

/** What a store has recorded of command ids. */
async function recorded(store: EventStore, ...ids: readonly string[]) {
  return (await store.read({ streams: [], commands: ids as readonly CommandId[] })).recorded;
}

export const idempotency: Section = {
  title: 'command ids',
  clauses: [
    {
      says: 'A command id that is recorded already is answered with `duplicate` and the recorded receipt if the fingerprints agree.',
      behaviours: {
        'answers an append that is sent again with the receipt of the first time': async ({ store, peer }) => {
          const append = anAppend({ expected: { [alice]: 0, [bob]: 0 }, events: [on(alice), on(bob), on(alice)] });
          const first = await commit(store, append);
          for (const client of [store, peer, store]) {
            const [outcome] = await send(client, append);
            same(contents(duplicate(outcome)), contents(first), "A duplicate's receipt is that of the first time.");
          }
          same((await wholeFeed(store)).length, 3, 'Nothing was appended again.');
        },
        'recognises the command by its id and its fingerprint, whatever it would write now': async ({ store }) => {
          const commandId = uuid();
          const first = await commit(store, under(commandId, 'Deposit 60'));
          const [outcome] = await send(store, {
            commandId,
            fingerprint: 'Deposit 60',
            expected: { [bob]: 0 },
            events: numbered(bob, 2),
          });
          same(contents(duplicate(outcome)), contents(first), 'The recorded receipt comes back.');
          same(await versionOf(store, bob), 0, 'The second one is not applied.');
        },
        'tells of the correlation that is recorded, not of the one that is sent again': async ({ store, peer }) => {
          for (const correlationId of ['the first request', undefined]) {
            const plan = { commandId: uuid(), fingerprint: 'Deposit 60', expected: { [alice]: 'any' as const } };
            const first = await commit(store, { ...plan, events: [on(alice)], correlationId });
            for (const client of [store, peer]) {
              const [outcome] = await send(client, { ...plan, events: [on(alice)], correlationId: 'another request' });
              same(contents(duplicate(outcome)), contents(first), "A duplicate has the first one's correlation id.");
              const [record] = await recorded(client, plan.commandId);
              same(record && contents(record.receipt), contents(first), 'So has its record.');
            }
          }
        },
        'answers an append without events under a recorded id with that receipt': async ({ store }) => {
          const append = anAppend({ expected: { [alice]: 0 }, events: [on(alice)] });
          const first = await commit(store, append);
          const [outcome] = await send(store, { commandId: append.commandId, expected: { [alice]: 0 } });
          same(contents(duplicate(outcome)), contents(first), 'The id is answered before anything else.');
        },
        'takes a command id in capital letters for the same': async ({ store }) => {
          const commandId = uuid();
          await commit(store, under(commandId, 'Deposit'));
          const [outcome] = await send(store, under(commandId.toUpperCase(), 'Deposit'));
          duplicate(outcome);
        },
      },
    },
    {
      says: 'Known command ids are answered before versions are looked at: an append that is sent again would else meet its own events as a conflict.',
      behaviours: {
        'answers a duplicate although its streams have moved, by itself and by others': async ({ store }) => {
          await fill(store, { [alice]: 2 });
          const append = anAppend({ expected: { [alice]: 2, [bob]: 0 }, events: [on(alice)] });
          const first = await commit(store, append);
          await fill(store, { [bob]: 1 });
          await commit(store, { expected: { [alice]: 3 }, events: numbered(alice, 5, 4) });
          const [outcome] = await send(store, append);
          same(contents(duplicate(outcome)), contents(first), 'It was applied: that is the truth, and no conflict.');
        },
        'reports a reused id although its streams have moved': async ({ store }) => {
          const commandId = uuid();
          await commit(store, under(commandId, 'Deposit 60'));
          const [outcome] = await send(store, {
            commandId,
            fingerprint: 'Deposit 70',
            expected: { [alice]: 0 },
            events: [on(alice)],
          });
          reused(outcome);
        },
      },
    },
    {
      says: 'With another fingerprint the id belongs to something else: `idReused`, and nothing is applied. `{ any: true }` agrees with every fingerprint, on either side.',
      behaviours: {
        'refuses an id that was first used for something else, and says what is recorded': async ({ store }) => {
          const commandId = uuid();
          const first = await commit(store, under(commandId, 'Deposit 60'));
          const [outcome] = await send(store, under(commandId, 'Deposit 70', bob));
          const record = reused(outcome);
          same(record.commandId, first.commandId, 'The record is that of the command id.');
          same(record.fingerprint, 'Deposit 60', 'The record says what the id was first used for.');
          same(contents(record.receipt), contents(first), 'The record holds the receipt of the first time.');
          same(await versionOf(store, bob), 0, 'Nothing was applied.');
        },
        'answers a derived id with the recorded receipt, whatever it was first used for': async ({ store }) => {
          const commandId = uuid();
          const first = await commit(store, under(commandId, 'Deposit 60'));
          const [outcome] = await send(store, under(commandId, { any: true }));
          same(contents(duplicate(outcome)), contents(first), '`{ any: true }` agrees with what is recorded.');
        },
        'answers any fingerprint when a derived id is recorded': async ({ store }) => {
          const commandId = uuid();
          const first = await commit(store, under(commandId, { any: true }));
          for (const fingerprint of ['Deposit 60', { any: true }] as const) {
            const [outcome] = await send(store, under(commandId, fingerprint));
            same(
              contents(duplicate(outcome)),
              contents(first),
              'A recorded `{ any: true }` agrees with every fingerprint.',
            );
          }
        },
        'tells fingerprints apart byte for byte': async ({ store }) => {
          const texts = ['a', 'A', 'a ', 'é', 'e\u0301', '', 'any', '{"any":true}', "'; --", 'x'.repeat(500)];
          for (const fingerprint of texts) {
            const commandId = uuid();
            await commit(store, under(commandId, fingerprint));
            same(
              (await recorded(store, commandId))[0]?.fingerprint,
              fingerprint,
              'A fingerprint comes back as it was.',
            );
            const outcomes = await race(
              texts.length,
              async (n) => (await send(store, under(commandId, texts[n]!)))[0]!,
            );
            const kinds = texts.map((text) => (text === fingerprint ? 'duplicate' : 'idReused'));
            same(
              outcomes.map(({ kind }) => kind),
              kinds,
              'Only the very same fingerprint agrees.',
            );
          }
        },
      },
    },
    {
      says: 'What was refused, and what wrote nothing, leaves no record: its id is judged as if it had never been seen.',
      behaviours: {
        'judges an id anew that has met a conflict, whatever it is used for': async ({ store }) => {
          await fill(store, { [alice]: 1 });
          const commandId = uuid();
          const refused = { commandId, fingerprint: 'One', expected: { [alice]: 0 }, events: [on(alice)] };
          conflicted((await send(store, refused))[0]);
          await commit(store, under(commandId, 'Another'));
        },
        'judges an id anew that has written nothing': async ({ store }) => {
          const commandId = uuid();
          await commit(store, { commandId, fingerprint: 'One', expected: { [alice]: 0 } });
          await commit(store, { commandId, fingerprint: 'One', expected: { [alice]: 0 } });
          await commit(store, under(commandId, 'Another'));
        },
      },
    },
    {
      says: '`recorded[i]` says whether a command id was applied, and as what.',
      behaviours: {
        'says of each command id whether it was applied, in the order of the ids': async ({ store }) => {
          const [first, second, unknown] = [uuid(), uuid(), uuid()];
          const receipts = [
            await commit(store, under(first, 'One')),
            await commit(store, under(second, { any: true }, bob)),
          ];
          const records = await recorded(store, unknown, second, first, second);
          same(
            records.map((record) => record?.commandId),
            [undefined, second, first, second],
            'One entry for each id.',
          );
          same(
            records.map((record) => record?.fingerprint),
            [undefined, { any: true }, 'One', { any: true }],
            'With its fingerprint.',
          );
          same(
            records.map((record) => record && contents(record.receipt)),
            [undefined, contents(receipts[1]!), contents(receipts[0]!), contents(receipts[1]!)],
            'With the receipt that was given.',
          );
        },
        'answers for command ids and for streams in one call': async ({ store }) => {
          const commandId = uuid();
          await commit(store, under(commandId, 'One'));
          const streams = [{ stream: stream(alice), after: at(0) }];
          const { pages, recorded } = await store.read({ streams, commands: [commandId as CommandId] });
          same([pages[0]?.version, recorded[0]?.receipt.events.length], [1, 1], 'Both are of one snapshot.');
        },
      },
    },
  ],
};
