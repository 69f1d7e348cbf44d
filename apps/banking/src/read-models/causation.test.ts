import { describe, expect, it } from '@jest/globals';
import type { CommandId, EventId } from '@eventcore/core';
import { causationTree } from './causation.js';

const event = (id: string, commandId: string, causationId: string) => ({
  id: id as EventId,
  commandId: commandId as CommandId,
  causationId,
});

describe('the tree of what led to what', () => {
  it('has the events of a command together, and what they led to below it', () => {
    const events = [
      event('1', 'transfer', 'transfer'),
      event('2', 'transfer', 'transfer'),
      event('3', 'freeze', '1'),
      event('4', 'tell', '3'),
      event('5', 'thank', '2'),
    ];
    const leaf = (commandId: string, causedBy: string, id: string) => ({ commandId, causedBy, events: [id], led: [] });
    expect(causationTree(events, ({ id }) => id)).toEqual([
      {
        commandId: 'transfer',
        causedBy: null,
        events: ['1', '2'],
        led: [
          { commandId: 'freeze', causedBy: '1', events: ['3'], led: [leaf('tell', '3', '4')] },
          leaf('thank', '2', '5'),
        ],
      },
    ]);
  });

  it('begins with whatever was caused by something else', () => {
    const tree = causationTree([event('1', 'a', 'elsewhere'), event('2', 'b', 'b')], ({ id }) => id);
    expect(tree.map(({ commandId, causedBy }) => [commandId, causedBy])).toEqual([
      ['a', null],
      ['b', null],
    ]);
  });
});
