import { describe, expect, it } from '@jest/globals';
import { issuesOf, raised } from '../raised.fixture.js';
import {
  MAX_APPEND_EVENTS,
  MAX_EVENT_BYTES,
  MAX_STREAMS,
  prepareAppend,
  type AppendDraft,
  type EventDraft,
} from './append.js';

const commandId = '0192f0c1-8f2e-7cc3-98c4-dc0c0c07398f';
const eventId = (index: number): string => `0192f0c1-8f2e-7cc3-98c4-${index.toString(16).padStart(12, '0')}`;

const draft = (changes: Partial<AppendDraft> = {}): AppendDraft => ({
  commandId,
  fingerprint: 'OpenAccount',
  expected: new Map([['account-alice', 0]]),
  events: [],
  ...changes,
});
const event = (changes: Partial<EventDraft> = {}): EventDraft => ({
  id: eventId(1),
  stream: 'account-alice',
  type: 'Noted',
  data: {},
  ...changes,
});
/** An event whose data takes so many bytes of JSON. */
const eventOf = (bytes: number, index = 1): EventDraft =>
  event({ id: eventId(index), data: { text: 'a'.repeat(bytes - '{"text":""}'.length) } });

describe('what prepareAppend fills in', () => {
  it('is the command id for correlation and causation, schema version 1, and no metadata', () => {
    const append = prepareAppend(draft({ events: [event()] }));
    expect(append).toMatchObject({ correlationId: commandId, causationId: commandId, metadata: {} });
    expect(append.events[0]).toMatchObject({ schemaVersion: 1 });
  });

  it('is nothing where something was given', () => {
    const given = {
      correlationId: 'request 7',
      causationId: 'click',
      metadata: { user: 'alice' },
      fingerprint: { any: true } as const,
    };
    const append = prepareAppend(draft({ ...given, events: [event({ schemaVersion: 3 })] }));
    expect(append).toMatchObject(given);
    expect(append.events[0]).toMatchObject({ schemaVersion: 3 });
  });
});

describe('a fingerprint', () => {
  it.each(['', 'x'.repeat(1000), { any: true as const }])('is kept as it is: %p', (fingerprint) => {
    expect(prepareAppend(draft({ fingerprint })).fingerprint).toEqual(fingerprint);
  });

  it.each(['a\u0000', 'a\ud800', 'x'.repeat(1001)])('is refused where no store could keep it: %j', (fingerprint) => {
    expect(raised(() => prepareAppend(draft({ fingerprint }))).message).toMatch(/^The fingerprint is not valid: /);
  });
});

describe('command ids and event ids', () => {
  it.each([
    ['v1', 'c232ab00-9414-11ec-b3c8-9f6bdeced846'],
    ['v4', '919108f7-52d1-4320-9bac-f847db4148a8'],
    ['v5', '2ed6657d-e927-568b-95e1-2665a8aea6a2'],
    ['v7', '0192f0c1-8f2e-7cc3-98c4-dc0c0c07398f'],
    ['v8', '320c3d4d-cc00-875b-8ec9-32d5f69181c0'],
  ])('may be a UUID of any version: %s', (_, id) => {
    expect(prepareAppend(draft({ commandId: id })).commandId).toBe(id);
  });

  it('are kept in lower case, so that one id has one form', () => {
    const append = prepareAppend(
      draft({ commandId: commandId.toUpperCase(), events: [event({ id: eventId(0xabc).toUpperCase() })] }),
    );
    expect(append.commandId).toBe(commandId);
    expect(append.correlationId).toBe(commandId);
    expect(append.events[0]?.id).toBe(eventId(0xabc));
  });

  it.each([
    '',
    'rent-november',
    commandId.replaceAll('-', ''),
    `{${commandId}}`,
    ` ${commandId}`,
    `${commandId}\n`,
    undefined,
    null,
    5,
    {},
  ])('may be nothing else: %p', (id) => {
    const error = raised(() => prepareAppend(draft({ commandId: id as never })));
    expect(error.code).toBe('VALIDATION');
    expect(error.message).toMatch(/^The command id is not valid: must be a UUID, not /);
    expect(error.message).toContain('commandIdFrom(scope, key) makes one from a key of your own');
    expect(raised(() => prepareAppend(draft({ events: [event({ id: id as never })] }))).message).toMatch(
      /^The event id is not valid/,
    );
  });
});

describe('what an append expects', () => {
  it('is a version, anything, or what an earlier append of the call leaves', () => {
    const expected = new Map<string, number | 'any' | { after: number }>([
      ['account-alice', 0],
      ['account-bob', Number.MAX_SAFE_INTEGER],
      ['audit-a', 'any'],
      ['account-carol', { after: 2 }],
    ]);
    const append = prepareAppend(draft({ expected }));
    expect([...append.expected]).toEqual([...expected]);
    expect(append.expected).not.toBe(expected);
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER + 1, '5', '', undefined, true])(
    'is never %p',
    (expectation) => {
      const expected = new Map([['account-alice', expectation as never]]);
      expect(raised(() => prepareAppend(draft({ expected }))).message).toMatch(
        /^What the append expects of "account-alice" is not valid: must be a version, 'any' or \{ after: index \}, not /,
      );
    },
  );

  it.each([-1, 0.5, '0', undefined])('is never what append %p leaves', (after) => {
    const expected = new Map([['account-alice', { after } as never]]);
    expect(() => prepareAppend(draft({ expected }))).toThrow("must be a version, 'any' or { after: index }");
  });

  it('is of streams: other texts are refused', () => {
    expect(() => prepareAppend(draft({ expected: new Map([['alice', 0]]) }))).toThrow(
      'The stream id "alice" is not valid',
    );
  });

  it('covers every stream that is written', () => {
    expect(() => prepareAppend(draft({ events: [event({ stream: 'account-bob' })] }))).toThrow(
      'The event Noted is not valid: is for "account-bob", of which the append expects nothing',
    );
  });
});

describe('the events of an append', () => {
  it('may be none', () => {
    expect(prepareAppend(draft()).events).toEqual([]);
  });

  it.each<[string, Partial<EventDraft>, RegExp]>([
    ['a stream that is none', { stream: 'alice' }, /^The stream id "alice" is not valid/],
    ['no name', { type: '' }, /^The event name "" is not valid: must not be empty/],
    ['a name with a line break', { type: 'a\nb' }, /^The event name .* must not hold control characters/],
    ['a schema version of 0', { schemaVersion: 0 }, /^The schema version of Noted is not valid/],
    ['a schema version that takes more than two bytes', { schemaVersion: 32_768 }, /from 1 to 32,767, not 32768/],
  ])('are refused with %s', (_, changes, message) => {
    expect(raised(() => prepareAppend(draft({ events: [event(changes)] }))).message).toMatch(message);
  });

  it('are refused with data that JSON would bend, with the path to it', () => {
    const error = raised(() => prepareAppend(draft({ events: [event({ data: { at: [new Date(0)] } })] })));
    expect(error.message).toMatch(/^event Noted is not valid: at\[0\]: is a Date; keep an ISO string/);
  });

  it('are refused without data', () => {
    expect(() => prepareAppend(draft({ events: [event({ data: undefined })] }))).toThrow('must not be undefined');
  });

  it('hold frozen copies of their data, in the form in which a read gives it back', () => {
    const data = { zero: -0, gone: undefined, list: [1] };
    const [kept] = prepareAppend(draft({ events: [event({ data })] })).events;
    data.list.push(2);
    expect(kept?.data).toStrictEqual({ zero: 0, list: [1] });
    expect(Object.isFrozen(kept?.data)).toBe(true);
  });
});

describe('metadata', () => {
  it('is JSON, like everything that is stored', () => {
    expect(issuesOf(() => prepareAppend(draft({ metadata: { user: { id: 5n } } })))).toMatchObject([
      { path: ['user', 'id'], message: expect.stringMatching(/is a bigint/) },
    ]);
  });

  it('may be as large as an event', () => {
    const metadata = (bytes: number) => ({ text: 'a'.repeat(bytes - '{"text":""}'.length) });
    expect(() => prepareAppend(draft({ metadata: metadata(MAX_EVENT_BYTES) }))).not.toThrow();
    expect(() => prepareAppend(draft({ metadata: metadata(MAX_EVENT_BYTES + 1) }))).toThrow(
      'metadata is not valid: takes 1,000,001 bytes of JSON; 1,000,000 at most',
    );
  });
});

describe('a fingerprint', () => {
  it('may be any text that databases keep, or match anything', () => {
    for (const fingerprint of ['', 'x'.repeat(1000), 'two\nlines', { any: true } as const]) {
      expect(prepareAppend(draft({ fingerprint })).fingerprint).toBe(fingerprint);
    }
    for (const fingerprint of ['\u0000', '\ud800', 'x'.repeat(1001)]) {
      expect(raised(() => prepareAppend(draft({ fingerprint }))).message).toMatch(/^The fingerprint is not valid/);
    }
  });
});

describe('correlation and causation ids', () => {
  it.each(['a', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', 'Anfrage 7 ✓', 'é'.repeat(127)])(
    'are free text: %j',
    (text) => {
      expect(prepareAppend(draft({ correlationId: text, causationId: text }))).toMatchObject({
        correlationId: text,
        causationId: text,
      });
    },
  );

  it.each(['', 'a\nb', '\u0000', '\ud800', 'a'.repeat(256), 'é'.repeat(128), 5])('are never %j', (text) => {
    const id = text as string;
    expect(raised(() => prepareAppend(draft({ correlationId: id }))).message).toMatch(
      /^The correlation id is not valid/,
    );
    expect(raised(() => prepareAppend(draft({ causationId: id }))).message).toMatch(/^The causation id is not valid/);
  });
});

describe('sizes', () => {
  it('of an event are 1,000,000 bytes of JSON at most', () => {
    expect(() => prepareAppend(draft({ events: [eventOf(1_000_000)] }))).not.toThrow();
    expect(raised(() => prepareAppend(draft({ events: [eventOf(1_000_001)] }))).message).toBe(
      'event Noted is not valid: takes 1,000,001 bytes of JSON; 1,000,000 at most. Keep large documents elsewhere, and their address in the event',
    );
  });

  it('are counted in bytes, as they are written', () => {
    const quotes = 2;
    const ofText = (text: string) => () => prepareAppend(draft({ events: [event({ data: text })] }));
    expect(ofText('é'.repeat((1_000_000 - quotes) / 2))).not.toThrow();
    expect(ofText('é'.repeat((1_000_000 - quotes) / 2 + 1))).toThrow('takes 1,000,002 bytes');
    expect(ofText('\u0001'.repeat(Math.floor((1_000_000 - quotes) / 6)))).not.toThrow();
    expect(ofText('\u0001'.repeat(Math.ceil((1_000_000 - quotes) / 6)))).toThrow('at most');
  });

  it('of an append are 16,000,000 bytes at most', () => {
    const sixteen = Array.from({ length: 16 }, (_, index) => eventOf(1_000_000, index));
    expect(() => prepareAppend(draft({ events: sixteen }))).not.toThrow();
    expect(() => prepareAppend(draft({ events: [...sixteen, event({ id: eventId(99), data: 1 })] }))).toThrow(
      'The append is not valid: takes 16,000,001 bytes of JSON; 16,000,000 at most',
    );
  });

  it('of an append count its metadata, once', () => {
    const events = Array.from({ length: 16 }, (_, index) => eventOf(950_000, index));
    const left = 16_000_000 - 16 * 950_000;
    const metadata = (bytes: number) => ({ text: 'a'.repeat(bytes - '{"text":""}'.length) });
    expect(() => prepareAppend(draft({ events, metadata: metadata(left) }))).not.toThrow();
    expect(() => prepareAppend(draft({ events, metadata: metadata(left + 1) }))).toThrow(
      'The append is not valid: takes 16,000,001 bytes of JSON; 16,000,000 at most',
    );
  });

  it(`of an append are ${MAX_STREAMS} streams at most`, () => {
    const over = (count: number) => new Map(Array.from({ length: count }, (_, index) => [`account-${index}`, 0]));
    expect(prepareAppend(draft({ expected: over(1000) })).expected.size).toBe(1000);
    expect(() => prepareAppend(draft({ expected: over(1001) }))).toThrow(
      'The append is not valid: names 1001 streams; 1000 at most. A decision over more belongs in several commands',
    );
  });

  it(`of an append are ${MAX_APPEND_EVENTS} events at most`, () => {
    const events = Array.from({ length: 10_000 }, (_, index) => event({ id: eventId(index) }));
    expect(prepareAppend(draft({ events })).events).toHaveLength(10_000);
    expect(() => prepareAppend(draft({ events: [...events, event({ id: eventId(10_000) })] }))).toThrow(
      'The append is not valid: holds 10001 events; 10000 at most',
    );
  });
});

describe('a prepared append', () => {
  it('is frozen, as its store and its retries share it', () => {
    const append = prepareAppend(draft({ events: [event()] }));
    for (const part of [append, append.events, append.events[0]]) expect(Object.isFrozen(part)).toBe(true);
  });

  it.each([null, 5n])('is refused with an issue for whatever is expected that can be no version: %p', (expectation) => {
    const expected = new Map([['account-alice', expectation as never]]);
    expect(raised(() => prepareAppend(draft({ expected }))).code).toBe('VALIDATION');
  });

  it('is refused with an issue for an id that is a bigint', () => {
    expect(raised(() => prepareAppend(draft({ commandId: 5n as never }))).code).toBe('VALIDATION');
  });

  it.each([undefined, null, 5, {}])('has a fingerprint, and not %p', (fingerprint) => {
    expect(raised(() => prepareAppend(draft({ fingerprint: fingerprint as never }))).code).toBe('VALIDATION');
  });
});

describe('what a caller without a compiler may leave out or repeat', () => {
  it.each([undefined, null, {}, 5])('is refused with an issue: %p for what is expected', (expected) => {
    expect(raised(() => prepareAppend(draft({ expected: expected as never }))).message).toBe(
      "The append is not valid: needs what it expects of each stream: expected: new Map([['account-alice', 0]])",
    );
  });

  it.each([undefined, null, {}])('is refused with an issue: %p for the events', (events) => {
    expect(issuesOf(() => prepareAppend(draft({ events: events as never })))).toEqual([
      { path: [], message: 'needs a list of events, which may be empty' },
    ]);
  });

  it('is refused with an issue: one id for two events, however it is written', () => {
    const events = [event({ id: eventId(10) }), event({ id: eventId(10).toUpperCase() })];
    expect(raised(() => prepareAppend(draft({ events }))).message).toBe(
      `The event Noted is not valid: has the id ${eventId(10)}, which another event of the append has already`,
    );
  });
});
