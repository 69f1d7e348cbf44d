import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { version } from '../event/position.js';
import { streamId } from '../event/stream-id.js';
import { CompiledStreamType, defineStream } from '../stream/define-stream.js';
import { WarmStreams } from './warm-streams.js';

const define = () =>
  defineStream('counter', {
    events: { Counted: v.object({ by: v.number() }) },
    state: () => ({ count: 0 }),
    fold: { Counted: ({ count }, { by }) => ({ count: count + by }) },
  });
const type = CompiledStreamType.internals(define(), 'a test');
const counted = (by: number) => ({ type: 'Counted', schemaVersion: 1, data: { by } });
const id = (key: string) => streamId('counter', key);

describe('warm streams', () => {
  it('are bounded: the one that was used least recently is forgotten', () => {
    const warm = new WarmStreams(2, 'throw');
    for (const key of ['a', 'b']) warm.set(id(key), WarmStreams.unread(type));
    warm.get(id('a'), type);
    warm.set(id('c'), WarmStreams.unread(type));
    expect(['a', 'b', 'c'].map((key) => warm.get(id(key), type) !== undefined)).toEqual([true, false, true]);
    expect(warm.size).toBe(2);
  });

  it('go on from what was missed', () => {
    const warm = new WarmStreams(2, 'throw');
    warm.set(id('a'), WarmStreams.unread(type));
    warm.catchUp(id('a'), [counted(2), counted(3)], version(2));
    expect(warm.get(id('a'), type)).toMatchObject({ version: 2, state: { count: 5 } });
  });

  it.each([
    ['nothing is told of what was missed', undefined, 2],
    ['that doesn’t lead to where the stream is', [counted(1)], 2],
    ['it can’t be folded', [{ type: 'Unheard', schemaVersion: 1, data: {} }], 1],
  ] as const)('are forgotten when %s', (_, missed, actual) => {
    const warm = new WarmStreams(2, 'throw');
    warm.set(id('a'), WarmStreams.unread(type));
    warm.catchUp(id('a'), missed, version(actual));
    expect(warm.get(id('a'), type)).toBeUndefined();
  });

  it('are of the very definition that folded them', () => {
    const warm = new WarmStreams(2, 'throw');
    warm.set(id('a'), WarmStreams.unread(type));
    const other = CompiledStreamType.internals(define(), 'a test');
    expect(warm.get(id('a'), other)).toBeUndefined();
    warm.set(id('a'), WarmStreams.unread(other));
    expect([type, other].map((definition) => warm.get(id('a'), definition)?.type)).toEqual([type, other]);
  });
});
