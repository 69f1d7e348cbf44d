/** Where a consumer stands, as the worker under its name knows it, and how it moves on. */
import { START, type Position } from '../../event/position.js';
import type { ConsumerStep, HandlerTransactions, RowChange } from '../../store/capabilities.js';
import type { EventStore } from '../../store/event-store.js';
import type { Tenure } from './tenure.js';

export class Checkpoint {
  readonly tenure: Tenure;
  readonly #store: EventStore;
  readonly #consumer: string;
  #position: Position;

  constructor(store: EventStore, consumer: string, tenure: Tenure, position: Position = START) {
    this.#store = store;
    this.#consumer = consumer;
    this.tenure = tenure;
    this.#position = position;
  }

  get position(): Position {
    return this.#position;
  }

  /** Where it is kept. What the worker thought is forgotten. */
  async load(): Promise<Position> {
    return (this.#position = await this.#store.capabilities.checkpoints!.load(this.#consumer));
  }

  /** Moves it, and writes rows, together. @throws `LeaseLost`, `CheckpointMoved` */
  async move(to: Position, rows: readonly RowChange[] = []): Promise<void> {
    const { checkpoints, rows: rowStore } = this.#store.capabilities;
    if (rowStore === undefined) await checkpoints!.save(this.#consumer, to, this.tenure.fence);
    else await rowStore.step(this.#step(to, rows));
    this.#position = to;
  }

  /** Moves it in a transaction of the store's, in which `work` acts first. */
  async moveAfter<Context>(
    transactions: HandlerTransactions<Context>,
    to: Position,
    rows: readonly RowChange[],
    work: (context: Context) => Promise<void>,
  ): Promise<void> {
    await transactions.run(async (context) => {
      await work(context);
      return this.#step(to, rows);
    });
    this.#position = to;
  }

  /** Moves it to where everything is to begin anew, wherever it was, with tables emptied and rows written. */
  async reset(
    to: Position,
    { clear, rows: changes }: Required<Pick<ConsumerStep, 'clear' | 'rows'>>,
    transactions: HandlerTransactions | undefined,
    work: ((context: unknown) => unknown) | undefined,
  ): Promise<void> {
    const { checkpoints, rows } = this.#store.capabilities;
    const { fence } = this.tenure;
    const step: ConsumerStep = {
      consumer: this.#consumer,
      to,
      ...(rows !== undefined && { clear, rows: changes }),
      ...(fence !== undefined && { fence }),
    };
    if (transactions !== undefined) {
      await transactions.run(async (context) => {
        await work?.(context);
        return step;
      });
    } else {
      await work?.({});
      if (rows === undefined) await checkpoints!.save(this.#consumer, to, fence);
      else await rows.step(step);
    }
    this.#position = to;
  }

  #step(to: Position, rows: readonly RowChange[]): ConsumerStep {
    const { fence } = this.tenure;
    return { consumer: this.#consumer, from: this.#position, to, rows, ...(fence !== undefined && { fence }) };
  }
}
