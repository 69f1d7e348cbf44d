/** What was thrown, in words. Handlers may throw anything, and whatever it is, it has to be told and kept. */
import { inspect } from 'node:util';

/** What is longer is cut: some messages quote all that they were given. */
const LONGEST = 10_000;

export interface Thrown {
  /** The error's name; of what is no error, its type. */
  readonly name: string;
  readonly message: string;
}

export function describeThrown(thrown: unknown): Thrown {
  try {
    if (!(thrown instanceof Error)) return { name: typeof thrown, message: cut(textOf(thrown)) };
    return { name: cut(textOf(thrown.name)), message: cut(textOf(thrown.message)) };
  } catch {
    // A getter that throws, or the like: there is nothing to be read from it, and its event failed all the same.
    return { name: typeof thrown, message: "something that can't be shown" };
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : inspect(value, { depth: 2 });
}

/** A store keeps no lone surrogates and no U+0000, and a message may hold anything. */
function cut(text: string): string {
  const kept = text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}… (${text.length} characters)`;
  return kept.toWellFormed().replaceAll('\u0000', '\ufffd');
}
