/**
 * A client: one command after the other, as long as it has rounds left. Its process may crash in the middle of one; another
 * one then goes on, and may send what was interrupted again, under the same command id.
 */
import { isEventCoreError, type AnyCommand, type EventStore } from '@eventcore/core';
import type { SeededRandom } from '../chaos/seeded-random.js';
import type { HistoryRecorder } from '../record/record-history.js';
import type { Host } from './host.js';
import type { Process } from './process.js';
import type { ClientFaults, MakeCommand } from './simulation.js';
import type { World } from './world.js';

export interface ClientOptions<Metadata> {
  readonly name: string;
  readonly rounds: number;
  readonly world: World;
  readonly host: Host;
  readonly random: SeededRandom;
  readonly recorder: HistoryRecorder<Metadata>;
  readonly store: EventStore<Metadata>;
  readonly faults: ClientFaults;
  readonly commands: MakeCommand<Metadata>;
  readonly fired: Record<keyof ClientFaults, number>;
}

/** Errors that a client may meet in a world where things go wrong. Any other one is a fault of the program. */
const expected = [
  'BUSINESS_RULE_VIOLATION',
  'RETRIES_EXHAUSTED',
  'VERSION_CONFLICT',
  'STORE_UNAVAILABLE',
  'DEADLINE_EXCEEDED',
] as const;

/** How often a client gives a command id of its own, so that it can send a command again. */
const GIVES_ID = 0.5;
const SENDS_AGAIN = 0.7;
/** How often a client sends again what was answered: somebody has pressed the button twice. */
const SENDS_TWICE = 0.05;
const HAS_DEADLINE = 0.1;
/** How long after it began a command is interrupted by a crash, in milliseconds at most. */
const LONGEST_LIFE = 30;
const HOUR = 3_600_000;

/** What can be sent, and sent again. */
interface Sendable<Metadata> {
  readonly make: (store: EventStore<Metadata>) => Promise<AnyCommand>;
  readonly commandId: string | undefined;
}

export async function runClient<Metadata>(options: ClientOptions<Metadata>): Promise<void> {
  const { name, world, host, random, faults, commands, fired } = options;
  let lives = 1;

  function strikes(kind: keyof ClientFaults): boolean {
    if (faults[kind] === 0 || !random.chance(faults[kind])) return false;
    fired[kind] += 1;
    return true;
  }

  function newCommand(): Sendable<Metadata> {
    let made: AnyCommand | undefined;
    return {
      // What is sent again is the same command.
      make: async (store) => (made ??= await commands({ name, random, store, peek: options.store })),
      commandId: random.chance(GIVES_ID) ? world.uuid() : undefined,
    };
  }

  async function send(one: Sendable<Metadata>): Promise<'answered' | 'doubtful' | 'crashed'> {
    const { process } = host;
    if (strikes('clockJump')) process.setClock((random.next() * 2 - 1) * HOUR);
    let ended = false;
    if (strikes('crash')) {
      void world.time.sleep(random.next() * LONGEST_LIFE).then(() => {
        if (!ended && process.isAlive) process.die();
      });
    }
    const end = await Promise.race([sendFrom(process, one), process.death]);
    ended = true;
    // Whoever was interrupted comes back as somebody else: what it had begun may still be under way.
    if (end === 'crashed') lives += 1;
    return end;
  }

  async function sendFrom(sender: Process, { make, commandId }: Sendable<Metadata>): Promise<'answered' | 'doubtful'> {
    const { runtime } = sender;
    const deadline = random.chance(HAS_DEADLINE) ? runtime.now() + random.integer(1, 60) : undefined;
    try {
      await options.recorder.perform(lives === 1 ? name : `${name}/${lives}`, make, {
        through: sender.reach(options.store),
        runtime,
        ...(commandId !== undefined && { commandId }),
        ...(deadline !== undefined && { deadline }),
      });
      return 'answered';
    } catch (error) {
      world.tell?.(sender.name, `gives up: ${error instanceof Error ? error.message : String(error)}`);
      if (isEventCoreError(error, 'INDETERMINATE')) return 'doubtful';
      if (expected.some((code) => isEventCoreError(error, code))) return 'answered';
      throw error;
    }
  }

  let again: Sendable<Metadata> | undefined;
  for (let round = 0; round < options.rounds; round++) {
    const one = again ?? newCommand();
    const end = await send(one);
    const repeats = random.chance(end === 'answered' ? SENDS_TWICE : SENDS_AGAIN);
    // Without an id of its own a client can't say which command it means.
    again = repeats && one.commandId !== undefined ? one : undefined;
  }
}
