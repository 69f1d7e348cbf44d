import { describe, expect, it } from '@jest/globals';
import type { AppendReceipt, CommandId, EventReceipt } from '../event/recorded-event.js';
import { START } from '../event/position.js';
import { emptyReceipt, receiptOf } from './receipt.js';

const commandId = '0192f0c1-8f2e-7cc3-98c4-dc0c0c07398f' as CommandId;

describe('a receipt', () => {
  it("can't be changed by one of those who are handed it, and leaves the store's own list alone", () => {
    const events = [{} as EventReceipt];
    const answer: AppendReceipt = {
      commandId,
      correlationId: 'a request',
      duplicate: false,
      events,
      versions: new Map(),
      position: START,
    };
    const receipt = receiptOf(answer, 1);
    expect(receipt).toEqual({ ...answer, attempts: 1 });
    expect([Object.isFrozen(receipt), Object.isFrozen(receipt.events)]).toEqual([true, true]);
    expect(Object.isFrozen(events)).toBe(false);
  });

  it("can't be changed either when nothing was written", () => {
    const receipt = emptyReceipt(commandId, 1, commandId);
    expect([Object.isFrozen(receipt), Object.isFrozen(receipt.events)]).toEqual([true, true]);
  });
});
