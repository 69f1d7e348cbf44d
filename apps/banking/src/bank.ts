/** The bank: a store, the consumers that run on it, and what the rest of the application does with both. */
import {
  execute,
  START,
  ValidationError,
  type AnyCommand,
  type CommandId,
  type EventStore,
  type Position,
  type Receipt,
} from '@eventcore/core';
import { caughtUp, runConsumers, type ConsumerRunner } from '@eventcore/core/consumers';
import type { Capabilities } from '@eventcore/core/store';
import { Live } from './live.js';
import type { Metadata } from './metadata.js';
import { Metrics } from './metrics.js';
import { FraudHold } from './reactions/fraud-hold.js';
import { WelcomeBonus } from './reactions/welcome-bonus.js';
import { Accounts } from './read-models/accounts.js';
import { Holdings } from './read-models/holdings.js';
import { Movements } from './read-models/movements.js';
import { OverdraftLimits } from './read-models/overdraft-limits.js';

/** A store with all that the bank needs beyond commands. */
export interface BankStore extends EventStore<Metadata> {
  readonly capabilities: Required<Omit<Capabilities, 'transactions'>>;
}

export const readModels = [Accounts, Movements, Holdings, OverdraftLimits] as const;

/** How long a command may take before its caller is told to ask again, in milliseconds. */
const PATIENCE = 10_000;

/** After how many milliseconds without a word others go on with what a process was building: sooner than readers give up. */
const LEASE = 2_000;

export class Bank {
  readonly store: BankStore;
  readonly runner: ConsumerRunner;
  readonly live: Live;
  readonly metrics = new Metrics();

  constructor(store: BankStore) {
    this.store = store;
    this.runner = runConsumers(store, [...readModels, WelcomeBonus, FraudHold], {
      // Both are as old as the bank, and answer what was recorded while no process ran.
      after: 'beginning',
      executionHooks: this.metrics.hooks,
      leaseDuration: LEASE,
    });
    this.live = new Live(store);
  }

  /** Executes a command on somebody's behalf. */
  execute(command: AnyCommand, user: string, options: Asked = {}): Promise<Receipt> {
    const { commandId, bookedAt, share = true } = options;
    return execute(command, this.store, {
      metadata: { user, ...(bookedAt !== undefined && { bookedAt }) },
      hooks: this.metrics.hooks,
      deadline: Date.now() + PATIENCE,
      share,
      ...(commandId !== undefined && { commandId }),
    });
  }

  /**
   * Until what is read is as new as a position, such as that of a receipt. The read models may be built by another process.
   *
   * @throws `ValidationError` for a position that nothing has come to: nobody should wait for it.
   */
  async caughtUp(position: string): Promise<void> {
    const awaited = position as Position;
    if (awaited === START) return;
    if (awaited > (await this.store.capabilities.head())) {
      throw new ValidationError('The position', [{ path: ['after'], message: 'lies ahead of all that there is' }]);
    }
    await caughtUp(this.store, readModels, awaited);
  }

  /** Lets everybody finish what they are at. The store is whose it was before. */
  async close(): Promise<void> {
    await this.live.end();
    await this.runner.stop();
  }
}

interface Asked {
  readonly commandId?: CommandId;
  readonly bookedAt?: string;
  /** `false`: it shares no call with others. */
  readonly share?: boolean;
}
