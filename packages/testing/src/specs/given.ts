/** `given(…).when(…).then(…)`: a command's rules, written down as what has happened, what is done, and what comes of it. */
import { DefinitionError, stateFor, type AnyCommand, type ExecuteOptions, type Mistake } from '@eventcore/core';
import {
  consumerOf,
  project,
  type ContextOf,
  type FollowUp,
  type ReadModelDefinition,
} from '@eventcore/core/consumers';
import type { StoreSettings } from '@eventcore/core/store';
import { definitionOf } from '@eventcore/core/definitions';
import type { MemoryStore } from '@eventcore/memory';
import { attempt, type Attempt } from './attempt.js';
import { checkOutcome, type ExpectedOutcome } from './check-outcome.js';
import { checkHistory, recordedHistory, storeWith, type History } from './history.js';
import { isoTime } from './on.js';
import { outcomeOf, type Outcome } from './outcome.js';
import { projectRows, type ProjectedRows } from './project-events.js';
import { reactToEvents, type ExpectedCommands } from './react-to-events.js';
import type { StatedRows } from './rows.js';
import { DEFAULT_MOMENT } from './spec-runtime.js';
import { tellState } from './tell-state.js';

/** Options have to be given where the store's metadata schema needs something. */
type OptionsFor<Metadata> = undefined extends Metadata
  ? [options?: ExecuteOptions<Metadata>]
  : [options: ExecuteOptions<Metadata> & { readonly metadata: Metadata }];

/** What has happened before: the first part of a spec. It can be shared; nothing that is done with it changes it. */
export interface Given<Metadata = unknown> {
  /** The same, after which this has happened too. */
  and(...history: History): Given<Metadata>;
  /** The moment at which the spec happens, in ISO form: the command's `now`. It is fixed, also when none is given. */
  at(moment: string): Given<Metadata>;
  /** The settings of the store: the schema of its metadata, and what it does with events that nobody knows. */
  with<M>(settings: StoreSettings<M>): Given<M>;
  /** A store in which this has happened, for what a spec of one command can't say: races, or the same command id twice. */
  store(): Promise<MemoryStore<Metadata>>;
  /** Executes a command, once somebody asks what came of it. */
  when(command: AnyCommand, ...options: OptionsFor<Metadata>): Attempt<Outcome<Metadata>, ExpectedOutcome>;
  /** Folds what has happened into the rows of a keyed read model, for `then(rows({ … }))`; awaited, the rows are yours. */
  project<Row>(readModel: ReadModelDefinition<Row, never>): Attempt<ProjectedRows<Row>, readonly [StatedRows<Row>]>;
  /** Hands what has happened to a projection's handlers, with a context of yours: look at that afterwards. */
  project<P extends object>(projection: P & NoReaction<P>, ...context: ContextFor<ContextOf<P>>): Promise<ContextOf<P>>;
  /** Asks a reaction for its answers to what has happened, for `then(new Remind({ … }))`. None is executed. */
  react<R extends object>(reaction: R & OnlyReaction<R>): Attempt<readonly FollowUp[], ExpectedCommands>;
}

/* What the compiler can tell of consumers without decorators; classes are told at run time. */
type NoReaction<P> = P extends { readonly kind: 'reaction' }
  ? Mistake<'a reaction answers with commands: given(…).react(…)'>
  : unknown;
type OnlyReaction<R> = R extends { readonly kind: 'projection' | 'readModel' }
  ? Mistake<'only a reaction answers with commands: given(…).project(…) takes this one'>
  : unknown;

/** A context has to be given where the handlers need one. */
type ContextFor<Context> = unknown extends Context ? [context?: Context] : [context: Context];

/**
 * Begins a spec with what has happened, in this order; with nothing at all for an empty store.
 *
 * `when` executes a command on a store in memory that holds these events, as `execute` would anywhere: it reads, folds,
 * discovers, decides and appends. `then` compares what the command wrote, all of it and in its order, with what was expected;
 * awaited without it, the outcome is yours to look at.
 *
 * @throws `DefinitionError` for anything but events.
 *
 * @example
 * ```ts
 * const [alice, bob] = [Account.at('alice'), Account.at('bob')];
 *
 * await given(
 *   on(alice, 'AccountOpened', { owner: 'Alice' }),
 *   on(alice, 'MoneyDeposited', { amount: 100 }),
 *   on(bob, 'AccountOpened', { owner: 'Bob' }),
 * )
 *   .when(new TransferMoney({ from: alice, to: bob, amount: 60 }))
 *   .then(on(alice, 'MoneyWithdrawn', { amount: 60 }), on(bob, 'MoneyDeposited', { amount: 60 }));
 *
 * await given()
 *   .when(new TransferMoney({ from: alice, to: bob, amount: 60 }))
 *   .then(rejected('the receiving account is not open'));
 * ```
 */
export function given(...history: History): Given {
  checkHistory(history, 'given');
  return stage(history, DEFAULT_MOMENT, {});
}

function stage<Metadata>(history: History, moment: string, settings: StoreSettings<Metadata>): Given<Metadata> {
  const { onUnknownEvent = 'throw' } = settings;
  const events = () => recordedHistory(history, moment);
  return Object.freeze({
    and(...more: History) {
      checkHistory(more, 'and');
      return stage([...history, ...more], moment, settings);
    },
    at: (text: string) => stage(history, isoTime(text), settings),
    with: <M>(other: StoreSettings<M>) => stage(history, moment, other),
    store: async () => storeWith(history, moment, settings),
    when(command: AnyCommand, options: ExecuteOptions<Metadata> = {}) {
      const name = nameOf(command);
      return attempt<Outcome<Metadata>, ExpectedOutcome>(
        async () => outcomeOf(command, await storeWith(history, moment, settings), moment, options),
        (outcome, expected) =>
          checkOutcome(name, outcome, expected, async () => {
            // What the command wrote is in the store by now, so what it decided on is made once more.
            const before = await storeWith(history, moment, settings);
            return tellState(await stateFor(command, before, options));
          }),
      );
    },
    project(consumer: object, context: unknown) {
      const { kind, name } = consumerOf(consumer);
      if (kind === 'reaction') {
        throw new DefinitionError(
          `project takes a projection or a read model, and "${name}" is a reaction: given(…).react(…).`,
        );
      }
      if (kind === 'readModel') return projectRows(consumer as never, events, onUnknownEvent);
      return projectInto(consumer, context);
    },
    react: (reaction: object) => reactToEvents(reaction, events, onUnknownEvent),
  }) as Given<Metadata>;

  async function projectInto(projection: object, context: unknown): Promise<unknown> {
    await project(projection, await events(), context as never);
    return context;
  }
}

/** @throws `DefinitionError` for anything but a command object. */
function nameOf(command: unknown): string {
  if (typeof command === 'function') {
    const { name } = command;
    throw new DefinitionError(`when needs a command object, and got the class ${name}. Make one: new ${name}({ … }).`);
  }
  return definitionOf(Object(command).constructor).name;
}
