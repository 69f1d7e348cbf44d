/** Command ids: what is sent again is recognised, whatever has happened in between. */
import type { CommandId, EventStore, Fingerprint } from '@eventcore/core';
import { anAppend, commit, fill, numbered, on, race, send, uuid, type Plan } from './arrange.js';
import { committed, conflicted, contents, duplicate, holds, reused, same } from './expectations.js';
import { versionOf, wholeFeed } from './observe.js';
import type { Section } from './section.js';

const alice = 'account-alice';
const bob = 'account-bob';

/** An append under a command id, that goes through whatever the version. */
const use = (commandId: string, fingerprint: Fingerprint, id = alice): Plan => ({
  commandId,
  fingerprint,
  expected: { [id]: 'any' },
  events: [on(id)],
});

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
          const first = await commit(store, use(commandId, 'Deposit 60'));
          const [outcome] = await send(store, {
            commandId,
            fingerprint: 'Deposit 60',
            expected: { [bob]: 0 },
            events: numbered(bob, 2),
          });
          same(contents(duplicate(outcome)), contents(first), 'The recorded receipt comes back.');
          same(await versionOf(store, bob), 0, 'The second one is not applied.');
        },
        'answers an append without events under a recorded id with that receipt': async ({ store }) => {
          const append = anAppend({ expected: { [alice]: 0 }, events: [on(alice)] });
          const first = await commit(store, append);
          const [outcome] = await send(store, { commandId: append.commandId, expected: { [alice]: 0 } });
          same(contents(duplicate(outcome)), contents(first), 'The id is answered before anything else.');
        },
        'takes a command id in capital letters for the same': async ({ store }) => {
          const commandId = uuid();
          await commit(store, use(commandId, 'Deposit'));
          const [outcome] = await send(store, use(commandId.toUpperCase(), 'Deposit'));
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
          await commit(store, use(commandId, 'Deposit 60'));
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
          const first = await commit(store, use(commandId, 'Deposit 60'));
          const [outcome] = await send(store, use(commandId, 'Deposit 70', bob));
          const record = reused(outcome);
          same(record.commandId, first.commandId, 'The record is that of the command id.');
          same(record.fingerprint, 'Deposit 60', 'The record says what the id was first used for.');
          same(contents(record.receipt), contents(first), 'The record holds the receipt of the first time.');
          same(await versionOf(store, bob), 0, 'Nothing was applied.');
        },
        'answers a derived id with the recorded receipt, whatever it was first used for': async ({ store }) => {
          const commandId = uuid();
          const first = await commit(store, use(commandId, 'Deposit 60'));
          const [outcome] = await send(store, use(commandId, { any: true }));
          same(contents(duplicate(outcome)), contents(first), '`{ any: true }` agrees with what is recorded.');
        },
        'answers any fingerprint when a derived id is recorded': async ({ store }) => {
          const commandId = uuid();
          const first = await commit(store, use(commandId, { any: true }));
          for (const fingerprint of ['Deposit 60', { any: true }] as const) {
            const [outcome] = await send(store, use(commandId, fingerprint));
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
            await commit(store, use(commandId, fingerprint));
            same(
              (await recorded(store, commandId))[0]?.fingerprint,
              fingerprint,
              'A fingerprint comes back as it was.',
            );
            const outcomes = await race(texts.length, async (n) => (await send(store, use(commandId, texts[n]!)))[0]!);
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
          await commit(store, use(commandId, 'Another'));
        },
        'judges an id anew that has written nothing': async ({ store }) => {
          const commandId = uuid();
          await commit(store, { commandId, fingerprint: 'One', expected: { [alice]: 0 } });
          await commit(store, { commandId, fingerprint: 'One', expected: { [alice]: 0 } });
          await commit(store, use(commandId, 'Another'));
        },
      },
    },
    {
      says: 'The same id twice in one call is judged in order; the second is `duplicate` or `idReused` if the first was applied, else it is judged by itself.',
      behaviours: {
        'answers the second use of an id in a call as a duplicate of the first': async ({ store }) => {
          const commandId = uuid();
          const outcomes = await send(store, use(commandId, 'Deposit'), use(commandId, 'Deposit', bob));
          same(contents(duplicate(outcomes[1])), contents(committed(outcomes[0])), 'It has the receipt of the first.');
          same(await versionOf(store, bob), 0, 'The second one is not applied.');
        },
        'refuses the second use of an id in a call when it is for something else': async ({ store }) => {
          const commandId = uuid();
          const outcomes = await send(store, use(commandId, 'One'), use(commandId, 'Another', bob));
          const record = reused(outcomes[1]);
          same(record.fingerprint, 'One', 'The id belongs to the first append of the call.');
          same(contents(record.receipt), contents(committed(outcomes[0])), 'Its record is told.');
        },
        'judges the second use of an id by itself when the first was refused': async ({ store }) => {
          await fill(store, { [alice]: 1 });
          const commandId = uuid();
          const refused = { commandId, fingerprint: 'One', expected: { [alice]: 0 }, events: [on(alice)] };
          const outcomes = await send(store, refused, use(commandId, 'Another'));
          same(
            outcomes.map(({ kind }) => kind),
            ['conflict', 'committed'],
            'A refused append leaves the id free.',
          );
        },
        'judges the second use of an id by itself when the first wrote nothing': async ({ store }) => {
          const commandId = uuid();
          const empty = { commandId, fingerprint: 'One', expected: { [alice]: 0 } };
          const outcomes = await send(store, empty, use(commandId, 'Another'));
          same(
            outcomes.map(({ kind }) => kind),
            ['committed', 'committed'],
            'An empty append leaves the id free.',
          );
        },
        'answers known ids among new ones, each for itself': async ({ store }) => {
          const [first, second] = [uuid(), uuid()];
          await commit(store, use(first, 'One'));
          await commit(store, use(second, 'Two'));
          const outcomes = await send(
            store,
            use(second, 'Two'),
            use(uuid(), 'New', bob),
            use(first, 'Other'),
            use(uuid(), 'New', bob),
          );
          const kinds = ['duplicate', 'committed', 'idReused', 'committed'];
          same(
            outcomes.map(({ kind }) => kind),
            kinds,
            'Each append is judged by itself.',
          );
          same([await versionOf(store, alice), await versionOf(store, bob)], [2, 2], 'Only the new ones were applied.');
        },
        'does not count a duplicate as a neighbour that has moved a stream': async ({ store }) => {
          const known = anAppend({ expected: { [alice]: 0 }, events: [on(alice)] });
          await commit(store, known);
          const outcomes = await send(store, known, { expected: { [alice]: 1 }, events: [on(alice)] });
          same(
            outcomes.map(({ kind }) => kind),
            ['duplicate', 'committed'],
            'The stream stood still in this call.',
          );
        },
      },
    },
    {
      says: '`recorded[i]` says whether a command id was applied, and as what.',
      behaviours: {
        'says of each command id whether it was applied, in the order of the ids': async ({ store }) => {
          const [first, second, unknown] = [uuid(), uuid(), uuid()];
          const receipts = [
            await commit(store, use(first, 'One')),
            await commit(store, use(second, { any: true }, bob)),
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
          await commit(store, use(commandId, 'One'));
          const append = anAppend(use(commandId, 'One'));
          const streams = [...append.expected.keys()].map((stream) => ({ stream, after: 0 as never }));
          const { pages, recorded } = await store.read({ streams, commands: [append.commandId] });
          same([pages[0]?.version, recorded[0]?.receipt.events.length], [1, 1], 'Both are of one snapshot.');
        },
      },
    },
    {
      says: 'An append in flight under the same id is waited for; the unique id has the last word.',
      behaviours: {
        'applies one of many racing appends under one id, and tells the others what it did': async ({
          store,
          peer,
          racers,
        }) => {
          const commandId = uuid();
          const outcomes = await race(racers, async (n) => {
            const [outcome] = await send(n % 2 === 0 ? store : peer, use(commandId, 'Deposit', `account-${n % 5}`));
            return outcome!;
          });
          const applied = outcomes.filter(({ kind }) => kind === 'committed');
          same(applied.length, 1, 'One of them is applied.');
          const receipt = contents(committed(applied[0]));
          for (const outcome of outcomes) {
            if (outcome !== applied[0]) same(contents(duplicate(outcome)), receipt, 'The others get its receipt.');
          }
          same((await wholeFeed(store)).length, 1, 'It was applied once.');
        },
        'gives an id to one of two commands that race for it': async ({ store, peer, racers }) => {
          const commandId = uuid();
          const outcomes = await race(Math.ceil(racers / 4), async (n) => {
            const [outcome] = await send(n % 2 === 0 ? store : peer, use(commandId, `Command ${n % 2}`));
            return outcome!;
          });
          const winner = outcomes.findIndex(({ kind }) => kind === 'committed');
          holds(winner >= 0, 'One of them is applied.');
          outcomes.forEach(({ kind }, n) => {
            if (n === winner) return;
            same(
              kind,
              n % 2 === winner % 2 ? 'duplicate' : 'idReused',
              'The id belongs to the command that was applied.',
            );
          });
          same((await wholeFeed(store)).length, 1, 'It was applied once.');
        },
      },
    },
  ],
};
