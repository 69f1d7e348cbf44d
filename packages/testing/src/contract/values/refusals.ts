/**
 * What no store is given: appends are made by `prepareAppend` alone, which refuses these. The suite shows that the
 * core that an adapter runs on keeps that promise.
 */
import { isEventCoreError } from '@eventcore/core';
import { MAX_STREAMS } from '@eventcore/core/store';
import { MAX_APPEND_EVENTS, MAX_EVENT_BYTES, type EventDraft } from '@eventcore/core/store';
import { anAppend, numbered, on, type Plan } from '../section/arrange.js';
import { holds, same } from '../section/expectations.js';
import { nestedArrays, nestedObjects } from './hostile-corpus.js';
import type { Section } from '../section/section.js';

const alice = 'document-alice';

/** Values that JSON would lose or bend in silence, by name, with the path at which they are refused. */
const values: Readonly<Record<string, readonly [value: unknown, path: readonly (string | number)[]]>> = {
  'U+0000 in a text': [{ a: { text: 'a\u0000b' } }, ['a', 'text']],
  'U+0000 in a key': [{ a: { 'k\u0000': 1 } }, ['a', 'k\u0000']],
  'a lone surrogate in a text': [{ list: ['ok', '\ud800'] }, ['list', 1]],
  'a lone surrogate in a key': [{ '\udc00': 1 }, ['\udc00']],
  NaN: [{ a: [1, Number.NaN] }, ['a', 1]],
  Infinity: [{ a: Infinity }, ['a']],
  '-Infinity': [{ a: -Infinity }, ['a']],
  'a number beyond the largest': [JSON.parse('{"a":1e400}'), ['a']],
  'a boxed text': [{ a: new String('a') }, ['a']],
  'a typed array': [{ a: new Uint8Array(2) }, ['a']],
  'half a pair, the second': [{ a: '\udc00' }, ['a']],
  'a pair the wrong way round': [{ a: '\udc00\ud800' }, ['a']],
  'a bigint': [{ a: { b: 1n } }, ['a', 'b']],
  'a Date': [{ at: new Date(0) }, ['at']],
  'a Map': [{ a: new Map() }, ['a']],
  'a Set': [{ a: new Set() }, ['a']],
  'a function': [{ a: () => 1 }, ['a']],
  'a symbol': [{ a: Symbol('s') }, ['a']],
  'a symbol for a key': [{ a: { [Symbol('s')]: 1 } }, ['a']],
  'an instance of a class': [{ a: new (class Money {})() }, ['a']],
  'undefined in an array': [{ a: [1, undefined] }, ['a', 1]],
  'a hole in an array': [{ a: [1, , 3] }, ['a']],
  undefined: [undefined, []],
  'a hundred and one arrays in each other': [nestedArrays(101), [0, 0, 0]],
  'a hundred and one objects in each other': [nestedObjects(101), ['in', 'in', 'in']],
};

/** Stream ids that are none, by name. */
const ids: Readonly<Record<string, string>> = {
  'an id without a type': 'alice',
  'an id without a key': 'account-',
  'a type in capital letters': 'Account-alice',
  'a type of more than 64 letters': `${'t'.repeat(65)}-1`,
  'U+0000 in an id': 'account-a\u0000',
  'a control character in an id': 'account-a\nb',
  'the DEL character in an id': 'account-a\u007f',
  'a C1 control character in an id': 'account-a\u0085',
  'a lone surrogate in an id': 'account-\ud83d',
  'the other half of a pair in an id': 'account-\ude00',
  'a type with a capital letter in front of a dash': 'A-b',
  'an id of nothing': '',
  'no more than a dash': '-',
  'a key of 256 bytes': `account-${'a'.repeat(256)}`,
  'a key of 256 bytes in fewer characters': `account-${'€'.repeat(85)}a`,
};

const event = (change: Partial<EventDraft>): Plan => ({
  expected: { [alice]: 0 },
  events: [{ ...on(alice), ...change }],
});

export const refusals: Section = {
  title: 'what no store is given',
  clauses: [
    {
      says: 'Values that JSON would lose or bend are refused with the path to them, in data and in metadata.',
      behaviours: {
        'refuses values that JSON has no form for, with the path to them': async () => {
          for (const [name, [value, path]] of Object.entries(values)) {
            refusal(() => event({ data: value }), name, path);
            if (value === undefined) continue;
            // Of a very deep value, the path tells the beginning.
            const within = path.length === 3 ? path.slice(0, 2) : path;
            refusal(() => ({ expected: {}, metadata: { held: value } }), `${name}, in metadata`, ['held', ...within]);
          }
        },
      },
    },
    {
      says: 'An undefined property is dropped, as in JSON, and -0 becomes 0.',
      behaviours: {
        'drops an undefined property and the sign of zero before a store sees them': async () => {
          const [prepared] = anAppend(event({ data: { a: undefined, b: -0, c: [-0] } })).events;
          same(prepared?.data, { b: 0, c: [0] }, 'An append holds what a read will give back.');
          holds(Object.keys(prepared!.data as object).length === 2, 'The property is gone, not undefined.');
        },
      },
    },
    {
      says: 'Ids and names are checked: 1 to 255 bytes of UTF-8 without control characters; a command id is any UUID.',
      behaviours: {
        'refuses stream ids that are none, in what is expected and in events': async () => {
          for (const [name, id] of Object.entries(ids)) {
            refusal(() => ({ expected: { [id]: 0 } }), name);
            refusal(() => ({ expected: { [alice]: 0, [id]: 0 }, events: [on(id)] }), `${name}, in an event`);
          }
        },
        'refuses a command id or an event id that is no UUID': async () => {
          refusal(() => ({ ...event({}), commandId: 'transfer-1' }));
          refusal(() => event({ id: '4711' }));
        },
        "refuses an event's name that is empty, too long, or holds a control character": async () => {
          for (const type of ['', 'x'.repeat(256), 'a\u001fb', '\ud800']) refusal(() => event({ type }));
        },
        'refuses a tracing id that is empty, too long, or holds a control character': async () => {
          for (const text of ['', 'x'.repeat(256), 'a\u0000b', '\ud800']) {
            refusal(() => ({ ...event({}), correlationId: text }));
            refusal(() => ({ ...event({}), causationId: text }));
          }
        },
        'refuses a schema version that is none': async () => {
          for (const schemaVersion of [0, -1, 1.5, 32_768, Number.NaN]) refusal(() => event({ schemaVersion }));
        },
      },
    },
    {
      says: 'An append names every stream that it writes, and expects a version, `any` or `{ after: k }` of it.',
      behaviours: {
        'refuses an event for a stream of which nothing is expected': async () => {
          refusal(() => ({ expected: { [alice]: 0 }, events: [on('document-bob')] }));
        },
        'refuses an expectation that is no version and no index': async () => {
          for (const number of [-1, 1.5, Number.NaN, Infinity, 2 ** 53]) {
            refusal(() => ({ expected: { [alice]: number } }));
            refusal(() => ({ expected: { [alice]: { after: number } } }));
          }
        },
      },
    },
    {
      says: "An event's data: 1,000,000 bytes of UTF-8 JSON, 100 nested containers. An append: 10,000 events, 16 MB with its metadata, 1,000 streams.",
      behaviours: {
        'refuses an event of a million bytes and one': async () => {
          const text = 'x'.repeat(MAX_EVENT_BYTES - '{"text":""}'.length);
          anAppend(event({ data: { text } }));
          refusal(() => event({ data: { text: `${text}x` } }));
          refusal(() => event({ data: { text: '€'.repeat(333_333) } }));
        },
        'refuses metadata of more than a million bytes': async () => {
          refusal(() => ({ expected: {}, metadata: { text: 'x'.repeat(MAX_EVENT_BYTES) } }));
        },
        'refuses ten thousand events and one': async () => {
          refusal(() => ({ expected: { [alice]: 0 }, events: numbered(alice, MAX_APPEND_EVENTS + 1) }));
        },
        'refuses an append of more than sixteen megabytes': async () => {
          const data = { text: 'x'.repeat(950_000) };
          refusal(() => ({
            expected: { [alice]: 0 },
            events: Array.from({ length: 17 }, () => on(alice, 'Kept', data)),
          }));
          const sixteen = {
            expected: { [alice]: 0 },
            events: Array.from({ length: 16 }, () => on(alice, 'Kept', data)),
          };
          anAppend({ ...sixteen, metadata: { text: 'x'.repeat(700_000) } });
          refusal(() => ({ ...sixteen, metadata: { text: 'x'.repeat(900_000) } }), 'metadata on top of it');
        },
        'refuses a thousand streams and one': async () => {
          const over = (count: number): Plan => ({
            expected: Object.fromEntries(Array.from({ length: count }, (_, n) => [`document-${n}`, 'any' as const])),
          });
          anAppend(over(MAX_STREAMS));
          refusal(() => over(MAX_STREAMS + 1));
        },
      },
    },
  ],
};

/** Fails unless `prepareAppend` refuses it, with the path to what is wrong. */
function refusal(plan: () => Plan, what = 'this', path: readonly (string | number)[] = []): void {
  let error: unknown;
  try {
    anAppend(plan());
  } catch (caught) {
    error = caught;
  }
  holds(error !== undefined, `\`prepareAppend\` refuses ${what}.`);
  holds(isEventCoreError(error, 'VALIDATION'), `${what} is refused by a ValidationError, not ${String(error)}`);
  same(error.issues[0]?.path, path, `The refusal of ${what} names the path to it: ${error.message}`);
}
