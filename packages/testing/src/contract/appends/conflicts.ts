/** Conflicts: every stream that a decision rests on is checked, and an append that is refused leaves nothing behind. */
import type { EventStore } from '@eventcore/core';
import type { LeanEvent, Stale } from '@eventcore/core/store';
import { anAppend, commit, fill, numbered, on, send, stream, uuid, type Plan } from '../section/arrange.js';
import { conflicted, holds, lean, same, verdicts } from '../section/expectations.js';
import { versionOf, wholeFeed, wholeStream } from '../section/observe.js';
import type { Section } from '../section/section.js';

const alice = 'account-alice';
const bob = 'account-bob';
const policy = 'policy-transfers';

/** An append that has to meet a conflict, and to leave the store as it was. */
async function refused(store: EventStore, plan: Plan): Promise<readonly Stale[]> {
  const before = await wholeFeed(store);
  const [outcome] = await send(store, plan);
  const stale = conflicted(outcome);
  same(await wholeFeed(store), before, 'An append that is refused leaves nothing in the feed.');
  return stale;
}

export const conflicts: Section = {
  title: 'conflicts',
  clauses: [
    {
      says: 'Every stream that a command has read takes part in the version check, written or not, existing or not.',
      behaviours: {
        'refuses a stream that has moved on': async ({ store }) => {
          await fill(store, { [alice]: 3 });
          const stale = await refused(store, { expected: { [alice]: 2 }, events: [on(alice)] });
          same(verdicts(stale), [{ stream: alice, reason: 'stale', expected: 2, actual: 3 }], 'It was at 3, not at 2.');
        },
        'refuses to create a stream that exists': async ({ store }) => {
          await fill(store, { [alice]: 1 });
          const stale = await refused(store, { expected: { [alice]: 0 }, events: [on(alice)] });
          same(verdicts(stale), [{ stream: alice, reason: 'stale', expected: 0, actual: 1 }], 'It was at 1, not at 0.');
        },
        'refuses a version that a stream has not come to': async ({ store }) => {
          await fill(store, { [alice]: 1 });
          const stale = await refused(store, { expected: { [alice]: 4, [bob]: 2 }, events: [on(alice)] });
          same(
            verdicts(stale),
            [
              { stream: alice, reason: 'stale', expected: 4, actual: 1 },
              { stream: bob, reason: 'stale', expected: 2, actual: 0 },
            ],
            'A number is committed history: nothing else will do.',
          );
        },
        'refuses when a stream that is only read has moved': async ({ store }) => {
          await fill(store, { [policy]: 2, [alice]: 1 });
          const stale = await refused(store, { expected: { [alice]: 1, [policy]: 1 }, events: [on(alice)] });
          same(
            verdicts(stale),
            [{ stream: policy, reason: 'stale', expected: 1, actual: 2 }],
            'The stream that was only read has moved.',
          );
        },
        'refuses when a stream that was read as missing has come into being': async ({ store }) => {
          await fill(store, { [policy]: 1, [alice]: 1 });
          const stale = await refused(store, { expected: { [policy]: 0, [alice]: 1 }, events: [on(alice)] });
          same(
            verdicts(stale),
            [{ stream: policy, reason: 'stale', expected: 0, actual: 1 }],
            'Version 0 is an expectation like any other.',
          );
        },
        'accepts a decision whose streams, read or written, have all stood still': async ({ store }) => {
          await fill(store, { [policy]: 2, [alice]: 1, [bob]: 5 });
          const expected = { [policy]: 2, [alice]: 1, 'account-carol': 0 };
          await commit(store, { expected, events: [on(alice)] });
          same(await versionOf(store, alice), 2, 'Other streams that moved are none of its business.');
        },
        'ignores the version of a stream of which nothing is expected': async ({ store }) => {
          await fill(store, { [alice]: 1, [bob]: 5 });
          const stale = await refused(store, { expected: { [alice]: 0, [bob]: 'any' }, events: [on(bob)] });
          same(
            stale.map((each) => each.stream),
            [alice],
            "`'any'` is never stale.",
          );
        },
      },
    },
    {
      says: 'A conflict lists every stream that was not as expected, with its committed version.',
      behaviours: {
        'lists every stream that has moved, written or read, and none that has not': async ({ store }) => {
          await fill(store, { [alice]: 3, [bob]: 2, [policy]: 4, 'account-carol': 1 });
          const stale = await refused(store, {
            expected: { [policy]: 3, 'account-carol': 1, [alice]: 1, [bob]: 0 },
            events: [on(alice), on('account-carol')],
          });
          same(
            verdicts(stale),
            [
              { stream: alice, reason: 'stale', expected: 1, actual: 3 },
              { stream: bob, reason: 'stale', expected: 0, actual: 2 },
              { stream: policy, reason: 'stale', expected: 3, actual: 4 },
            ],
            'Three of the four streams have moved.',
          );
        },
      },
    },
    {
      says: 'A `stale` stream comes with the events that were missed, up to a cap in bytes; beyond it only with the version.',
      behaviours: {
        'hands over what was missed of each stale stream, so that a retry need not read': async ({ store }) => {
          await fill(store, { [alice]: 4, [bob]: 2 });
          const stale = await refused(store, { expected: { [alice]: 1, [bob]: 0 }, events: [on(alice)] });
          for (const each of stale) {
            const missed = (await wholeStream(store, each.stream)).slice(each.expected as number);
            same(
              lean(missedOf(each) ?? []),
              lean(missed),
              `These are the events of "${each.stream}" that were missed.`,
            );
          }
        },
        'tells each append of a call what it has missed itself, where others have missed more or less': async ({
          store,
        }) => {
          await fill(store, { [alice]: 3 });
          const stands = [2, 0, 1];
          const outcomes = await send(
            store,
            ...stands.map((version) => ({ expected: { [alice]: version }, events: [on(alice)] })),
          );
          const events = await wholeStream(store, alice);
          for (const [index, version] of stands.entries()) {
            const [each] = conflicted(outcomes[index]);
            const missed = missedOf(each);
            if (missed !== undefined) same(lean(missed), lean(events.slice(version)), `What came after ${version}.`);
          }
        },
        'hands over all that was missed of a large stream, or nothing': async ({ store }) => {
          const text = 'x'.repeat(900_000);
          for (let count = 0; count < 5; count++) {
            await commit(store, { expected: { [alice]: count }, events: [on(alice, 'Noted', { text, count })] });
          }
          const [each] = await refused(store, { expected: { [alice]: 0 }, events: [on(alice)] });
          same([each?.stream, each?.actual], [alice, 5], 'The version is told, however much was missed.');
          const missed = missedOf(each);
          const complete = missed === undefined || missed.length === 5;
          holds(
            complete,
            `A part of what was missed would be folded as if it were all: ${missed?.length} of 5 events.`,
          );
        },
        'hands over no events for an expectation that is ahead of the stream': async ({ store }) => {
          await fill(store, { [alice]: 2 });
          const [each] = await refused(store, { expected: { [alice]: 5 } });
          same(missedOf(each) ?? [], [], 'Nothing came after version 5.');
        },
      },
    },
    {
      says: 'Each append is all or nothing: what is refused writes no event to any stream, leaves no record and no position.',
      behaviours: {
        'writes to none of its streams when one of them has moved': async ({ store }) => {
          await fill(store, { [alice]: 1, [bob]: 1 });
          await refused(store, {
            expected: { [alice]: 1, [bob]: 0, [policy]: 'any', 'account-new': 0 },
            events: [on(alice), on('account-new'), on(bob), on(policy)],
          });
          const ids = [alice, bob, policy, 'account-new'];
          const versions = await Promise.all(ids.map((id) => versionOf(store, id)));
          same(versions, [1, 1, 0, 0], 'All or nothing.');
        },
        'leaves the id of a refused command free': async ({ store }) => {
          await fill(store, { [alice]: 1 });
          const commandId = uuid();
          await refused(store, { commandId, expected: { [alice]: 0 }, events: [on(alice)] });
          const { recorded } = await store.read({
            streams: [],
            commands: [anAppend({ commandId, expected: {} }).commandId],
          });
          same(recorded, [undefined], 'A refused command leaves no record.');
          await commit(store, { commandId, fingerprint: 'Other', expected: { [alice]: 1 }, events: [on(alice)] });
        },
        'moves no stream by a conflict, so that the next append finds it as it was': async ({ store }) => {
          await fill(store, { [alice]: 1, [bob]: 1 });
          await refused(store, { expected: { [alice]: 1, [bob]: 0 }, events: [on(alice), on(bob)] });
          await commit(store, { expected: { [alice]: 1, [bob]: 1 }, events: [on(alice), on(bob)] });
          same(await versionOf(store, stream(alice)), 2, 'The retry went through.');
        },
        'can be decided again with what the conflict has told': async ({ store }) => {
          await fill(store, { [alice]: 3 });
          const [each] = await refused(store, { expected: { [alice]: 1 }, events: [on(alice)] });
          await commit(store, { expected: { [alice]: each!.actual }, events: numbered(alice, 1, 4) });
          same(await versionOf(store, alice), 4, 'The version that a conflict reports is the one to go on from.');
        },
      },
    },
  ],
};

function missedOf(stale: Stale | undefined): readonly LeanEvent[] | undefined {
  return stale?.reason === 'stale' ? stale.missed : undefined;
}
