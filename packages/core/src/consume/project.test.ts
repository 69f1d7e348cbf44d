import { describe, expect, it } from '@jest/globals';
import { Account, Audit, Transfer } from '../bank.fixture.js';
import { defineProjection } from './define-projection.js';
import { defineReaction } from './define-reaction.js';
import { project } from './project.js';
import { bobOpened, deposited, opened, recorded } from '../read/recorded.fixture.js';

interface Log {
  readonly log: string[];
}
const Openings = defineProjection<Log>('openings').on(Account, {
  AccountOpened: ({ data }, { log }) => void log.push(data.owner),
});

describe('handing events to a projection', () => {
  it('gives its handlers the event and the context, in order, each when the one before is done', async () => {
    const log: string[] = [];
    const Slow = defineProjection<Log>('slow').on(Account, {
      AccountOpened: async ({ data }, context) => {
        await Promise.resolve();
        context.log.push(`${data.owner} begins`);
        await Promise.resolve();
        context.log.push(`${data.owner} ends`);
      },
    });
    await project(Slow, [opened, bobOpened], { log });
    expect(log).toEqual(['Alice begins', 'Alice ends', 'Bob begins', 'Bob ends']);
  });

  it('calls nothing for an event without a handler, and for streams of other types', async () => {
    const log: string[] = [];
    await project(Openings, [deposited, recorded(5, 'audit-x', 'AccountOpened', { owner: 'Eve' })], { log });
    expect(log).toEqual([]);
  });

  it('hands on no further event when a handler throws', async () => {
    const failure = new Error('no');
    const log: string[] = [];
    const Failing = defineProjection<Log>('failing').on(Account, {
      AccountOpened: async ({ data }, context) => {
        context.log.push(data.owner);
        await Promise.reject(failure);
      },
    });
    await expect(project(Failing, [opened, bobOpened], { log })).rejects.toBe(failure);
    expect(log).toEqual(['Alice']);
  });

  it('hands on the event frozen, since other consumers get it too', async () => {
    const Writing = defineProjection('writing').on(Account, {
      AccountOpened: (event) => {
        (event.data as { owner: string }).owner = 'Eve';
      },
    });
    await expect(project(Writing, [opened])).rejects.toThrow(TypeError);
  });

  it('refuses an event that its stream type does not know, handled or not', async () => {
    const unknown = recorded(1, 'account-alice', 'Renamed', {});
    await expect(project(Openings, [unknown], { log: [] })).rejects.toMatchObject({ code: 'UNKNOWN_EVENT_TYPE' });
  });

  it('skips such an event when it is told to, and hands on the rest', async () => {
    const log: string[] = [];
    const unknown = recorded(1, 'account-alice', 'Renamed', {});
    await project(Openings, [unknown, bobOpened], { log }, { onUnknownEvent: 'skip' });
    expect(log).toEqual(['Bob']);
  });

  it.each([
    ['a command', () => new Transfer({ from: 'a', to: 'b', amount: 1 })],
    ['commands', () => [new Transfer({ from: 'a', to: 'b', amount: 1 })]],
  ])('refuses %s that a handler gives, since nobody would execute it', async (_, make) => {
    const Commanding = defineProjection('commanding').on(Audit, { Noted: async () => Promise.resolve(make()) });
    await expect(project(Commanding, [recorded(1, 'audit-x', 'Noted', { text: '' })])).rejects.toThrow(
      '"commanding" on Noted gave a command, and a projection executes none. Give it from a reaction',
    );
  });

  it('is for projections alone', async () => {
    const Reacting = defineReaction('reacting').on(Account, { AccountOpened: () => {} });
    await expect(project(Reacting as object, [])).rejects.toThrow(
      'project needs a projection, and "reacting" is a reaction: reactionsTo asks for its commands.',
    );
  });
});
