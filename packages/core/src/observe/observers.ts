/**
 * How observers are told: typed hooks, and a channel of Node's `diagnostics_channel` for each phase. They cost nothing when
 * nobody listens, and one that fails never fails what it observes.
 */
import { channel } from 'node:diagnostics_channel';
import { warn } from './warn.js';

/** What to call in each phase. */
export type Hooks<Phases> = { readonly [P in keyof Phases]?: (event: Phases[P]) => void };

export type Tell<Phases> = <P extends keyof Phases & string>(phase: P, event: Phases[P]) => void;

/**
 * For phases that are told on channels of these names: gives, for somebody's hooks, how to tell observers; undefined when
 * there are none, so that nothing is even put together for them.
 */
export function observersOf<Phases>(
  channelNames: Readonly<Record<keyof Phases & string, string>>,
): (hooks: Hooks<Phases> | undefined) => Tell<Phases> | undefined {
  const channels = Object.fromEntries(
    Object.entries<string>(channelNames).map(([phase, name]) => [phase, channel(name)]),
  ) as Record<keyof Phases & string, ReturnType<typeof channel>>;
  const allChannels: readonly ReturnType<typeof channel>[] = Object.values(channels);

  return (hooks) => {
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
  };
}

function failed(phase: string, error: unknown): void {
  warn('EVENTCORE_HOOK_FAILED', `The hook "${phase}" failed`, error);
}
