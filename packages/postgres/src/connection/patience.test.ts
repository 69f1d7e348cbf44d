import { describe, expect, it } from '@jest/globals';
import { patiently, refuseIfOver } from './patience.js';

const never = new Promise<string>(() => {});

describe('patience', () => {
  it('gives what comes in time', async () => {
    const { signal } = new AbortController();
    expect(await patiently(Promise.resolve('answer'), { signal, deadline: Date.now() + 60_000 }, () => 'unsent')).toBe(
      'answer',
    );
  });

  it('ends with the signal, at the stage that was reached by then', async () => {
    const end = new AbortController();
    let stage: 'unsent' | 'unanswered' = 'unsent';
    const waiting = patiently(never, { signal: end.signal }, () => stage);
    stage = 'unanswered';
    end.abort('enough');
    await expect(waiting).rejects.toMatchObject({ stage: 'unanswered', reason: 'signal', cause: 'enough' });
  });

  it('ends at the deadline', async () => {
    const waiting = patiently(never, { deadline: Date.now() + 5 }, () => 'refused');
    await expect(waiting).rejects.toMatchObject({ stage: 'refused', reason: 'deadline' });
  });

  it('hears of a failure that comes when nobody waits any more', async () => {
    const late = Promise.withResolvers<string>();
    const waiting = patiently(late.promise, { signal: AbortSignal.abort() }, () => 'unanswered');
    await expect(waiting).rejects.toMatchObject({ reason: 'signal' });
    // Without anybody who hears it, this would end the process.
    late.reject(new Error('too late'));
  });

  it('is over before it begins when the signal was aborted or the deadline has passed', () => {
    expect(() => refuseIfOver({ signal: AbortSignal.abort() })).toThrow('unsent');
    expect(() => refuseIfOver({ deadline: Date.now() - 1 })).toThrow('unsent');
    expect(() => refuseIfOver({ deadline: Date.now() + 60_000 })).not.toThrow();
    expect(() => refuseIfOver()).not.toThrow();
  });
});
