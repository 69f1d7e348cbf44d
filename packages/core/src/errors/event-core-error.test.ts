import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import * as core from '../index.js';
import { EventCoreError, type ErrorContext, type ErrorOptions } from './event-core-error.js';
import { isEventCoreError } from './is-event-core-error.js';

const context = { command: 'Transfer', commandId: '7', attempts: 2 };
type Make = (options: ErrorOptions & { context: ErrorContext & { commandId: string } }) => EventCoreError;
const message = 'It went wrong.';

/** Every error of the family: its name, its code, whether trying again may help, and one of its kind. */
const family: [string, string, boolean, Make][] = [
  ['ValidationError', 'VALIDATION', false, (o) => new core.ValidationError('it', [], o)],
  ['InvalidDecision', 'INVALID_DECISION', false, (o) => new core.InvalidDecision('it', [], o)],
  ['DefinitionError', 'DEFINITION', false, (o) => new core.DefinitionError(message, o)],
  ['BusinessRuleViolation', 'BUSINESS_RULE_VIOLATION', false, (o) => new core.BusinessRuleViolation(message, o)],
  ['UndeclaredStream', 'UNDECLARED_STREAM', false, (o) => new core.UndeclaredStream(message, o)],
  ['UnknownEventType', 'UNKNOWN_EVENT_TYPE', false, (o) => new core.UnknownEventType(message, o)],
  ['CommandIdReused', 'COMMAND_ID_REUSED', false, (o) => new core.CommandIdReused(message, o)],
  ['DiscoveryLimit', 'DISCOVERY_LIMIT', false, (o) => new core.DiscoveryLimit(message, o)],
  ['CapabilityMissing', 'CAPABILITY_MISSING', false, (o) => new core.CapabilityMissing(message, o)],
  ['VersionConflict', 'VERSION_CONFLICT', true, (o) => new core.VersionConflict([], o)],
  [
    'RetriesExhausted',
    'RETRIES_EXHAUSTED',
    true,
    ({ context: known, cause }) => new core.RetriesExhausted(2, { context: known, cause }),
  ],
  ['DeadlineExceeded', 'DEADLINE_EXCEEDED', true, (o) => new core.DeadlineExceeded(message, o)],
  ['Aborted', 'ABORTED', false, (o) => new core.Aborted(message, o)],
  ['Indeterminate', 'INDETERMINATE', true, (o) => new core.Indeterminate(message, o)],
  ['StoreUnavailable', 'STORE_UNAVAILABLE', true, (o) => new core.StoreUnavailable(message, o)],
  ['StoreMisconfigured', 'STORE_MISCONFIGURED', false, (o) => new core.StoreMisconfigured(message, o)],
  ['StoreClosed', 'STORE_CLOSED', false, (o) => new core.StoreClosed(message, o)],
  ['StoreContractBroken', 'STORE_CONTRACT_BROKEN', false, (o) => new core.StoreContractBroken(message, o)],
  ['LeaseLost', 'LEASE_LOST', false, (o) => new core.LeaseLost(message, o)],
  ['CheckpointMoved', 'CHECKPOINT_MOVED', true, (o) => new core.CheckpointMoved(message, o)],
  ['ConsumerFailed', 'CONSUMER_FAILED', false, (o) => new core.ConsumerFailed(message, o)],
  [
    'ConsumerOutdated',
    'CONSUMER_OUTDATED',
    false,
    ({ context: known, ...o }) =>
      new core.ConsumerOutdated(message, {
        ...o,
        context: { ...known, consumer: 'balances', position: core.parsePosition('2') },
      }),
  ],
  [
    'NotCaughtUp',
    'NOT_CAUGHT_UP',
    true,
    ({ context: known, ...o }) =>
      new core.NotCaughtUp(message, { ...o, context: { ...known, consumer: 'balances', position: '2' }, stands: '1' }),
  ],
];

describe('the family', () => {
  it('is all here: whoever adds an error adds it to this test', () => {
    const exported = Object.entries(core as Record<string, unknown>)
      .filter(([, value]) => typeof value === 'function' && value.prototype instanceof EventCoreError)
      .map(([name]) => name);
    expect(exported.sort()).toEqual(family.map(([name]) => name).sort());
  });

  it('has a code for each error', () => {
    expect(new Set(family.map(([, code]) => code)).size).toBe(family.length);
  });
});

describe.each(family)('%s', (name, code, retriable, make) => {
  const error = make({ context });

  it('has its literal name, code, and whether trying again may help', () => {
    expect([error.name, error.code, error.retriable]).toEqual([name, code, retriable]);
    expect(String(error)).toMatch(new RegExp(`^${name}: `));
    expect(Object.prototype.toString.call(error)).toBe('[object Error]');
  });

  it('has a stack that begins with that name', () => {
    expect(error.stack?.split('\n')[0]).toBe(`${name}: ${error.message}`);
    expect(error.stack).toContain('event-core-error.test.ts');
    expect(inspect(error)).toContain(`${name}: ${error.message}`);
  });

  it('keeps its name when a minifier renames its class', () => {
    const Minified = class a extends (error.constructor as new () => Error) {};
    const minified = Object.create(Minified.prototype) as Error;
    expect(minified.name).toBe(name);
  });

  it('carries the facts of the case, frozen', () => {
    expect(error.context).toMatchObject(context);
    expect(Object.isFrozen(error.context)).toBe(true);
  });

  it('says in JSON what a program needs', () => {
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      name,
      code,
      retriable,
      message: error.message,
      context,
    });
    expect(JSON.parse(JSON.stringify(error))).not.toHaveProperty('stack');
  });

  it('is known by its code', () => {
    expect(isEventCoreError(error)).toBe(true);
    expect(isEventCoreError(error, code as never)).toBe(true);
    for (const [, other] of family) expect(isEventCoreError(error, other as never)).toBe(other === code);
  });
});

describe('the cause of an error', () => {
  const secret = 'connect to postgres://app:hunter2@db failed';
  const foreign = Object.assign(new TypeError(secret), { password: 'hunter2' });
  // What an error of the executor says of the attempt before is tested with that error.
  const others = family.filter(([name]) => name !== 'RetriesExhausted');

  it.each(others)('is kept, and in JSON named but never quoted when it is foreign: %s', (_, __, ___, make) => {
    const error = make({ context, cause: foreign });
    expect(error.cause).toBe(foreign);
    expect(JSON.stringify(error)).not.toContain('hunter2');
    expect(error.toJSON()).toMatchObject({ cause: { name: 'TypeError' } });
  });

  it('is told in full when it is of the family, down to the foreign one', () => {
    const inner = new core.StoreUnavailable('The store is away.', { cause: foreign });
    const outer = new core.Indeterminate(message, { context, cause: inner });
    expect(JSON.parse(JSON.stringify(outer))).toMatchObject({
      cause: { code: 'STORE_UNAVAILABLE', message: 'The store is away.', cause: { name: 'TypeError' } },
    });
    expect(JSON.stringify(outer)).not.toContain('hunter2');
  });

  it.each([
    ['a text', 'string'],
    [5, 'number'],
    [{ password: 'hunter2' }, 'object'],
    [null, 'object'],
  ])('may be no error at all: %p', (cause, type) => {
    expect(new core.StoreUnavailable(message, { cause }).toJSON()).toMatchObject({ cause: { name: type } });
    expect(JSON.stringify(new core.StoreUnavailable(message, { cause }))).not.toContain('hunter2');
  });

  it('is not there when none was given', () => {
    const error = new core.StoreUnavailable(message);
    expect('cause' in error).toBe(false);
    expect(error.toJSON()).not.toHaveProperty('cause');
    expect(error.context).toEqual({});
  });
});

describe('enriching an error', () => {
  it('adds what is known further out, and leaves what it says already', () => {
    const error = new core.UndeclaredStream(message, { context: { command: 'Inner', stream: 'account-a' } });
    EventCoreError.enrich(error, { command: 'Outer', commandId: '7', attempts: 2 });
    expect(error.context).toEqual({ command: 'Inner', stream: 'account-a', commandId: '7', attempts: 2 });
    expect(Object.isFrozen(error.context)).toBe(true);
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ context: { commandId: '7' } });
  });

  it('leaves alone what is none of its own errors', () => {
    const foreign = new Error('foreign') as EventCoreError;
    expect(() => EventCoreError.enrich(foreign, { command: 'Outer' })).not.toThrow();
    expect(foreign.context).toBeUndefined();
  });
});
