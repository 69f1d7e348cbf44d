/** Several appends in one call: each is judged by itself, in their order. */
import { fill, numbered, on, race, send } from '../section/arrange.js';
import { ascending, committed, conflicted, lean, same, verdicts } from '../section/expectations.js';
import { versionOf, wholeFeed, wholeStream } from '../section/observe.js';
import type { Section } from '../section/section.js';

const alice = 'account-alice';
const bob = 'account-bob';
const carol = 'account-carol';

export const batches: Section = {
  title: 'several appends in a call',
  clauses: [
    {
      says: 'Each append is all or nothing and judged by itself, in their order; what one is refused for does not touch its neighbours.',
      behaviours: {
        'commits the neighbours of an append that is refused': async ({ store }) => {
          await fill(store, { [bob]: 1 });
          const outcomes = await send(
            store,
            { expected: { [alice]: 0 }, events: [on(alice, 'First')] },
            { expected: { [bob]: 0, [carol]: 0 }, events: [on(bob, 'Refused'), on(carol, 'Refused')] },
            { expected: { [carol]: 0 }, events: [on(carol, 'Third')] },
          );
          same(
            outcomes.map(({ kind }) => kind),
            ['committed', 'conflict', 'committed'],
            'Each is judged by itself.',
          );
          const types = (await wholeFeed(store)).map(({ type }) => type);
          same(types, ['Noted', 'First', 'Third'], 'The refused append left nothing behind.');
        },
        'gives positions in the order of the appends': async ({ store }) => {
          const ids = [carol, alice, bob, alice, carol];
          const plans = ids.map((id) => ({ expected: { [id]: 'any' as const }, events: [on(id), on(id)] }));
          const receipts = (await send(store, ...plans)).map((outcome) => committed(outcome));
          const positions = receipts.flatMap(({ events }) => events.map(({ position }) => position));
          ascending(positions, 'Positions follow the order of the appends.');
          const seen = (await wholeFeed(store)).map((event) => event.stream);
          same(
            seen,
            ids.flatMap((id) => [id, id]),
            'The feed has them in that order too.',
          );
        },
        'lets blind appends of one call follow each other on one stream': async ({ store }) => {
          await fill(store, { [alice]: 2 });
          const plans = [1, 2, 3].map((n) => ({ expected: { [alice]: 'any' as const }, events: numbered(alice, n) }));
          const receipts = (await send(store, ...plans)).map((outcome) => committed(outcome));
          const versions = receipts.map((receipt) => receipt.versions);
          same(
            versions,
            [3, 5, 8].map((version) => new Map([[alice, version]])),
            'Each goes on where the last one ended.',
          );
        },
        'commits a hundred appends in one call': async ({ store }) => {
          const plans = Array.from({ length: 100 }, (_, n) => ({
            expected: { [`account-${n % 10}`]: 'any' as const, [`account-${(n + 1) % 10}`]: 'any' as const },
            events: [on(`account-${n % 10}`), on(`account-${(n + 1) % 10}`)],
          }));
          (await send(store, ...plans)).forEach((outcome) => committed(outcome));
          const versions = await race(10, (n) => versionOf(store, `account-${n}`));
          same(
            versions,
            Array.from({ length: 10 }, () => 20),
            'Every append was applied once.',
          );
        },
      },
    },
    {
      says: 'A number is committed history, never the effect of a neighbour: it is refused as `moved` for a stream that an earlier append of the call has moved.',
      behaviours: {
        'refuses a number for a stream that an earlier append of the call has moved': async ({ store }) => {
          await fill(store, { [alice]: 3 });
          const outcomes = await send(
            store,
            { expected: { [alice]: 3 }, events: [on(alice)] },
            { expected: { [alice]: 3 }, events: [on(alice)] },
          );
          committed(outcomes[0]);
          same(
            verdicts(conflicted(outcomes[1])),
            [{ stream: alice, reason: 'moved', expected: 3, actual: 3 }],
            'The stream was moved by a neighbour; `actual` is the committed version before the call.',
          );
          same(await versionOf(store, alice), 4, 'Only the first was applied.');
        },
        'refuses the very number that a neighbour has brought a stream to': async ({ store }) => {
          await fill(store, { [alice]: 3 });
          const outcomes = await send(
            store,
            { expected: { [alice]: 3 }, events: [on(alice)] },
            { expected: { [alice]: 4 }, events: [on(alice)] },
          );
          same(
            outcomes.map(({ kind }) => kind),
            ['committed', 'conflict'],
            'A decision rests on history, not on luck.',
          );
          same(await versionOf(store, alice), 4, 'Only the first was applied.');
        },
        'refuses a number for a stream that is only read and that a neighbour has moved': async ({ store }) => {
          await fill(store, { [alice]: 1 });
          const outcomes = await send(
            store,
            { expected: { [alice]: 'any' }, events: [on(alice)] },
            { expected: { [alice]: 1, [bob]: 0 }, events: [on(bob)] },
          );
          same(
            verdicts(conflicted(outcomes[1])),
            [{ stream: alice, reason: 'moved', expected: 1, actual: 1 }],
            'A stream that is only read is checked in the same way.',
          );
          same(await versionOf(store, bob), 0, 'The decision rested on a version that is past.');
        },
        'hands over no missed events for a stream that only a neighbour has moved': async ({ store }) => {
          const outcomes = await send(
            store,
            { expected: { [alice]: 0 }, events: [on(alice)] },
            { expected: { [alice]: 0 }, events: [on(alice)] },
          );
          const [stale] = conflicted(outcomes[1]);
          same(
            Object.entries(stale!).find(([key]) => key === 'missed')?.[1] ?? [],
            [],
            'None was committed before the call.',
          );
        },
        'calls a stream stale that was behind before the call and was moved in it': async ({ store }) => {
          await fill(store, { [alice]: 3 });
          const outcomes = await send(
            store,
            { expected: { [alice]: 'any' }, events: numbered(alice, 2, 100) },
            { expected: { [alice]: 1 }, events: [on(alice)] },
          );
          const stale = conflicted(outcomes[1]);
          same(
            verdicts(stale),
            [{ stream: alice, reason: 'stale', expected: 1, actual: 3 }],
            'A stream that is both is `stale`; `actual` is the committed version before the call.',
          );
          const committedBefore = (await wholeStream(store, alice)).slice(1, 3);
          const missed = stale[0]?.reason === 'stale' ? (stale[0].missed ?? []) : [];
          same(lean(missed), lean(committedBefore), 'What was missed was committed before the call.');
        },
        'accepts a number for a stream that a neighbour has read, or has been refused for': async ({ store }) => {
          await fill(store, { [alice]: 1, [bob]: 1 });
          const outcomes = await send(
            store,
            { expected: { [alice]: 1, [carol]: 0 }, events: [on(carol)] },
            { expected: { [alice]: 'any', [bob]: 0 }, events: [on(alice)] },
            { expected: { [alice]: 1 }, events: [on(alice)] },
          );
          const kinds = outcomes.map(({ kind }) => kind);
          same(
            kinds,
            ['committed', 'conflict', 'committed'],
            'Reading moves nothing, nor does an append that is refused.',
          );
        },
        'accepts a number for a stream that an append without events names': async ({ store }) => {
          await fill(store, { [alice]: 1 });
          const outcomes = await send(
            store,
            { expected: { [alice]: 1 } },
            { expected: { [alice]: 1 }, events: [on(alice)] },
          );
          same(
            outcomes.map(({ kind }) => kind),
            ['committed', 'committed'],
            'Without events nothing moves.',
          );
        },
        'refuses a number for every stream of a neighbour that wrote to several': async ({ store }) => {
          const outcomes = await send(
            store,
            { expected: { [alice]: 0, [bob]: 0 }, events: [on(alice), on(bob)] },
            { expected: { [bob]: 0, [alice]: 0, [carol]: 0 }, events: [on(carol)] },
          );
          same(
            verdicts(conflicted(outcomes[1])),
            [
              { stream: alice, reason: 'moved', expected: 0, actual: 0 },
              { stream: bob, reason: 'moved', expected: 0, actual: 0 },
            ],
            'Every stream that was moved is listed.',
          );
        },
      },
    },
  ],
};
