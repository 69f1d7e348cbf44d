import { describe, expect, it } from '@jest/globals';
import { splitEvents } from './event-stream.js';

describe('a stream of events', () => {
  it('is cut into events, however the network has cut it', () => {
    const text =
      'event: progress\ndata: {"done":1}\n\n: a comment\n\nid: 7\nevent: problem\ndata: a\ndata: b\n\nevent: prog';
    const seen = [];
    let rest = '';
    for (const character of text) {
      const { events, remainder } = splitEvents(rest + character);
      rest = remainder;
      seen.push(...events);
    }
    expect(seen).toEqual([
      { event: 'progress', data: '{"done":1}' },
      { event: 'problem', data: 'a\nb' },
    ]);
    expect(rest).toBe('event: prog');
  });

  it('may end its lines as Windows does', () => {
    expect(splitEvents('event: ping\r\ndata: 1\r\n\r\n').events).toEqual([{ event: 'ping', data: '1' }]);
  });
});
