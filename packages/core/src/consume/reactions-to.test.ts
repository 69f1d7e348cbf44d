import { describe, expect, it } from '@jest/globals';
import { Account, Audit, Transfer } from '../bank.fixture.js';
import { defineProjection } from './define-projection.js';
import { defineReaction, type ReactionContext } from './define-reaction.js';
import { reactionCommandId } from './reaction-command-id.js';
import { reactionsTo } from './reactions-to.js';
import { bobOpened, deposited, opened, recorded } from '../read/recorded.fixture.js';

const transfer = (amount: number) => new Transfer({ from: 'bank', to: 'alice', amount });
const answering = (answer: unknown) => defineReaction('bonus').on(Account, { AccountOpened: () => answer as never });

describe('what a reaction answers', () => {
  it('is a command, with the options to execute it with', async () => {
    const command = transfer(5);
    expect(await reactionsTo(answering(command), opened)).toEqual([
      {
        command,
        options: {
          commandId: reactionCommandId(opened.id, 'bonus', 0),
          correlationId: opened.correlationId,
          causationId: opened.id,
          anyFingerprint: true,
        },
      },
    ]);
  });

  it('is several commands, each with an id of its own', async () => {
    const commands = [transfer(1), transfer(2), transfer(3)];
    for (const answer of [commands, Promise.resolve(commands)]) {
      const followUps = await reactionsTo(answering(answer), opened);
      expect(followUps.map(({ command }) => command)).toEqual(commands);
      expect(followUps.map(({ options }) => options.commandId)).toEqual(
        [0, 1, 2].map((index) => reactionCommandId(opened.id, 'bonus', index)),
      );
    }
  });

  it.each([undefined, [], Promise.resolve()])('may be nothing: %p', async (answer) => {
    expect(await reactionsTo(answering(answer), opened)).toEqual([]);
  });

  it('is nothing for an event without a handler, and for streams of other types', async () => {
    expect(await reactionsTo(answering(transfer(1)), deposited)).toEqual([]);
    expect(await reactionsTo(answering(transfer(1)), recorded(5, 'audit-x', 'AccountOpened', {}))).toEqual([]);
  });

  it.each([null, 1, 'x', {}, Transfer, [transfer(1), undefined], [[transfer(1)]], Object.create(Transfer.prototype)])(
    'is refused when it is no command: %p',
    async (answer) => {
      await expect(reactionsTo(answering(answer), opened)).rejects.toMatchObject({
        code: 'DEFINITION',
        message: expect.stringMatching(/^"bonus" on AccountOpened gave .*\. A reaction gives commands, made with new/s),
        context: { position: opened.position },
      });
    },
  );

  it('is told by the event, at the time of the event', async () => {
    const seen: [unknown, ReactionContext][] = [];
    const Seeing = defineReaction('seeing').on(Account, {
      AccountOpened: (event, context) => {
        seen.push([event, context]);
      },
    });
    await reactionsTo(Seeing, bobOpened);
    expect(seen).toEqual([[bobOpened, { now: bobOpened.recordedAt, signal: expect.any(AbortSignal) }]]);
    expect(seen.every(([event, context]) => Object.isFrozen(event) && Object.isFrozen(context))).toBe(true);
  });

  it('is what its handler throws', async () => {
    const failure = new Error('the directory is down');
    await expect(reactionsTo(answering(Promise.reject(failure)), opened)).rejects.toBe(failure);
  });

  it('needs an event that the stream type knows, unless unknown ones are skipped', async () => {
    const unknown = recorded(1, 'account-alice', 'Renamed', {});
    await expect(reactionsTo(answering(undefined), unknown)).rejects.toMatchObject({ code: 'UNKNOWN_EVENT_TYPE' });
    expect(await reactionsTo(answering(transfer(1)), unknown, { onUnknownEvent: 'skip' })).toEqual([]);
  });

  it('is asked of reactions alone', async () => {
    const Projecting = defineProjection('projecting').on(Audit, { Noted: () => {} });
    await expect(reactionsTo(Projecting, opened)).rejects.toThrow(
      'reactionsTo needs a reaction, and "projecting" is a projection: project hands events to it.',
    );
  });
});

describe('the command ids of a reaction', () => {
  it('never change: what was executed once is known by them for ever', () => {
    expect(reactionCommandId(opened.id, 'welcome-bonus', 0)).toBe('833f5f7e-e44b-54d8-aac3-8e6333a8359f');
    expect(reactionCommandId(opened.id, 'welcome-bonus', 12)).toBe('a323be27-64b7-5dc2-addf-a850cb9391a1');
  });

  it('differ by event, by reaction and by place', () => {
    const ids = [opened, bobOpened].flatMap(({ id }) =>
      ['a', 'b', 'a-1'].flatMap((name) => [0, 1, 10, 11].map((index) => reactionCommandId(id, name, index))),
    );
    expect(new Set(ids).size).toBe(24);
  });
});
