/** How often commands were applied, and which rules rejected them: whether a property had anything to say. */
import type { AnyCommand } from '@eventcore/core';
import { definitionOf } from '@eventcore/core/definitions';
import type { Run } from './run.js';

/** What came of the commands of one class. */
export interface TallyLine {
  readonly applied: number;
  readonly rejected: number;
  /** How often each rule said no, by its name, or by its message where it has no name. */
  readonly rules: ReadonlyMap<string, number>;
}

/** Counts what came of commands. As text it is a line for each class. */
export interface Tally {
  add(run: Run): void;
  /** What came of the commands of a class; nothing but zeros for one that never ran. */
  of(commandClass: object): TallyLine;
  toString(): string;
}

/**
 * Makes a tally for `runCommands`. A property that holds because every command was rejected has shown nothing: look at the
 * tally, and let the test do so too.
 *
 * @example
 * ```ts
 * const tally = createTally();
 * const open = new OpenAccount({ account: 'alice', owner: 'Alice' });
 * await runCommands([open, open, open], store, { tally });
 *
 * console.log(String(tally));
 * // OpenAccount: 1 applied, 2 rejected (2 the account is open already)
 * console.log(tally.of(OpenAccount).applied); // 1
 * ```
 */
export function createTally(): Tally {
  const lines = new Map<string, Counted>();
  return Object.freeze({
    add({ command, rejected }: Run): void {
      const name = nameOf(command);
      let line = lines.get(name);
      if (line === undefined) lines.set(name, (line = none()));
      if (rejected === undefined) line.applied += 1;
      else {
        const rule = rejected.rule ?? rejected.message;
        line.rejected += 1;
        line.rules.set(rule, (line.rules.get(rule) ?? 0) + 1);
      }
    },
    of(commandClass: object): TallyLine {
      const { applied, rejected, rules } = lines.get(definitionOf(commandClass).name) ?? none();
      return { applied, rejected, rules: new Map(rules) };
    },
    toString: () => [...lines].map(([name, line]) => `${name}: ${tell(line)}`).join('\n'),
  });
}

interface Counted {
  applied: number;
  rejected: number;
  readonly rules: Map<string, number>;
}

const none = (): Counted => ({ applied: 0, rejected: 0, rules: new Map() });

function nameOf(command: AnyCommand): string {
  return definitionOf(Object(command).constructor).name;
}

function tell({ applied, rejected, rules }: Counted): string {
  if (rejected === 0) return `${applied} applied`;
  const mostFirst = [...rules].sort(([, one], [, other]) => other - one);
  return `${applied} applied, ${rejected} rejected (${mostFirst.map(([rule, times]) => `${times} ${rule}`).join(', ')})`;
}
