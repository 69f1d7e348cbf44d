/**
 * The time in which one worker may work under a name: from being granted its lease to giving it back or losing it. It is
 * renewed as long as it lasts. What the fence refuses is refused by the store; here a worker only learns of it early.
 */
import { LeaseLost } from '../../errors/store-errors.js';
import type { Runtime } from '../../runtime/runtime.js';
import type { LeaseStore } from '../../store/capabilities.js';

export interface TenureOptions {
  /** Undefined: there are no leases, and whoever asks may work. */
  readonly leases: LeaseStore | undefined;
  readonly consumer: string;
  /** Who asks: the same for all leases of one worker. */
  readonly holder: string;
  readonly leaseDuration: number;
  readonly runtime: Runtime;
  /** Aborted when whoever works should let go of what is under way. */
  readonly leaving?: AbortSignal;
  /** Told when a renewal failed. It is tried again. */
  readonly onTrouble: (error: unknown) => void;
}

/** How many times a lease is renewed while it runs. */
export const RENEWALS = 3;

/** Without a reason, each abort would make an error with a stack. */
const OVER = 'over';

export class Tenure {
  readonly fence: number | undefined;
  /** Aborted when what is under way has to end: the lease is lost, or the worker is leaving. Handlers get it. */
  readonly signal: AbortSignal;
  /** Aborted when the worker is leaving: then nothing more is begun. */
  readonly leaving: AbortSignal;
  readonly #options: TenureOptions;
  readonly #over = new AbortController();
  readonly #lost = new AbortController();
  /** Until when the lease runs by the own clocks. One may be put back, and the other stands still while a machine sleeps. */
  #until: Moment;
  #renewing: Promise<void> = Promise.resolve();

  /** Undefined while another worker has the lease. `force` takes it all the same. */
  static async begin(options: TenureOptions, force = false): Promise<Tenure | undefined> {
    const { leases, consumer, holder, leaseDuration, runtime } = options;
    const until = momentIn(leaseDuration, runtime);
    if (leases === undefined) return new Tenure(options, undefined, { now: Infinity, tick: Infinity });
    const lease = force
      ? await leases.takeOver(consumer, holder, leaseDuration)
      : await leases.acquire(consumer, holder, leaseDuration);
    if (lease === undefined) return undefined;
    const tenure = new Tenure(options, lease.fence, until);
    tenure.#renewing = tenure.#keepRenewing();
    return tenure;
  }

  private constructor(options: TenureOptions, fence: number | undefined, until: Moment) {
    this.#options = options;
    this.fence = fence;
    this.leaving = options.leaving ?? new AbortController().signal;
    this.signal = AbortSignal.any([this.lost, this.leaving]);
    this.#until = until;
  }

  /** Aborted when the lease is known to have passed on. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Makes sure that the lease runs. Costs nothing while it does by the own clocks. @throws {@link LeaseLost} */
  async confirm(): Promise<void> {
    const { runtime } = this.#options;
    const runs = runtime.now() < this.#until.now && runtime.tick() < this.#until.tick;
    if (runs && !this.#lost.signal.aborted) return;
    await this.confirmByStore();
  }

  /** The same, by asking. @throws {@link LeaseLost} */
  async confirmByStore(): Promise<void> {
    if (!this.#lost.signal.aborted && (this.fence === undefined || (await this.#renew()))) return;
    const { consumer } = this.#options;
    throw new LeaseLost(`The lease of "${consumer}" with fence ${this.fence} ran out, or has passed on.`, {
      context: { consumer },
    });
  }

  /** Ends it, and gives the lease back. */
  async end(): Promise<void> {
    this.abandon();
    await this.#renewing;
    if (this.fence !== undefined) await this.#options.leases!.release(this.#options.consumer, this.fence);
  }

  /** Ends it without a word: the lease runs out by itself. */
  abandon(): void {
    this.#over.abort(OVER);
  }

  async #keepRenewing(): Promise<void> {
    const { runtime, leaseDuration, onTrouble } = this.#options;
    const over = this.#over.signal;
    for (;;) {
      await runtime.sleep(leaseDuration / RENEWALS, over);
      if (over.aborted || this.#lost.signal.aborted) return;
      try {
        await this.#renew();
      } catch (error) {
        onTrouble(error);
      }
    }
  }

  async #renew(): Promise<boolean> {
    const { leases, consumer, leaseDuration, runtime } = this.#options;
    const until = momentIn(leaseDuration, runtime);
    const renewed = await leases!.renew(consumer, this.fence!, leaseDuration);
    if (renewed) this.#until = until;
    else this.#lost.abort(OVER);
    return renewed;
  }
}

type Moment = Readonly<Record<'now' | 'tick', number>>;

function momentIn(milliseconds: number, runtime: Runtime): Moment {
  return { now: runtime.now() + milliseconds, tick: runtime.tick() + milliseconds };
}
