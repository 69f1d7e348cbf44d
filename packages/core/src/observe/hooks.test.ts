import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { channelName, observers, type ExecutionPhases, type Phase } from './hooks.js';

const info = { command: 'Tried', commandId: '1', correlationId: '1', causationId: '1', attempt: 1 };
const started: ExecutionPhases['started'] = { ...info, streams: [] };
const phases: Phase[] = [
  'started',
  'read',
  'discovered',
  'decided',
  'appended',
  'conflicted',
  'retrying',
  'doubted',
  'ended',
];

/** What the process is warned of, while a test runs. */
const warnings = () => jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
/** Lets everything that is due happen. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
afterEach(() => void jest.restoreAllMocks());

describe('observers', () => {
  it('are none when nobody listens, so that nothing is put together for them', () => {
    expect(observers(undefined)).toBeUndefined();
  });

  it('are told by the hook of the phase, with the very event', () => {
    const hook = jest.fn();
    observers({ started: hook })?.('started', started);
    expect(hook.mock.calls).toEqual([[started]]);
    expect(hook.mock.calls[0]?.[0]).toBe(started);
  });

  it('are told what none of them can change for the next one', () => {
    const event = { ...started };
    observers({ started: () => undefined })?.('started', event);
    expect(Object.isFrozen(event)).toBe(true);
  });

  it('are told only what they ask for', () => {
    const hook = jest.fn();
    const notify = observers({ ended: hook });
    expect(() => notify?.('started', started)).not.toThrow();
    expect(hook).not.toHaveBeenCalled();
  });

  it('are asked for as properties: a hook that an object inherits is called on it', () => {
    class Counting {
      seen = 0;
      started(): void {
        this.seen += 1;
      }
    }
    const counting = new Counting();
    observers(counting)?.('started', started);
    expect(counting.seen).toBe(1);
  });
});

describe('an observer that fails', () => {
  it('fails no command: the process is warned, and the next one is told', () => {
    const warned = warnings();
    const notify = observers({
      started: () => {
        throw new RangeError('the observer failed');
      },
    });
    expect(() => notify?.('started', started)).not.toThrow();
    expect(warned.mock.calls).toEqual([
      [
        'The hook "started" failed: RangeError: the observer failed',
        { type: 'EventCoreWarning', code: 'EVENTCORE_HOOK_FAILED', detail: expect.stringContaining('hooks.test.ts') },
      ],
    ]);
  });

  it.each([undefined, null, 'a text', 5, { odd: true }])('may throw %p as well', (thrown) => {
    const warned = warnings();
    const notify = observers({
      started: () => {
        throw thrown;
      },
    });
    expect(() => notify?.('started', started)).not.toThrow();
    expect(warned).toHaveBeenCalledTimes(1);
  });

  it('may throw what has no text', () => {
    warnings();
    const notify = observers({
      started: () => {
        throw Object.create(null);
      },
    });
    expect(() => notify?.('started', started)).not.toThrow();
  });

  it('is heard of through diagnostics_channel all the same', () => {
    warnings();
    const seen: unknown[] = [];
    const listener = (message: unknown): void => void seen.push(message);
    subscribe(channelName('started'), listener);
    try {
      observers({
        started: () => {
          throw new Error('the observer failed');
        },
      })?.('started', started);
    } finally {
      unsubscribe(channelName('started'), listener);
    }
    expect(seen).toEqual([started]);
  });

  it('may be asynchronous: a promise that is rejected is no unhandled rejection', async () => {
    const warned = warnings();
    // Stands for the promise of an asynchronous hook, and rejects nobody who doesn't ask.
    const rejected = {
      then: (_: unknown, reject?: (error: Error) => void) => reject?.(new Error('the observer failed later')),
    };
    observers({ started: () => rejected as never })?.('started', started);
    await settled();
    expect(warned).toHaveBeenCalledTimes(1);
  });
});

describe('diagnostics_channel', () => {
  it.each(phases)('has a channel for the phase %s', (phase) => {
    const name = channelName(phase);
    expect(name).toBe(`eventcore:execution:${phase}`);
    const seen: unknown[] = [];
    const listener = (message: unknown, channel: string | symbol): void => void seen.push(message, channel);
    subscribe(name, listener);
    try {
      observers(undefined)?.(phase, info as never);
    } finally {
      unsubscribe(name, listener);
    }
    expect(seen).toEqual([info, name]);
  });

  it('makes observers of its subscribers, until they leave', () => {
    const listener = (): void => undefined;
    subscribe(channelName('ended'), listener);
    expect(observers(undefined)).toBeDefined();
    unsubscribe(channelName('ended'), listener);
    expect(observers(undefined)).toBeUndefined();
  });

  it('is told beside the hooks', () => {
    const seen: string[] = [];
    const listener = (): void => void seen.push('channel');
    subscribe(channelName('started'), listener);
    try {
      observers({ started: () => void seen.push('hook') })?.('started', started);
    } finally {
      unsubscribe(channelName('started'), listener);
    }
    expect(seen).toEqual(['hook', 'channel']);
  });
});
