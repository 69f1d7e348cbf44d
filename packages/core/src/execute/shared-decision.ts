/**
 * A decision that is shared with others: what a conductor asks for, perhaps several times before it is sent. It never throws,
 * since what went wrong in a command is no failure of the store.
 */
import type { CompiledCommand } from '../command/compiled-command.js';
import type { LoadedStreams, NeededStream, SharedCommand, SharingCall } from '../share/shared-command.js';
import type { FoldedStream } from '../share/warm-streams.js';
import type { Append, NewEvent } from '../store/append.js';
import { isThenable } from '../stream/thenable.js';
import type { Gathering } from './gathering.js';
import type { Decision } from './held-decision.js';

/** Whether a command's decision can be shared, as far as its definition tells: over declared streams, folded by their types. */
export function canBeShared(definition: CompiledCommand): boolean {
  return (
    !definition.customState &&
    !definition.discovers &&
    definition.detail === 'lean' &&
    definition.streams.every(({ role }) => role !== 'append')
  );
}

/** What the execution does for it. */
export interface DecidesOnBehalf {
  readonly definition: CompiledCommand;
  decide(): Decision;
  prepare(events: readonly NewEvent[]): Append;
  read(seen: LoadedStreams): void;
  sending(append: Append, call: SharingCall): void;
  doubted(cause: unknown): void;
}

export class SharedDecision implements SharedCommand {
  readonly definition: CompiledCommand;
  readonly streams: readonly NeededStream[];
  /** What may have been applied: what was sent, if it has events. */
  inDoubt: Append | undefined;
  held = false;
  /** What the command said instead of an append. */
  fault: { readonly error: unknown } | undefined;
  readonly #gathering: Gathering;
  readonly #execution: DecidesOnBehalf;
  #append: Append | undefined;

  constructor(gathering: Gathering, execution: DecidesOnBehalf) {
    this.definition = execution.definition;
    this.streams = gathering.neededStreams();
    this.#gathering = gathering;
    this.#execution = execution;
  }

  decide(basis: readonly FoldedStream[]): Append | undefined {
    for (const [index, { id }] of this.streams.entries()) {
      this.#gathering.known.adopt(id, basis[index]!.version, basis[index]!.state);
    }
    this.fault = undefined;
    try {
      const decision = this.#execution.decide();
      // It can't be waited for while others line up behind it.
      if (isThenable(decision)) return undefined;
      this.#append = this.#execution.prepare(decision);
    } catch (error) {
      this.fault = { error };
      this.#append = this.#execution.prepare([]);
    }
    return this.#append;
  }

  read(seen: LoadedStreams): void {
    this.#execution.read(seen);
  }

  sending(call: SharingCall): void {
    this.held = call.held;
    this.inDoubt = this.#append!.events.length > 0 ? this.#append : undefined;
    this.#execution.sending(this.#append!, call);
  }

  takenBack(): void {
    this.inDoubt = undefined;
  }

  doubted(cause: unknown): void {
    this.#execution.doubted(cause);
  }
}
