/**
 * Looking on: typed hooks on every phase of an execution, and Node's `diagnostics_channel` derived from them. They cost
 * nothing when nobody listens, and an observer that fails never fails a command.
 */
import { channel } from 'node:diagnostics_channel';
import type { Receipt } from '../store/receipt.js';
import type { StaleStream } from '../errors/execution-errors.js';
import type { Version } from '../event/position.js';
import type { StreamId } from '../event/stream-id.js';
import { warn } from './warn.js';

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
  /** Streams were read, in one snapshot. */
  readonly read: ExecutionInfo & { readonly streams: number; readonly events: number; readonly duration: number };
  /** `discover` named streams that weren't known. */
  readonly discovered: ExecutionInfo & { readonly streams: number };
  /** `handle` came to an end. `versions`: of every stream that the decision rests on. */
  readonly decided: ExecutionInfo & {
    readonly verdict: 'events' | 'nothing' | 'rejected';
    readonly events: number;
    readonly versions: ReadonlyMap<StreamId, Version>;
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
export type ExecutionHooks = { readonly [P in Phase]?: (event: ExecutionPhases[P]) => void };

export type Notify = <P extends Phase>(phase: P, event: ExecutionPhases[P]) => void;

/** The name of a phase's channel in `node:diagnostics_channel`, such as `eventcore:execution:conflicted`. */
export function channelName(phase: Phase): string {
  return `eventcore:execution:${phase}`;
}

const channels = Object.fromEntries(
  (['started', 'read', 'discovered', 'decided', 'appended', 'conflicted', 'retrying', 'doubted', 'ended'] as const).map(
    (phase) => [phase, channel(channelName(phase))],
  ),
) as Record<Phase, ReturnType<typeof channel>>;
const allChannels = Object.values(channels);

/** How to tell observers; undefined when there are none, so that nothing is even put together for them. */
export function observers(hooks: ExecutionHooks | undefined): Notify | undefined {
  if (hooks === undefined && !allChannels.some(({ hasSubscribers }) => hasSubscribers)) return undefined;
  return (phase, event) => {
    // One event is told to several, and none of them should change what the next one is told.
    Object.freeze(event);
    try {
      // Hooks are synchronous, and an asynchronous function passes for one: nobody else would hear of its failure.
      const told: unknown = hooks?.[phase]?.(event);
      if (told !== undefined) Promise.resolve(told).catch((error: unknown) => failed(phase, error));
    } catch (error) {
      failed(phase, error);
    }
    if (channels[phase].hasSubscribers) channels[phase].publish(event);
  };
}

function failed(phase: Phase, error: unknown): void {
  warn('EVENTCORE_HOOK_FAILED', `The hook "${phase}" failed`, error);
}
