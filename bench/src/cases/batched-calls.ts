/** The store alone: 64 appends of one event in each call, as they come in once commands share calls. */
import { systemRuntime } from '@eventcore/core';
import { prepareAppend } from '@eventcore/core/store';
import type { Append } from '../by-hand/ledger.js';
import type { Case, Contestant } from '../harness.js';
import { inLedger, inStore, town, visitor } from '../population.js';

const CALLS = 300;
const APPENDS = 64;

const account = visitor(town);
const data = { amount: 5 };

const ledgerCalls: Contestant = {
  name: 'by hand',
  prepare: async () => {
    const ledger = await inLedger(town);
    const calls = callsOf(({ stream, version, commandId, id }): Append => {
      const event = { id, stream, type: 'MoneyDeposited', data } as Append['events'][number];
      return { commandId, expected: [{ stream, version }], events: [event] };
    });
    return async () => {
      for (const appends of calls) await ledger.appendAll(appends);
    };
  },
};

const storeCalls: Contestant = {
  name: 'store.append',
  prepare: async () => {
    const store = await inStore(town);
    const calls = callsOf(({ stream, version, commandId, id }) =>
      prepareAppend({
        commandId,
        fingerprint: commandId,
        expected: new Map([[stream, version]]),
        events: [{ id, stream, type: 'MoneyDeposited', data }],
      }),
    );
    return async () => {
      for (const appends of calls) {
        const outcomes = await store.append(appends);
        if (outcomes.some(({ kind }) => kind !== 'committed')) throw new Error('An append was not committed.');
      }
    };
  },
};

export const batchedCalls: Case = {
  name: 'batched-calls',
  work: `calls of the store with ${APPENDS} appends of one event`,
  unit: 'appends',
  operations: CALLS * APPENDS,
  contestants: [ledgerCalls, storeCalls],
};

interface Parts {
  readonly stream: string;
  readonly version: number;
  readonly commandId: string;
  readonly id: string;
}

/** What every call holds, made before the clock starts. Accounts are visited round after round, so versions are known. */
function callsOf<Made>(make: (parts: Parts) => Made): readonly (readonly Made[])[] {
  return Array.from({ length: CALLS }, (_, call) =>
    Array.from({ length: APPENDS }, (__, index) => {
      const turn = call * APPENDS + index;
      const version = town.events + Math.floor(turn / town.accounts);
      const stream = `account-${account(turn)}`;
      return make({ stream, version, commandId: systemRuntime.uuid(), id: systemRuntime.uuid() });
    }),
  );
}
