/** Looking on at an execution: typed hooks on every phase. */
import type { NewEvent } from '../store/append.js';
import type { Receipt } from '../store/receipt.js';
import type { StaleStream } from '../errors/execution-errors.js';
import type { Version } from '../event/position.js';
import type { StreamId } from '../event/stream-id.js';
import { observersOf, type Hooks, type Tell } from './observers.js';

/** What every phase tells of the execution that it belongs to. */
export interface ExecutionInfo {
  readonly command: string;
  readonly commandId: string;
  readonly correlationId: string;
  readonly causationId: string;
  /** Counted from 1. */
  readonly attempt: number;
}

/** What each phase tells. Durations are in milliseconds. */
export interface ExecutionPhases {
  /** An execution begins. */
  readonly started: ExecutionInfo & { readonly streams: readonly StreamId[] };
  /** Streams were read, in one snapshot; or, where calls are shared, those that weren't warm. */
  readonly read: ExecutionInfo & { readonly streams: number; readonly events: number; readonly duration: number };
  /** `discover` named streams that weren't known. */
  readonly discovered: ExecutionInfo & { readonly streams: number };
  /** `handle` came to an end. `versions`: of every stream that the decision rests on. */
  readonly decided: ExecutionInfo & {
    readonly verdict: 'events' | 'nothing' | 'rejected';
    readonly events: number;
    readonly versions: ReadonlyMap<StreamId, Version>;
  };
  /**
   * An append is about to be sent, perhaps not for the first time. `held`: under the store's locks. `together`: how many appends the
   * call has, of this execution and others. `chained`: it rests on one of those before it.
   */
  readonly sending: ExecutionInfo & {
    readonly events: readonly NewEvent[];
    readonly held: boolean;
    readonly together: number;
    readonly chained: boolean;
  };
  /** An append was answered; `held`: decided and sent under the store's locks. */
  readonly appended: ExecutionInfo & { readonly outcome: string; readonly held: boolean; readonly duration: number };
  /** Streams had moved. */
  readonly conflicted: ExecutionInfo & { readonly stale: readonly StaleStream[] };
  /** Another attempt follows, after a delay. */
  readonly retrying: ExecutionInfo & { readonly delay: number; readonly cause: unknown };
  /** The answer to an append was lost; the same one is sent again until it is answered. */
  readonly doubted: ExecutionInfo & { readonly cause: unknown };
  /** The execution is over. */
  readonly ended: ExecutionInfo & { readonly receipt?: Receipt; readonly error?: unknown; readonly duration: number };
}

export type Phase = keyof ExecutionPhases;

/**
 * What to call in each phase.
 *
 * @example
 * ```ts
 * const hooks: ExecutionHooks = {
 *   conflicted: ({ command, stale }) => console.log(`${command} met ${stale.map(({ stream }) => stream).join(', ')}`),
 * };
 * await execute(new TransferMoney({ from: 'alice', to: 'bob', amount: 60 }), store, { hooks });
 * ```
 */
export type ExecutionHooks = Hooks<ExecutionPhases>;

export type Notify = Tell<ExecutionPhases>;

/** The name of a phase's channel in `node:diagnostics_channel`, such as `eventcore:execution:conflicted`. */
export function channelName(phase: Phase): string {
  return `eventcore:execution:${phase}`;
}

/** How to tell observers; undefined when there are none. */
export const observers: (hooks: ExecutionHooks | undefined) => Notify | undefined = observersOf<ExecutionPhases>({
  started: channelName('started'),
  read: channelName('read'),
  discovered: channelName('discovered'),
  decided: channelName('decided'),
  sending: channelName('sending'),
  appended: channelName('appended'),
  conflicted: channelName('conflicted'),
  retrying: channelName('retrying'),
  doubted: channelName('doubted'),
  ended: channelName('ended'),
});
