import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { Account, Audit, Policy, Transfer, TransferMoney } from '../bank.fixture.js';
import type { StreamOf } from '../stream/define-stream.js';
import { CommandLogic, partsOf } from './command-logic.js';
import { Command } from './decorators/command.js';
import { Input } from './decorators/input.js';
import { Stream } from './decorators/streams.js';
import { appends, defineCommand, discovers, many, optional, reads } from './define-command.js';
import { fingerprintOf } from './fingerprint.js';

const handle = (): void => undefined;
const fingerprint = (command: unknown): string => fingerprintOf(partsOf(command)!);
const noted = { text: v.string(), tag: v.optional(v.string(), '') };

@Command('Note')
class Noted extends CommandLogic<Noted> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Input(noted.text) readonly text!: string;
  @Input(noted.tag) readonly tag?: string;

  handle(): void {}
}
const transfer = { from: 'alice', to: 'bob', amount: 60 };
const anything = (name: string) =>
  defineCommand(name, { streams: { account: Account }, input: { x: v.any(), y: v.any() }, handle });
const Anything = anything('Anything');
const of = (input: object): string => fingerprint(new Anything({ account: 'a', ...input } as never));

describe('the fingerprint of a command', () => {
  it('never changes: it is stored with the events, for ever', () => {
    expect(fingerprint(new TransferMoney(transfer))).toBe('1fv3j_hMeL7S9DmhFVZCeP7iJ_ZMxtptZTLz26TXMIk');
    expect(of({ x: { b: [1, 'zwei', null], a: true }, y: '\u2028' })).toBe(
      '6s1Z5lS7hwmQr7jTaw7zcilsr4VKlFP6o-MGNbU37s0',
    );
  });

  it('is the same through both doors', () => {
    expect(fingerprint(new Transfer(transfer))).toBe(fingerprint(new TransferMoney(transfer)));
  });

  it('is the same whether a stream is given by key or by reference', () => {
    expect(fingerprint(new Transfer({ ...transfer, from: Account.at('alice') }))).toBe(
      fingerprint(new Transfer(transfer)),
    );
  });

  it('does not depend on the order in which fields are declared or given', () => {
    const spec = { handle, input: { amount: v.number() } };
    const One = defineCommand('Same', { ...spec, streams: { a: Account, b: Account } });
    const Other = defineCommand('Same', { ...spec, streams: { b: Account, a: Account } });
    expect(fingerprint(new Other({ amount: 1, b: 'y', a: 'x' }))).toBe(
      fingerprint(new One({ a: 'x', b: 'y', amount: 1 })),
    );
  });

  it('does not depend on the order of keys, at any depth', () => {
    expect(of({ x: { a: 1, b: [{ c: 2, d: 3 }] } })).toBe(of({ x: { b: [{ d: 3, c: 2 }], a: 1 } }));
  });

  it('leaves out what is undefined', () => {
    expect(of({ x: 1, y: undefined })).toBe(of({ x: 1 }));
    expect(of({ x: { a: 1, b: undefined } })).toBe(of({ x: { a: 1 } }));
    expect(of({ x: -0 })).toBe(of({ x: 0 }));
  });

  it('does not depend on the order of a set of streams, and does on how often it names one', () => {
    const streams = { set: many(Account, { mayEqual: true }) };
    const Split = defineCommand('Split', { streams, handle });
    const of = (...set: string[]): string => fingerprint(new Split({ set }));
    expect(of('b', 'a', 'c')).toBe(of('a', 'b', 'c'));
    expect(of('a', 'b')).toBe('LmW8O8G3y2DYUjuMO1tnRmRhaeihIPBuVNUiEiLWvtI');
    expect(new Set([of('a'), of('a', 'a'), of('a', 'b'), of('a', 'b', 'b'), of()]).size).toBe(5);
  });

  it('leaves out discovered streams, which are not given', () => {
    const streams = { account: Account };
    const Plain = defineCommand('Sweep', { streams, handle });
    const Discovering = defineCommand('Sweep', {
      streams: { ...streams, found: discovers(Account) },
      discover: () => ({ found: ['b'] }),
      handle,
    });
    expect(fingerprint(new Discovering({ account: 'a' }))).toBe(fingerprint(new Plain({ account: 'a' })));
  });

  it('depends on the name of the command', () => {
    const Other = anything('Other');
    expect(fingerprint(new Other({ account: 'a', x: 1 }))).not.toBe(of({ x: 1 }));
  });

  it.each<[object, object]>([
    [{ x: 1 }, { x: 2 }],
    [{ x: 1 }, { x: '1' }],
    [{ x: 1 }, { y: 1 }],
    [{ x: 1 }, { x: 1, y: null }],
    [{ x: null }, {}],
    [{ x: [1, 2] }, { x: [2, 1] }],
    [{ x: [] }, { x: {} }],
    [{ x: ['a', 'b'] }, { x: ['a,b'] }],
    [{ x: 'a', y: 'b' }, { x: 'a","y":"b' }],
    [{ x: { a: { b: 1 } } }, { x: { a: 1, b: 1 } }],
    [{ x: true }, { x: 'true' }],
    [{ x: 'e\u0301' }, { x: '\u00e9' }],
    [{ x: JSON.parse('{"__proto__":1}') }, { x: JSON.parse('{"__proto__":2}') }],
    [{ account: 'a' }, { account: 'b' }],
  ])('depends on every value: %j is not %j', (one, other) => {
    expect(of(one)).not.toBe(of(other));
  });

  it('depends on every stream, whatever is done with it', () => {
    const Roles = defineCommand('Roles', {
      streams: { read: reads(Policy), blind: appends(Audit), set: many(Account), left: optional(Account) },
      handle,
    });
    const base = { read: 'r', blind: 'b', set: ['x', 'y'] };
    const all = [
      base,
      { ...base, read: 'other' },
      { ...base, blind: 'other' },
      { ...base, set: ['x'] },
      { ...base, set: ['x', 'z'] },
      { ...base, left: 'l' },
    ].map((given) => fingerprint(new Roles(given)));
    expect(new Set(all).size).toBe(all.length);
  });

  it('is a digest: what the inputs hold is not in it', () => {
    expect(of({ x: 'secret' })).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(of({ x: 'secret'.repeat(1000) })).toHaveLength(43);
  });
});

describe.each([
  ['decorators', Noted],
  ['defineCommand', defineCommand('Note', { streams: { account: Account }, input: noted, handle })],
])('an input with a default, by %s', (_, Note) => {
  const Before = defineCommand('Note', { streams: { account: Account }, input: { text: noted.text }, handle });
  const Changed = defineCommand('Note', {
    streams: { account: Account },
    input: { ...noted, tag: v.optional(v.string(), 'urgent') },
    handle,
  });
  const sent = { account: 'a', text: 'hello' };

  it('that is left out is not in the fingerprint: a release may add one, and one that has it not meets the same', () => {
    expect(fingerprint(new Note(sent))).toBe(fingerprint(new Before(sent)));
    expect(fingerprint(new Note({ ...sent, tag: undefined }))).toBe(fingerprint(new Before(sent)));
  });

  it('that is left out may have another default, or one that is another each time', () => {
    expect(fingerprint(new Note(sent))).toBe(fingerprint(new Changed(sent)));
    let drawn = 0;
    const Drawing = defineCommand('Note', {
      streams: { account: Account },
      input: { ...noted, tag: v.optional(v.string(), () => `drawn ${(drawn += 1)}`) },
      handle,
    });
    expect(fingerprint(new Drawing(sent))).toBe(fingerprint(new Note(sent)));
  });

  it('that is given is in it, also as the default: with another default it would be taken for another value', () => {
    const given = ['', 'urgent', 'later'].map((tag) => fingerprint(new Note({ ...sent, tag })));
    expect(new Set([...given, fingerprint(new Note(sent))]).size).toBe(4);
    expect(['', 'urgent', 'later'].map((tag) => fingerprint(new Changed({ ...sent, tag })))).toEqual(given);
  });

  it('inside an object that is given is in it', () => {
    const Nested = defineCommand('Nested', {
      streams: { account: Account },
      input: { about: v.object({ text: v.string(), tag: v.optional(v.string(), '') }) },
      handle,
    });
    const of = (about: { text: string; tag?: string }): string => fingerprint(new Nested({ account: 'a', about }));
    expect(of({ text: 'x' })).toBe(of({ text: 'x', tag: '' }));
    expect(of({ text: 'x' })).not.toBe(of({ text: 'x', tag: 'urgent' }));
  });
});
