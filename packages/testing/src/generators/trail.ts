/** The way through a schema: where one is, and what one was given for it. */
import { DefinitionError, type Schemas } from '@eventcore/core';
import type fc from 'fast-check';

/** Any Standard Schema. */
export type Schema = Schemas[string];

/** Where in a schema one is, and what one was given. */
export interface Trail {
  /** In words, for errors: `the event Renamed of "customer", at data.name.first`. */
  readonly where: string;
  /** How to give an arbitrary of one's own here, for errors. */
  readonly advice: string;
  readonly own: ReadonlyMap<unknown, fc.Arbitrary<unknown>>;
  /** How many recursive schemas one is in. */
  readonly depth: number;
  /** Values that a part of the schema takes; undefined where there are none. */
  readonly take: (part: Schema, trail: Trail) => fc.Arbitrary<unknown> | undefined;
}

/** One step further in. */
export function into(trail: Trail, step: string | number): Trail {
  const path = typeof step === 'number' ? `[${step}]` : `.${step}`;
  return { ...trail, where: trail.where.includes(', at ') ? trail.where + path : `${trail.where}, at data${path}` };
}

/** What to say where too little is known. */
export function unreadable({ where, advice }: Trail, why: string, cause?: unknown): DefinitionError {
  const message = `No values can be made for ${where}: ${why}. ${advice}`;
  return new DefinitionError(message, cause === undefined ? {} : { cause });
}
