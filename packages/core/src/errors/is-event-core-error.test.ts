import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { EventCoreError } from './event-core-error.js';
import * as ours from './input-errors.js';
import * as guard from './is-event-core-error.js';
import { RetriesExhausted, VersionConflict } from './execution-errors.js';

const { isEventCoreError }: typeof guard = guard;

describe('the guard of the family', () => {
  it('tells which error it is', () => {
    const error: unknown = new ours.BusinessRuleViolation({ rule: 'limit', message: 'too much' });
    expect(isEventCoreError(error)).toBe(true);
    expect(isEventCoreError(error, 'VALIDATION')).toBe(false);
    if (!isEventCoreError(error, 'BUSINESS_RULE_VIOLATION')) throw new Error('It should have been one.');
    const { rule }: ours.BusinessRuleViolation = error;
    expect(rule).toBe('limit');
  });

  it.each([
    undefined,
    null,
    'VALIDATION',
    5,
    {},
    new Error('foreign'),
    Object.assign(new Error('a look-alike'), { code: 'VALIDATION', retriable: false }),
    { code: 'VALIDATION', name: 'ValidationError' },
    ours.ValidationError,
  ])('knows no other value: %p', (value) => {
    expect(isEventCoreError(value)).toBe(false);
    expect(isEventCoreError(value, 'VALIDATION')).toBe(false);
  });
});

describe('an error of an adapter', () => {
  const make = () => {
    class Refusal extends EventCoreError {
      readonly code = 'REFUSAL';
      readonly constraint = 'positive';
    }
    Object.defineProperty(Refusal.prototype, 'name', { value: 'Refusal' });
    return Refusal;
  };
  const Refusal = make();
  class Nameless extends EventCoreError {
    readonly code = 'NAMELESS';
  }

  it('is told by its class, also by that of another copy of the adapter', () => {
    const error: unknown = new Refusal('no');
    if (!isEventCoreError(error, Refusal)) throw new Error('It should have been one.');
    expect(error.constraint).toBe('positive');
    expect(isEventCoreError(error, make())).toBe(true);
    expect(isEventCoreError(error, EventCoreError)).toBe(true);
  });

  it('is no other one, and nothing else is it', () => {
    expect(isEventCoreError(new Refusal('no'), Nameless)).toBe(false);
    expect(isEventCoreError(new Refusal('no'), ours.ValidationError)).toBe(false);
    expect(isEventCoreError(new Nameless('no'), Refusal)).toBe(false);
    expect(isEventCoreError(new Nameless('no'), Nameless)).toBe(true);
    expect(isEventCoreError(Object.assign(new Error('no'), { name: 'Refusal' }), Refusal)).toBe(false);
    expect(isEventCoreError(undefined, Refusal)).toBe(false);
  });
});

describe('two copies of the package in one process', () => {
  let theirs: typeof ours & typeof guard;
  beforeAll(async () => {
    jest.resetModules();
    theirs = { ...(await import('./input-errors.js')), ...(await import('./is-event-core-error.js')) };
  });
  afterAll(() => void jest.resetModules());

  it('are two: their classes differ', () => {
    expect(theirs.ValidationError).not.toBe(ours.ValidationError);
    expect(new theirs.ValidationError('it', []) instanceof ours.ValidationError).toBe(false);
  });

  it('know each other by code', () => {
    expect(isEventCoreError(new theirs.ValidationError('it', []), 'VALIDATION')).toBe(true);
    expect(isEventCoreError(new theirs.ValidationError('it', []), 'DEFINITION')).toBe(false);
    expect(theirs.isEventCoreError(new ours.UndeclaredStream('it'), 'UNDECLARED_STREAM')).toBe(true);
  });

  it('tell each other as causes', () => {
    const error = new ours.DefinitionError('outer', { cause: new theirs.UndeclaredStream('inner') });
    expect(error.toJSON()).toMatchObject({ cause: { code: 'UNDECLARED_STREAM', message: 'inner' } });
    const exhausted = new RetriesExhausted(2, { context: {}, cause: new theirs.UndeclaredStream('inner') });
    expect(exhausted.toJSON()).toMatchObject({ cause: { code: 'UNDECLARED_STREAM' }, stale: [] });
  });

  it('do not write into each other', () => {
    const error = new theirs.UndeclaredStream('it', { context: { command: 'Inner' } });
    expect(() => EventCoreError.enrich(error, { commandId: '7' })).not.toThrow();
    expect(error.context).toEqual({ command: 'Inner' });
  });

  it('agree on what a conflict is, too', () => {
    expect(theirs.isEventCoreError(new VersionConflict([], { context: {} }), 'VERSION_CONFLICT')).toBe(true);
  });
});
