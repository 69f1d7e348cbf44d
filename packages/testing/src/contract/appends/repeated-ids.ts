/** The same command id more than once at a time: in one call, and in calls that race each other. */
import { anAppend, commit, fill, on, race, send, under, uuid } from '../section/arrange.js';
import { committed, contents, duplicate, holds, reused, same } from '../section/expectations.js';
import { versionOf, wholeFeed } from '../section/observe.js';
import type { Section } from '../section/section.js';

const alice = 'account-alice';
const bob = 'account-bob';

export const repeatedIds: Section = {
  title: 'repeated command ids',
  clauses: [
    {
      says: 'The same id twice in one call is judged in order; the second is `duplicate` or `idReused` if the first was applied, else it is judged by itself.',
      behaviours: {
        'answers the second use of an id in a call as a duplicate of the first': async ({ store }) => {
          const commandId = uuid();
          const outcomes = await send(store, under(commandId, 'Deposit'), under(commandId, 'Deposit', bob));
          same(contents(duplicate(outcomes[1])), contents(committed(outcomes[0])), 'It has the receipt of the first.');
          same(await versionOf(store, bob), 0, 'The second one is not applied.');
        },
        'refuses the second use of an id in a call when it is for something else': async ({ store }) => {
          const commandId = uuid();
          const outcomes = await send(store, under(commandId, 'One'), under(commandId, 'Another', bob));
          const record = reused(outcomes[1]);
          same(record.fingerprint, 'One', 'The id belongs to the first append of the call.');
          same(contents(record.receipt), contents(committed(outcomes[0])), 'Its record is told.');
        },
        'judges the second use of an id by itself when the first was refused': async ({ store }) => {
          await fill(store, { [alice]: 1 });
          const commandId = uuid();
          const refused = { commandId, fingerprint: 'One', expected: { [alice]: 0 }, events: [on(alice)] };
          const outcomes = await send(store, refused, under(commandId, 'Another'));
          same(
            outcomes.map(({ kind }) => kind),
            ['conflict', 'committed'],
            'A refused append leaves the id free.',
          );
        },
        'judges the second use of an id by itself when the first wrote nothing': async ({ store }) => {
          const commandId = uuid();
          const empty = { commandId, fingerprint: 'One', expected: { [alice]: 0 } };
          const outcomes = await send(store, empty, under(commandId, 'Another'));
          same(
            outcomes.map(({ kind }) => kind),
            ['committed', 'committed'],
            'An empty append leaves the id free.',
          );
        },
        'answers known ids among new ones, each for itself': async ({ store }) => {
          const [first, second] = [uuid(), uuid()];
          await commit(store, under(first, 'One'));
          await commit(store, under(second, 'Two'));
          const outcomes = await send(
            store,
            under(second, 'Two'),
            under(uuid(), 'New', bob),
            under(first, 'Other'),
            under(uuid(), 'New', bob),
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
      says: 'An append in flight under the same id is waited for; the unique id has the last word.',
      behaviours: {
        'applies one of many racing appends under one id, and tells the others what it did': async ({
          store,
          peer,
          racers,
        }) => {
          const commandId = uuid();
          const outcomes = await race(racers, async (n) => {
            const [outcome] = await send(n % 2 === 0 ? store : peer, under(commandId, 'Deposit', `account-${n % 5}`));
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
            const [outcome] = await send(n % 2 === 0 ? store : peer, under(commandId, `Command ${n % 2}`));
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
