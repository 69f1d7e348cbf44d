/** A checkpoint that stands still: what is written with it is done once all the same, since something else is written too. */
import type { HandlerTransactions, RowChange } from '../../store/capabilities.js';
import type { Position } from '../../event/position.js';
import type { EventStore } from '../../store/event-store.js';
import { Checkpoint } from './checkpoint.js';

export class StandingCheckpoint extends Checkpoint {
  #besides: readonly RowChange[];
  #written = false;

  constructor(store: EventStore, consumer: string, at: Checkpoint, besides: readonly RowChange[]) {
    super(store, consumer, at.tenure, at.position);
    this.#besides = besides;
  }

  /** What is written from now on is written alone. */
  alone(): void {
    this.#besides = [];
  }

  /** Whether its step was taken. */
  get written(): boolean {
    return this.#written;
  }

  override async move(_to: Position = this.position, rows: readonly RowChange[] = []): Promise<void> {
    await super.move(this.position, [...rows, ...this.#besides]);
    this.#written = true;
  }

  override async moveAfter<Context>(
    transactions: HandlerTransactions<Context>,
    _to: Position,
    rows: readonly RowChange[],
    work: (context: Context) => Promise<void>,
  ): Promise<void> {
    await super.moveAfter(transactions, this.position, [...rows, ...this.#besides], work);
    this.#written = true;
  }
}
