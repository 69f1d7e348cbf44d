/** `{ after: k }`: an append that rests on what an earlier one of the same call will write. */
import type { EventStore } from '@eventcore/core';
import type { Outcome } from '@eventcore/core/store';
import { anAppend, commit, fill, numbered, on, send, type Plan } from '../section/arrange.js';
import { committed, conflicted, duplicate, holds, reused, same, verdicts } from '../section/expectations.js';
import { versionOf, wholeFeed, wholeStream } from '../section/observe.js';
import type { Section } from '../section/section.js';

const alice = 'account-alice';
const bob = 'account-bob';
const carol = 'account-carol';

const kinds = (outcomes: readonly Outcome[]): readonly string[] => outcomes.map(({ kind }) => kind);

export const chains: Section = {
  title: 'chains of appends in a call',
  clauses: [
    {
      says: '`{ after: k }` (k counts from 0) is the stream as append k of this call leaves it.',
      behaviours: {
        'applies an append that rests on one before it': async ({ store }) => {
          await fill(store, { [alice]: 3 });
          const outcomes = await send(
            store,
            { expected: { [alice]: 3 }, events: numbered(alice, 2, 4) },
            { expected: { [alice]: { after: 0 } }, events: numbered(alice, 1, 6) },
          );
          const versions = outcomes.map((outcome) => committed(outcome).versions);
          same(versions, [new Map([[alice, 5]]), new Map([[alice, 6]])], 'The chain goes on where its link has ended.');
          const data = (await wholeStream(store, alice)).map((event) => event.data);
          same(
            data,
            [1, 2, 3, 4, 5, 6].map((n) => ({ n })),
            'Events stand in the order of the appends.',
          );
        },
        'applies a long chain, each append on the one before it': async ({ store }) => {
          const links = Array.from({ length: 20 }, (_, n): Plan => {
            const expectation = n === 0 ? 0 : { after: n - 1 };
            return { expected: { [alice]: expectation, [bob]: expectation }, events: [on(alice), on(bob)] };
          });
          same(new Set(kinds(await send(store, ...links))), new Set(['committed']), 'Every link was applied.');
          same([await versionOf(store, alice), await versionOf(store, bob)], [20, 20], 'Each wrote to both streams.');
        },
        'applies an append that rests on a neighbour for one stream and on history for another': async ({ store }) => {
          await fill(store, { [alice]: 1, [bob]: 2 });
          const outcomes = await send(
            store,
            { expected: { [alice]: 1 }, events: [on(alice)] },
            { expected: { [carol]: 0 }, events: [on(carol)] },
            { expected: { [alice]: { after: 0 }, [bob]: 2 }, events: [on(bob)] },
          );
          same(kinds(outcomes), ['committed', 'committed', 'committed'], 'Each expectation is met in its own way.');
        },
        'applies an append that rests on a blind one': async ({ store }) => {
          await fill(store, { [alice]: 4 });
          const outcomes = await send(
            store,
            { expected: { [alice]: 'any' }, events: [on(alice)] },
            { expected: { [alice]: { after: 0 } }, events: [on(alice)] },
          );
          same(committed(outcomes[1]).versions, new Map([[alice, 6]]), 'It follows the blind one.');
        },
        'commits an append without events that rests on a neighbour': async ({ store }) => {
          const outcomes = await send(
            store,
            { expected: { [alice]: 0 }, events: [on(alice)] },
            { expected: { [alice]: { after: 0 } } },
          );
          same(committed(outcomes[1]).events, [], 'What it rests on has come true, and it writes nothing.');
        },
      },
    },
    {
      says: 'A conflict is a `chain` when the append rests on one that was refused, a duplicate, or empty. If k is refused, so is all that rests on it.',
      behaviours: {
        'refuses everything that rests on a refused append, and nothing else': async ({ store }) => {
          await fill(store, { [alice]: 2 });
          const outcomes = await send(
            store,
            { expected: { [alice]: 1 }, events: [on(alice)] },
            { expected: { [alice]: { after: 0 }, [bob]: 0 }, events: [on(alice), on(bob)] },
            { expected: { [bob]: { after: 1 } }, events: [on(bob)] },
            { expected: { [bob]: 0 }, events: [on(bob)] },
          );
          same(kinds(outcomes), ['conflict', 'conflict', 'conflict', 'committed'], 'The chain is refused to its end.');
          const [first, second, third] = outcomes.map(
            (outcome) => outcome.kind === 'conflict' && verdicts(outcome.stale),
          );
          same(first, [{ stream: alice, reason: 'stale', expected: 1, actual: 2 }], 'The first one is stale.');
          same(
            second,
            [{ stream: alice, reason: 'chain', expected: { after: 0 }, actual: 2 }],
            'It rested on the first.',
          );
          same(
            third,
            [{ stream: bob, reason: 'chain', expected: { after: 1 }, actual: 0 }],
            'It rested on the second.',
          );
        },
        "refuses a chain although a stranger's event has brought the stream to the version it would have had": async ({
          store,
        }) => {
          await fill(store, { [alice]: 3 });
          await commit(store, { expected: { [alice]: 3 }, events: [on(alice, 'Foreign')] });
          const outcomes = await send(
            store,
            { expected: { [alice]: 3 }, events: [on(alice)] },
            { expected: { [alice]: { after: 0 } }, events: [on(alice)] },
          );
          same(kinds(outcomes), ['conflict', 'conflict'], 'A version alone would have been a stale decision accepted.');
          same(await versionOf(store, alice), 4, 'Nothing was appended.');
        },
        'refuses a chain when its link is refused for another stream': async ({ store }) => {
          await fill(store, { [bob]: 1 });
          const outcomes = await send(
            store,
            { expected: { [alice]: 0, [bob]: 0 }, events: [on(alice)] },
            { expected: { [alice]: { after: 0 } }, events: [on(alice)] },
          );
          const stale = [{ stream: alice, reason: 'chain', expected: { after: 0 }, actual: 0 }];
          same(verdicts(conflicted(outcomes[1])), stale, 'What it rests on was not applied.');
        },
        'refuses an append that rests on a duplicate': async ({ store }) => {
          const known = anAppend({ expected: { [alice]: 0 }, events: [on(alice)] });
          await commit(store, known);
          const outcomes = await send(store, known, { expected: { [alice]: { after: 0 } }, events: [on(alice)] });
          duplicate(outcomes[0]);
          const stale = [{ stream: alice, reason: 'chain', expected: { after: 0 }, actual: 1 }];
          same(
            verdicts(conflicted(outcomes[1])),
            stale,
            'A duplicate was applied earlier; others may have come since.',
          );
        },
        'refuses an append that rests on one whose command id is reused': async ({ store }) => {
          const known = anAppend({ expected: { [alice]: 0 }, events: [on(alice)] });
          await commit(store, known);
          const outcomes = await send(
            store,
            { commandId: known.commandId, fingerprint: 'Other', expected: { [alice]: 1 }, events: [on(alice)] },
            { expected: { [alice]: { after: 0 } }, events: [on(alice)] },
          );
          reused(outcomes[0]);
          same(conflicted(outcomes[1])[0]?.reason, 'chain', 'What it rests on was not applied.');
        },
        'refuses an append that rests on one without events': async ({ store }) => {
          await fill(store, { [alice]: 1 });
          const outcomes = await send(
            store,
            { expected: { [alice]: 1 } },
            { expected: { [alice]: { after: 0 } }, events: [on(alice)] },
          );
          const stale = [{ stream: alice, reason: 'chain', expected: { after: 0 }, actual: 1 }];
          same(verdicts(conflicted(outcomes[1])), stale, 'An append without events leaves nothing to rest on.');
        },
        'lists streams of both kinds, those that rest on a refused append and those that have moved': async ({
          store,
        }) => {
          await fill(store, { [alice]: 1, [bob]: 2, [carol]: 1 });
          const outcomes = await send(
            store,
            { expected: { [alice]: 0 }, events: [on(alice)] },
            { expected: { [bob]: 1, [alice]: { after: 0 }, [carol]: 1 }, events: [on(bob)] },
          );
          same(
            verdicts(conflicted(outcomes[1])),
            [
              { stream: alice, reason: 'chain', expected: { after: 0 }, actual: 1 },
              { stream: bob, reason: 'stale', expected: 1, actual: 2 },
            ],
            'Every stream that was not as expected is listed.',
          );
        },
      },
    },
    {
      says: '`{ after: k }` is the stream as append k leaves it: an append that has moved it since makes the expectation wrong.',
      behaviours: {
        'refuses an append that rests on one whose stream another one has moved since': async ({ store }) => {
          const outcomes = await send(
            store,
            { expected: { [alice]: 0 }, events: [on(alice)] },
            { expected: { [alice]: { after: 0 } }, events: [on(alice)] },
            { expected: { [alice]: { after: 0 } }, events: [on(alice)] },
          );
          same(kinds(outcomes), ['committed', 'committed', 'conflict'], 'Only one can follow the first.');
          same(conflicted(outcomes[2])[0]?.stream, alice, 'The stream has moved on within the call.');
          same(await versionOf(store, alice), 2, 'Two were applied.');
        },
      },
    },
    {
      says: 'In `{ after: k }`, k is below the own index, and append k names that stream.',
      behaviours: {
        'never applies an append that rests on itself, on a later one or on none': async ({ store }) => {
          for (const after of [0, 1, 7]) {
            await neverApplied(store, 0, { expected: { [alice]: { after } }, events: [on(alice)] }, plain());
          }
        },
        'never applies an append that rests on one that does not name the stream': async ({ store }) => {
          await neverApplied(store, 1, plain(), { expected: { [alice]: { after: 0 } }, events: [on(alice)] });
        },
      },
    },
  ],
};

function plain(): Plan {
  return { expected: { [bob]: 'any' }, events: [on(bob)] };
}

/** Whether a store throws, fails the append or calls it a conflict is its own choice. */
async function neverApplied(store: EventStore, index: number, ...plans: readonly Plan[]): Promise<void> {
  const before = await wholeFeed(store);
  const outcomes = await send(store, ...plans).catch(() => undefined);
  if (outcomes === undefined) {
    same(await wholeFeed(store), before, '`append` throws only if nothing was sent.');
  } else {
    const kind = outcomes[index]?.kind;
    holds(kind === 'conflict' || kind === 'failed', `An expectation that can't be met is never ${kind}.`);
  }
  same(await versionOf(store, alice), 0, 'Nothing was appended.');
}
