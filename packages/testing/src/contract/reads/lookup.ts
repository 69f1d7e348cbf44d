/** Looking events up by the ids that tie them together. */
import type { CommandId, EventId, EventStore, RecordedEvent } from '@eventcore/core';
import type { EventLookup } from '@eventcore/core/store';
import { commit, fill, on, send, uuid } from '../section/arrange.js';
import { holds, same } from '../section/expectations.js';
import { wholeFeed } from '../section/observe.js';
import type { Section } from '../section/section.js';

const alice = 'account-alice';
const bob = 'account-bob';

function lookupOf(store: EventStore): EventLookup {
  const { lookup } = store.capabilities;
  holds(lookup !== undefined, 'The store offers a lookup.');
  return lookup;
}

export const lookup: Section = {
  title: 'looking events up',
  clauses: [
    {
      says: 'Events are found by event id, command id, correlation id and causation id, as whole records in position order.',
      behaviours: {
        'finds each event by its id': async ({ store }) => {
          await commit(store, { expected: { [alice]: 0, [bob]: 0 }, events: [on(alice), on(bob), on(alice)] });
          for (const event of await wholeFeed(store)) {
            same(await lookupOf(store).byEvent(event.id), event, 'The record is the one that a reader finds.');
          }
        },
        'finds all events of a command, in their order': async ({ store }) => {
          await fill(store, { [alice]: 2 });
          const { commandId } = await commit(store, {
            expected: { [alice]: 2, [bob]: 0 },
            events: [on(bob), on(alice), on(bob)],
          });
          await commit(store, { expected: { [bob]: 2 }, events: [on(bob)] });
          const events = (await wholeFeed(store)).filter((event) => event.commandId === commandId);
          same(await lookupOf(store).byCommand(commandId), events, 'Its events and no other.');
        },
        'finds what belongs together by correlation and causation, across commands and streams': async ({ store }) => {
          const plan = (id: string, correlationId: string, causationId: string) => ({
            expected: { [id]: 'any' as const },
            events: [on(id), on(id)],
            correlationId,
            causationId,
          });
          await send(
            store,
            plan(alice, 'trace', 'cause 1'),
            plan(bob, 'Trace', 'cause 1'),
            plan(bob, 'trace', 'cause 2'),
            plan(alice, 'trace%', "'; --"),
          );
          const events = await wholeFeed(store);
          const having = (key: 'correlationId' | 'causationId', id: string): readonly RecordedEvent[] =>
            events.filter((event) => event[key] === id);
          for (const id of ['trace', 'Trace', 'trace%', '%']) {
            same(
              await lookupOf(store).byCorrelation(id),
              having('correlationId', id),
              'By correlation, byte for byte.',
            );
          }
          for (const id of ['cause 1', 'cause 2', "'; --", 'cause']) {
            same(await lookupOf(store).byCausation(id), having('causationId', id), 'By causation, byte for byte.');
          }
        },
        'finds nothing under ids that nobody used, or whose appends were refused': async ({ store }) => {
          await fill(store, { [alice]: 1 });
          const commandId = uuid();
          const event = on(alice);
          const refused = { commandId, correlationId: 'refused', expected: { [alice]: 0 }, events: [event] };
          await send(store, refused, { expected: { [alice]: 1 }, correlationId: 'empty' });
          const found = lookupOf(store);
          same(await found.byEvent(event.id as EventId), undefined, 'What was refused can’t be found.');
          same(await found.byCommand(commandId as CommandId), [], 'Nor can its command.');
          same(await found.byCorrelation('refused'), [], 'Nor its correlation.');
          same(await found.byCausation(commandId), [], 'Nor its causation.');
          same(await found.byCorrelation('empty'), [], 'An append without events leaves nothing to find.');
        },
      },
    },
  ],
};
