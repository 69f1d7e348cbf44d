/** Appending: what a committed append leaves behind, and what its receipt says. */
import { anAppend, commit, fill, numbered, on, send } from '../section/arrange.js';
import { ascending, committed, contents, same } from '../section/expectations.js';
import { versionOf, wholeFeed } from '../section/observe.js';
import type { Section } from '../section/section.js';

const alice = 'account-alice';
const bob = 'account-bob';
const carol = 'account-carol';

export const appending: Section = {
  title: 'appending',
  clauses: [
    {
      says: 'An append is applied when every stream is as it expects: a number is the committed version, `any` expects nothing.',
      behaviours: {
        'creates a stream that is expected not to exist': async ({ store }) => {
          await commit(store, { expected: { [alice]: 0 }, events: [on(alice)] });
          same(await versionOf(store, alice), 1, 'The stream has its first event.');
        },
        'appends to a stream at the version that is expected': async ({ store }) => {
          await fill(store, { [alice]: 3 });
          await commit(store, { expected: { [alice]: 3 }, events: numbered(alice, 2, 4) });
          same(await versionOf(store, alice), 5, 'The stream went on from version 3.');
        },
        'appends blindly, to a stream that exists and to one that does not': async ({ store }) => {
          await fill(store, { [alice]: 3 });
          const receipt = await commit(store, {
            expected: { [alice]: 'any', [bob]: 'any' },
            events: [on(alice), on(bob)],
          });
          same(
            receipt.versions,
            new Map([
              [alice, 4],
              [bob, 1],
            ]),
            "`'any'` appends at whatever version there is.",
          );
        },
        'writes to several streams at once': async ({ store }) => {
          await fill(store, { [alice]: 1 });
          await commit(store, {
            expected: { [alice]: 1, [bob]: 0, [carol]: 'any' },
            events: [on(alice), on(bob), on(carol), on(bob)],
          });
          const versions = await Promise.all([alice, bob, carol].map((id) => versionOf(store, id)));
          same(versions, [2, 2, 1], 'Every stream holds its events.');
        },
        'takes part in a decision with streams that are only read': async ({ store }) => {
          await fill(store, { [alice]: 2 });
          await commit(store, { expected: { [alice]: 2, [bob]: 0, [carol]: 0 }, events: [on(bob)] });
          const versions = await Promise.all([alice, bob, carol].map((id) => versionOf(store, id)));
          same(versions, [2, 1, 0], 'Streams that are only read stay as they are.');
        },
        'gives the events of a command their versions stream by stream, in the order of the events': async ({
          store,
        }) => {
          await commit(store, {
            expected: { [alice]: 0, [bob]: 0 },
            events: [on(bob, 'B1'), on(alice, 'A1'), on(bob, 'B2'), on(alice, 'A2'), on(bob, 'B3')],
          });
          const seen = (await wholeFeed(store)).map(({ type, version }) => `${type} at ${version}`);
          same(seen, ['B1 at 1', 'A1 at 1', 'B2 at 2', 'A2 at 2', 'B3 at 3'], 'Each stream counts for itself.');
        },
      },
    },
    {
      says: 'A receipt says: command and correlation id, `duplicate`, the events (id, stream, type, version, position, time; no data), the new version of each stream that was written, the position of the last event.',
      behaviours: {
        'answers with a receipt that names the events as they are recorded': async ({ store }) => {
          await fill(store, { [alice]: 2 });
          const receipt = await commit(store, {
            expected: { [alice]: 2, [bob]: 0 },
            events: [on(alice, 'MoneyWithdrawn'), on(bob, 'MoneyDeposited')],
            correlationId: 'a request',
          });
          const recorded = (await wholeFeed(store)).filter((event) => event.commandId === receipt.commandId);
          same(
            receipt.events.map(({ id, stream, type, version, position, recordedAt }) => ({
              id,
              stream,
              type,
              version,
              position,
              recordedAt,
            })),
            recorded.map(({ id, stream, type, version, position, recordedAt }) => ({
              id,
              stream,
              type,
              version,
              position,
              recordedAt,
            })),
            'The receipt names the events as a reader finds them.',
          );
          same(receipt.correlationId, 'a request', 'It says the correlation id of its events.');
          same(receipt.events.length, 2, 'The receipt names each event.');
          same(receipt.position, recorded.at(-1)?.position, 'The position is that of the last event.');
        },
        'names the new version of each stream that was written, and of no other': async ({ store }) => {
          await fill(store, { [alice]: 2, [carol]: 1 });
          const receipt = await commit(store, {
            expected: { [carol]: 1, [alice]: 2, [bob]: 0 },
            events: [on(alice), on(bob), on(alice)],
          });
          same(
            receipt.versions,
            new Map([
              [alice, 4],
              [bob, 1],
            ]),
            'Streams that were only read are not in the receipt.',
          );
        },
        'gives receipts to the appends of a call in their order': async ({ store }) => {
          const plans = [alice, bob, carol].map((id) => ({ expected: { [id]: 0 }, events: [on(id)] }));
          const receipts = (await send(store, ...plans)).map((outcome) => committed(outcome));
          same(
            receipts.map(({ events }) => events.map(({ stream }) => stream)),
            [[alice], [bob], [carol]],
            'Outcomes stand in the order of the appends.',
          );
        },
        'gives ascending positions in the order of the events': async ({ store }) => {
          const { events } = await commit(store, {
            expected: { [alice]: 0, [bob]: 0 },
            events: [on(alice), on(bob), ...numbered(alice, 10), on(bob)],
          });
          ascending(
            events.map(({ position }) => position),
            'Positions ascend with the events of a command.',
          );
        },
      },
    },
    {
      says: 'An append without events is checked like any other, leaves no record, and is `committed` with no events.',
      behaviours: {
        'commits an append without events with an empty receipt': async ({ store }) => {
          await fill(store, { [alice]: 2 });
          const append = anAppend({ expected: { [alice]: 2, [bob]: 0 } });
          const receipt = await commit(store, append);
          const empty = {
            commandId: append.commandId,
            correlationId: append.correlationId,
            events: [],
            versions: new Map(),
            position: '',
          };
          same(contents(receipt), empty, 'The receipt says which command it is for, and nothing else.');
        },
        'leaves no trace of an append without events': async ({ store }) => {
          await fill(store, { [alice]: 1 });
          const before = await wholeFeed(store);
          const { commandId } = await commit(store, { expected: { [alice]: 1, [bob]: 0 } });
          same(await wholeFeed(store), before, 'Nothing is added to the feed.');
          same(await versionOf(store, bob), 0, 'No stream comes into being.');
          const { recorded } = await store.read({ streams: [], commands: [commandId] });
          same(recorded, [undefined], 'The command id stays free.');
        },
        'refuses an append without events when a stream has moved': async ({ store }) => {
          await fill(store, { [alice]: 2 });
          const [outcome] = await send(store, { expected: { [alice]: 1 } });
          same(outcome?.kind, 'conflict', 'An append without events is checked like any other.');
        },
        'commits an append that neither expects nor writes anything': async ({ store }) => {
          const receipt = await commit(store, { expected: {} });
          same(receipt.events, [], 'There was nothing to do.');
        },
      },
    },
    {
      says: '`append` takes any number of commands, and has an outcome for each, in their order.',
      behaviours: {
        'answers a call without appends with no outcomes': async ({ store }) => {
          same(await store.append([]), [], 'No appends, no outcomes.');
        },
      },
    },
  ],
};
