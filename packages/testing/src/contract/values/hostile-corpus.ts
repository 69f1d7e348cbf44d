/**
 * Values and names that have broken stores: they lose keys, fold case, end strings early, read patterns into prefixes,
 * or run what should only be kept. All of them are valid, and come back exactly as they were.
 */

/** An array in an array, so many deep. */
export function nestedArrays(depth: number): unknown {
  let value: unknown = [];
  for (let level = 1; level < depth; level++) value = [value];
  return value;
}

/** An object in an object, so many deep. */
export function nestedObjects(depth: number): unknown {
  let value: unknown = {};
  for (let level = 1; level < depth; level++) value = { in: value };
  return value;
}

/** Texts that look like something else to somebody. */
export const hostileTexts: readonly string[] = [
  '',
  ' leading and trailing ',
  `it's "quoted" \`thrice\` \\ and \\\\ escaped`,
  "'; DROP TABLE events; --",
  '$1 ${x} %s %(x)s {0} :name ? @p',
  'null',
  'undefined',
  'true',
  '1e400',
  '00012',
  '\\u0000',
  '\\x00',
  '\u0001\u0008\u001f\u007f\u0080\u009f',
  'tab\tnewline\ncarriage return\rboth\r\n',
  '\u2028\u2029\ufeff\u200b\u200d\u00a0',
  '\ufffd\ufffe\uffff',
  '\u{10ffff}\u{1f9d1}\u200d\u{1f692}',
  'NFC é, NFD e\u0301',
  'İstanbul ıI ß ẞ SS ſ K \u212a',
  '\u202ereversed\u202c عربى עברית',
  'Z\u0351\u036b\u0343\u036a\u0302a\u0328\u0348\u0357l\u0316',
  '<script>alert(1)</script> &amp; &#0; ]]>',
  '{"json":"in text"}',
  '[1,2',
  'x,y\u001fz',
  '%_%',
  '../../etc/passwd',
  'C:\\windows\\*.*',
];

/** Command ids at the edges of what a UUID is. */
export const hostileCommandIds: readonly string[] = [
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  'FFFFFFFF-FFFF-4FFF-8FFF-FFFFFFFFFFFF',
  '00000000-0000-1000-8000-000000000000',
];

/** Every character of the first plane that a text may hold, in one text. */
function everyCharacter(): string {
  let text = '';
  for (let code = 1; code <= 0xffff; code++) {
    if (code < 0xd800 || code > 0xdfff) text += String.fromCharCode(code);
  }
  return text;
}

/** JSON that must come back exactly. */
export const hostileValues: Readonly<Record<string, unknown>> = {
  'null itself': null,
  'a bare number': 0,
  'a bare text': 'text',
  'an empty text': '',
  'a bare truth': false,
  'an empty object': {},
  'an empty array': [],
  'empty containers in containers': { a: {}, b: [], c: [[], {}, [{}]] },
  'null in every place': { a: null, b: [null, null] },
  'keys that are names of the prototype': JSON.parse(
    '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"toString":1,"hasOwnProperty":null,"valueOf":[],"length":9}',
  ),
  'a prototype in a prototype': JSON.parse('{"__proto__":{"__proto__":{"__proto__":null}}}'),
  'keys that look like indexes, out of order': {
    '10': 'a',
    '9': 'b',
    '-1': 'c',
    '01': 'd',
    '1e3': 'e',
    '': 'f',
    ' ': 'g',
  },
  'keys that mean something to somebody': {
    then: 'a thenable is none of these',
    toJSON: { toJSON: null },
    $ref: '#',
    $date: 0,
    $numberLong: '1',
    __typename: 'T',
    inspect: 1,
  },
  'every character that a text may hold': everyCharacter(),
  'characters beyond the first plane': Array.from({ length: 16 }, (_, plane) =>
    String.fromCodePoint(0x10000 * (plane + 1), 0x10000 * (plane + 1) + 0xffff),
  ),
  'keys that look alike': { é: 1, 'e\u0301': 2, E: 3, e: 4, '\u212a': 5, K: 6, k: 7, ß: 8, ss: 9 },
  'hostile texts': hostileTexts,
  'hostile texts as keys': Object.fromEntries(hostileTexts.map((text, index) => [text, index])),
  'whole numbers to the edge of what is safe': [
    1,
    -1,
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
    2 ** 53,
    2 ** 53 + 2,
    2 ** 63,
    2 ** 64,
    -(2 ** 63),
    1e21,
    1e22,
    123456789012345680000,
  ],
  'fractions to the last digit': [
    0.1,
    0.1 + 0.2,
    1 / 3,
    -1e-7,
    5e-324,
    2.2250738585072014e-308,
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
    Number.EPSILON,
    4.35,
    0.000001,
    9007199254740993.5,
  ],
  'a hundred arrays in each other': nestedArrays(100),
  'a hundred objects in each other': nestedObjects(100),
  'a wide object': Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`key ${index}`, index])),
  'a long array': Array.from({ length: 1500 }, (_, index) => index),
  'dates as texts': { iso: '2026-03-03T12:00:00.000Z', date: '2026-03-03', infinity: 'infinity' },
};

/** Keys in the order of their UTF-8 bytes, which is that of code points. UTF-16 units have the last four before U+E000. */
export const keysWhereOrdersPart: readonly string[] = [
  'a',
  'z',
  'é',
  '\ud7ff',
  '\ue000',
  '\uf8ff',
  'ｚ',
  '\uffff',
  '😀',
  '😀a',
  '😁',
  '\u{10ffff}',
];

/** Keys of streams that look alike, or like syntax: each is a stream of its own. */
export const hostileKeys: readonly string[] = [
  ...hostileTexts.filter((text) => text !== '' && !/[\u0000-\u001f\u007f-\u009f]/.test(text)),
  'a',
  'A',
  'a ',
  ' a',
  'а', // Cyrillic
  'ａ', // full width
  'a\u200b',
  'a\u0301',
  'á',
  'ﬁ',
  'fi',
  'ß',
  'ss',
  'SS',
  '_',
  '%',
  '-',
  '--',
  'a-b',
  '.',
  '..',
  '/',
  '*',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  '\\',
  '\\_',
  '\\%',
  "'",
  '"',
  ';--',
  'NaN',
  '[object Object]',
  '0',
  '00',
  '1',
  '01',
  '1.0',
  'a'.repeat(255),
  `${'a'.repeat(254)}b`,
  '€'.repeat(85),
  `${'😀'.repeat(63)}abc`,
];
