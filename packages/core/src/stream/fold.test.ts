import { describe, expect, it, jest } from '@jest/globals';
import * as v from 'valibot';
import { Account } from '../bank.fixture.js';
import type { LeanEvent } from '../event/recorded-event.js';
import { raised } from '../raised.fixture.js';
import { CompiledStreamType, defineStream, type Schemas } from './define-stream.js';
import { foldEvents, initialStateOf, type OnUnknownEvent } from './fold.js';

const { id } = Account.at('alice');
const lean = (type: string, data: object = {}, schemaVersion = 1): LeanEvent => ({
  type,
  schemaVersion,
  data: data as never,
});
const foldAccount = (events: readonly LeanEvent[], onUnknownEvent: OnUnknownEvent = 'throw') => {
  const type = CompiledStreamType.internals(Account, 'test');
  return foldEvents(type, id, initialStateOf(type), events, onUnknownEvent);
};
/** Folds one event by this function. */
const foldBy = (fold: unknown, state: () => unknown = () => ({ list: [] })) => {
  const spec = { events: { Tried: v.object({}) } as Schemas, state, fold: { Tried: fold } as never };
  const type = CompiledStreamType.internals(defineStream('try', spec), 'test');
  return foldEvents(type, id, initialStateOf(type), [lean('Tried')], 'throw');
};

describe('folding', () => {
  it('begins with the initial state, and applies the events in their order', () => {
    expect(foldAccount([])).toEqual({ open: false, balance: 0 });
    expect(
      foldAccount([
        lean('AccountOpened', { owner: 'Alice' }),
        lean('MoneyDeposited', { amount: 100 }),
        lean('MoneyWithdrawn', { amount: 30 }),
      ]),
    ).toEqual({ open: true, balance: 70 });
  });

  it('asks for the initial state anew for every stream', () => {
    const type = CompiledStreamType.internals(Account, 'test');
    expect(initialStateOf(type)).not.toBe(initialStateOf(type));
  });

  it('gives older events to the fold in their newest form', () => {
    const { events } = CompiledStreamType.internals(Account, 'test');
    const current = jest.spyOn(events.get('MoneyDeposited')!, 'current').mockReturnValue({ amount: 7 });
    try {
      expect(foldAccount([lean('MoneyDeposited', { cents: 700 })])).toMatchObject({ balance: 7 });
    } finally {
      current.mockRestore();
    }
  });

  it('takes primitive states, and null', () => {
    expect(
      foldBy(
        (count: number) => count + 1,
        () => 1,
      ),
    ).toBe(2);
    expect(foldBy(() => null)).toBeNull();
  });
});

describe('an event that the stream type does not know', () => {
  const events = [lean('AccountOpened'), lean('AccountAudited'), lean('MoneyDeposited', { amount: 5 })];

  it('is an error that says what to do', () => {
    const error = raised(() => foldAccount(events));
    expect(error.code).toBe('UNKNOWN_EVENT_TYPE');
    expect(error.context).toEqual({ stream: 'account-alice', event: 'AccountAudited', schemaVersion: 1 });
    expect(error.message).toBe(
      '"account-alice" holds an event AccountAudited, which stream type "account" doesn\'t know. If a newer release wrote it, ' +
        'deploy that one here too; if it was dropped from the events of defineStream, add it again. ' +
        'Where leaving such events out is right, create the store with onUnknownEvent: "skip".',
    );
  });

  it('is skipped where the store says so', () => {
    expect(foldAccount(events, 'skip')).toEqual({ open: true, balance: 5 });
  });

  it.each(['constructor', 'toString', '__proto__'])('is no less unknown when objects have the name: %s', (name) => {
    expect(() => foldAccount([lean(name)])).toThrow("doesn't know");
    expect(foldAccount([lean(name)], 'skip')).toEqual({ open: false, balance: 0 });
  });

  it('may also be a newer version of one that it does know', () => {
    const newer = [lean('MoneyDeposited', { cents: 500 }, 2), lean('MoneyDeposited', { amount: 5 })];
    expect(raised(() => foldAccount(newer))).toMatchObject({
      code: 'UNKNOWN_EVENT_TYPE',
      context: { stream: 'account-alice', event: 'MoneyDeposited', schemaVersion: 2 },
    });
    expect(foldAccount(newer, 'skip')).toEqual({ open: false, balance: 5 });
  });
});

describe('a fold that is not pure', () => {
  it('is found when it gives nothing back', () => {
    expect(raised(() => foldBy(() => undefined)).message).toBe(
      'The fold of Tried in stream type "try" gave nothing back. It has to return the next state.',
    );
  });

  it('is found when it is asynchronous', () => {
    expect(raised(() => foldBy(async () => ({}))).message).toBe(
      'The fold of Tried in stream type "try" is asynchronous. Folds are pure and synchronous.',
    );
  });

  it("is found when it gives another library's promise", () => {
    expect(() => foldBy(() => ({ then: () => undefined }))).toThrow('is asynchronous');
  });

  it('is found when its initial state is asynchronous', () => {
    const error = raised(() =>
      foldBy(
        () => 0,
        async () => Promise.reject(new Error('out of reach')),
      ),
    );
    expect([error.code, error.message]).toEqual([
      'DEFINITION',
      'The state of stream type "try" is asynchronous. It is given at once: state: () => ({ … }).',
    ]);
  });

  it('is found when it writes to the initial state, at any depth', () => {
    expect(() => foldBy((state: { list: number[] }) => (state.list.push(1), state))).toThrow(TypeError);
    expect(() => foldBy((state: { count?: number }) => ((state.count = 1), state))).toThrow(TypeError);
  });

  it('is found when it writes to a state that an earlier event has led to', () => {
    let first = true;
    const Growing = defineStream('growing', {
      events: { Grown: v.object({}) },
      state: () => ({ list: [] as number[] }),
      fold: {
        Grown: (state) => {
          if (!first) (state.list as number[]).push(2);
          first = false;
          return { list: [1] };
        },
      },
    });
    const type = CompiledStreamType.internals(Growing, 'test');
    const fold = (events: LeanEvent[]) => foldEvents(type, id, initialStateOf(type), events, 'throw');
    expect(() => fold([lean('Grown'), lean('Grown')])).toThrow(TypeError);
  });

  it('is not looked for in production, where freezing every state would cost', async () => {
    const before = process.env['NODE_ENV'];
    process.env['NODE_ENV'] = 'production';
    jest.resetModules();
    try {
      const { freezeInDevelopment } = await import('./deep-readonly.js');
      expect(Object.isFrozen(freezeInDevelopment({ a: 1 }))).toBe(false);
    } finally {
      process.env['NODE_ENV'] = before;
      jest.resetModules();
    }
  });
});
