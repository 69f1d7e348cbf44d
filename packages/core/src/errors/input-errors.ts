/** Errors that somebody mends: a wrong value, a wrong declaration, a rule that says no. None of them is retriable. */
import { EventCoreError, nameError, type ErrorOptions } from './event-core-error.js';

/** One thing that is wrong with a value, and where. */
export interface Issue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A value was refused. `issues` says what is wrong with which part. */
abstract class ValueRefused extends EventCoreError {
  readonly issues: readonly Issue[];
  /** What was validated: `TransferMoney`, `event MoneyDeposited`. */
  readonly subject: string;

  constructor(subject: string, issues: readonly Issue[], options?: ErrorOptions) {
    super(`${subject} is not valid: ${describeIssues(issues)}`, options);
    this.subject = subject;
    this.issues = Object.freeze([...issues]);
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), subject: this.subject, issues: this.issues };
  }
}

/** What was given to the library was refused: a command's input, a stream's key, an id, an option. Whoever gave it mends it. */
export class ValidationError extends ValueRefused {
  readonly code = 'VALIDATION';
}
nameError(ValidationError, 'ValidationError');

/**
 * What a command's own code decided on was refused: an event that its stream type doesn't have, a payload that its own
 * schema refuses, more than an append may hold, a key from `discover` that can't be one. The inputs were valid, so this is a
 * fault of the command, and not of its caller: a server answers 500, and not 400. Nothing was written.
 */
export class InvalidDecision extends ValueRefused {
  readonly code = 'INVALID_DECISION';

  /** Of what was refused while a command was decided. Anything but a refusal stays as it is. */
  static from(error: unknown): unknown {
    return error instanceof ValidationError
      ? new InvalidDecision(error.subject, error.issues, { cause: error })
      : error;
  }
}
nameError(InvalidDecision, 'InvalidDecision');

/** A stream type, a command class or a store was declared in a way that can't work. The message says what to write. */
export class DefinitionError extends EventCoreError {
  readonly code = 'DEFINITION';
}
nameError(DefinitionError, 'DefinitionError');

/** What a violated rule says of itself. */
export interface Rule {
  /** A stable name that a program can act on, such as `insufficient-funds`. */
  readonly rule: string;
  readonly message: string;
  /** Facts for whoever handles the rejection. */
  readonly data?: unknown;
}

/** A command was rejected by one of its own rules, on a state that really was. Nothing was written. */
export class BusinessRuleViolation extends EventCoreError {
  readonly code = 'BUSINESS_RULE_VIOLATION';
  readonly rule: string | undefined;
  readonly data: unknown;

  constructor(rule: string | Rule, options?: ErrorOptions) {
    super(typeof rule === 'string' ? rule : rule.message, options);
    this.rule = typeof rule === 'string' ? undefined : rule.rule;
    this.data = typeof rule === 'string' ? undefined : rule.data;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), rule: this.rule, data: this.data };
  }
}
nameError(BusinessRuleViolation, 'BusinessRuleViolation');

/** A command emitted to a stream that it hasn't declared, or not for writing. */
export class UndeclaredStream extends EventCoreError {
  readonly code = 'UNDECLARED_STREAM';
}
nameError(UndeclaredStream, 'UndeclaredStream');

/**
 * The store holds an event that its stream type doesn't know, or a newer version of one that it does: a newer release wrote it,
 * most likely, and can go on where this one can't. `context` says which event, in which version, of which stream.
 */
export class UnknownEventType extends EventCoreError {
  readonly code = 'UNKNOWN_EVENT_TYPE';
}
nameError(UnknownEventType, 'UnknownEventType');

/** A command id was first used for something else: another command, or other inputs. */
export class CommandIdReused extends EventCoreError {
  readonly code = 'COMMAND_ID_REUSED';
}
nameError(CommandIdReused, 'CommandIdReused');

/** Discovery asked for more rounds or more streams than an execution may have. */
export class DiscoveryLimit extends EventCoreError {
  readonly code = 'DISCOVERY_LIMIT';
}
nameError(DiscoveryLimit, 'DiscoveryLimit');

/** A store was asked for something that it doesn't offer. */
export class CapabilityMissing extends EventCoreError {
  readonly code = 'CAPABILITY_MISSING';
}
nameError(CapabilityMissing, 'CapabilityMissing');

/** A message is for people, who mend one thing after the other: `issues` has them all. */
const MOST_TOLD = 5;

function describeIssues(issues: readonly Issue[]): string {
  const told = issues.slice(0, MOST_TOLD).map(describeIssue);
  if (issues.length > MOST_TOLD) told.push(`… and ${(issues.length - MOST_TOLD).toLocaleString('en')} more`);
  return told.join('; ');
}

function describeIssue({ path, message }: Issue): string {
  return path.length === 0 ? message : `${formatPath(path)}: ${message}`;
}

/** `items[2].price`, as one would write it in code. */
export function formatPath(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${text}[${JSON.stringify(key)}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}
