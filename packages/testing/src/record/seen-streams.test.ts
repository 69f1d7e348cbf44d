import { describe, expect, it } from '@jest/globals';
import { parseStreamId } from '@eventcore/core';
import type { LeanEvent } from '@eventcore/core/store';
import { digestOf } from '../judge/digest.js';
import { markOf } from './mark.js';
import { SeenStreams } from './seen-streams.js';

const stream = parseStreamId('account-a');
const event = (n: number): LeanEvent => ({ type: 'Noted', schemaVersion: 1, data: { n } });
const digest = (...numbers: readonly number[]): number =>
  numbers.map((n) => markOf(event(n))).reduce((before, mark) => digestOf(before, mark), 0);

describe('what was seen of a stream', () => {
  it('has a digest for each version that was seen from the start', () => {
    const seen = new SeenStreams();
    seen.events(stream, 0, [event(1), event(2)]);
    seen.events(stream, 2, [event(3)]);
    expect(seen.at(stream, 1)).toEqual({ stream, version: 1, digest: digest(1) });
    expect(seen.at(stream, 3)).toEqual({ stream, version: 3, digest: digest(1, 2, 3) });
    expect(seen.at(parseStreamId('account-b'), 0)).toMatchObject({ version: 0, digest: 0 });
  });

  it('has no digest where something in between was never seen', () => {
    const seen = new SeenStreams();
    seen.events(stream, 3, [event(4)]);
    expect(seen.at(stream, 4)).toEqual({ stream, version: 4 });
  });

  it('is what was given last, where it was given again', () => {
    const seen = new SeenStreams();
    seen.events(stream, 0, [event(1), event(2), event(3)]);
    seen.events(stream, 1, [event(7)]);
    expect(seen.at(stream, 2)).toEqual({ stream, version: 2, digest: digest(1, 7) });
    expect(seen.at(stream, 3)).toEqual({ stream, version: 3 });
  });
});
