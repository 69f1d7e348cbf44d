/** From what users hand over to what workers work with: everything is checked before anything begins. */
import { CapabilityMissing, DefinitionError } from '../errors/input-errors.js';
import type { Json } from '../event/json.js';
import { systemRuntime, type Runtime } from '../runtime/runtime.js';
import type { ExecutionHooks } from '../observe/hooks.js';
import type { HandlerTransactions } from '../store/capabilities.js';
import type { EventStore } from '../store/event-store.js';
import { kindWords, type CompiledConsumer } from '../consume/compiled-consumer.js';
import type { ContextOf } from '../consume/context-of.js';
import type { ReactionContext } from '../consume/define-reaction.js';
import type { EventHandler } from '../consume/event-handler.js';
import type { KindOf } from '../consume/kind-of.js';
import type { MetadataOf, TakesAny } from '../consume/metadata.js';
import { compiledConsumer, openConsumer } from '../consume/open-consumer.js';
import type { Application } from './apply/application.js';
import { projectionApplication } from './apply/apply-projection.js';
import { reactionApplication } from './apply/apply-reaction.js';
import { readModelApplication } from './apply/apply-read-model.js';
import { plannedBeginning, type Beginning } from './beginning.js';
import { consumerObservers, type ConsumerHooks, type TellConsumer } from './consumer-hooks.js';
import { checkFailurePolicy, standardFailurePolicy, type FailurePolicy } from './failure-policy.js';
import type { WorkerPlan } from './worker.js';

/** How a consumer is run. */
export interface ConsumerOptions {
  /** What to do about an event that fails: ten attempts in about half a minute, and then `stop`, unless given. */
  readonly onFailure?: FailurePolicy;
  /** About how many events take effect at once: 500, unless given. */
  readonly batchSize?: number;
  /** Where it begins if it has no checkpoint yet: at the beginning, unless given. Of a reaction it has to be said. */
  readonly after?: Beginning;
}

export interface RunConsumersOptions<Given extends object = object> extends Omit<ConsumerOptions, 'after'> {
  /**
   * Where reactions begin that have no checkpoint yet, of which nothing else is said by name. The other consumers
   * begin at the beginning all the same: what they build would lack what came before.
   */
  readonly after?: Beginning;
  /** What differs for single consumers, by their names. */
  readonly consumers?: Readonly<Record<string, ConsumerOptions>>;
  /** What handlers get beside the event: those of projections beside what the store's transaction supplies, too. */
  readonly context?: Given;
  /** For how many milliseconds a worker that says nothing keeps its name to itself: 5,000, unless given. */
  readonly leaseDuration?: number;
  /** What the holder of the leases is called; drawn, unless given. No two runners have the same. */
  readonly holder?: string;
  /** Says that no other process runs these consumers, which a store without leases can't see to. */
  readonly singleProcess?: boolean;
  /** How often to look for events without having been woken up, in milliseconds: 1,000, unless given. */
  readonly pollInterval?: number;
  /**
   * For how many milliseconds `stop` waits for the batches that are under way: 5,000, unless given. Then handlers are told by
   * their signal, and the commands of reactions are no longer waited for.
   */
  readonly stopTimeout?: number;
  /** Stops the runner. */
  readonly signal?: AbortSignal;
  readonly hooks?: ConsumerHooks;
  /** For the commands that reactions give. */
  readonly executionHooks?: ExecutionHooks;
  readonly runtime?: Runtime;
}

/** What a store's transactions supply to handlers; nothing that the compiler knows of, if it has none. */
export type SuppliedBy<Store> = Store extends {
  readonly capabilities: { readonly transactions: HandlerTransactions<infer Context> };
}
  ? Context
  : unknown;

/**
 * What the compiler says of each consumer: nothing, or what its handlers lack. No transaction of the store's is open where
 * reactions are asked, so theirs get what is `Given` alone. A bare text, since of an object's type it would
 * go on to list the properties that a consumer is missing to be a mistake.
 */
export type Fitting<Consumers extends readonly object[], Supplied, Given = Supplied, Metadata = Json> = {
  readonly [Index in keyof Consumers]: [KindOf<Consumers[Index]>] extends ['reaction']
    ? Fits<ContextOf<Consumers[Index]>, Given & ReactionContext> & Carries<MetadataOf<Consumers[Index]>, Metadata>
    : Fits<ContextOf<Consumers[Index]>, Supplied & ReactionContext> & Carries<MetadataOf<Consumers[Index]>, Metadata>;
};

type Carries<Taken, Metadata> =
  TakesAny<Taken> extends true
    ? unknown
    : [Metadata] extends [Taken]
      ? unknown
      : 'the events of this store carry other metadata than its handlers take: give the store the option `metadata`, a schema of it';

type Fits<Needed, Supplied> = Supplied extends Needed ? unknown : Lack<Lacking<Needed, Supplied>>;

type Lack<Names extends string> = [Names] extends [never]
  ? 'neither the store nor the option `context` supplies what its handlers need'
  : `neither the store nor the option \`context\` supplies a \`${Names}\` as its handlers need it`;

type Lacking<Needed, Supplied> = {
  [Name in keyof Needed]-?: Supplied extends Pick<Needed, Name> ? never : Name & string;
}[keyof Needed];

/** @throws `DefinitionError`, `CapabilityMissing` */
export function planConsumers(
  store: EventStore,
  consumers: readonly object[],
  options: RunConsumersOptions,
): readonly Omit<WorkerPlan, 'onNews'>[] {
  if (!Array.isArray(consumers)) {
    throw new DefinitionError('runConsumers needs a store and an array of consumers: runConsumers(store, [Balances]).');
  }
  const { runtime = systemRuntime, leaseDuration = 5000, pollInterval = 1000, stopTimeout = 5000 } = options;
  const { singleProcess = false } = options;
  const holder = options.holder ?? runtime.uuid();
  const tell = consumerObservers(options.hooks);
  checkNames(consumers, options);
  positive('leaseDuration', leaseDuration);
  positive('pollInterval', pollInterval);
  if (!(stopTimeout >= 0)) throw wrongNumber('stopTimeout', 'from 0 on', stopTimeout);
  if (store.capabilities.leases === undefined && !singleProcess) {
    throw new CapabilityMissing(
      'This store has no leases, so nothing keeps two processes from working on one consumer at once. Run one, and say so: runConsumers(store, […], { singleProcess: true }).',
    );
  }
  return consumers.map((consumer) => {
    const compiled = compiledConsumer(consumer);
    const named = definedOnly(options.consumers?.[compiled.name]);
    const { batchSize = 500, onFailure = standardFailurePolicy } = { ...options, ...named };
    const after = named.after ?? (compiled.kind === 'reaction' ? options.after : undefined);
    if (!Number.isSafeInteger(batchSize) || batchSize < 1) {
      throw wrongNumber(`batchSize of "${compiled.name}"`, 'from 1 on, without a fraction', batchSize);
    }
    const policy = checkFailurePolicy(onFailure, `"${compiled.name}"`);
    checkCapabilities(store, compiled, policy);
    return {
      store,
      name: compiled.name,
      kind: compiled.kind,
      filter: compiled.filter,
      handles: [...compiled.handled()],
      application: applicationOf(consumer, compiled, store, options, runtime, tell),
      onFailure: policy,
      keepsLetters: store.capabilities.rows !== undefined,
      after: plannedBeginning(compiled, after, store),
      batchSize,
      pollInterval,
      holder,
      leaseDuration,
      stopTimeout,
      runtime,
      tell,
    };
  });
}

function applicationOf(
  consumer: object,
  { kind, name }: CompiledConsumer<unknown>,
  store: EventStore,
  { context = {}, executionHooks }: RunConsumersOptions,
  runtime: Runtime,
  tell: TellConsumer | undefined,
): Application {
  const onUnknownEvent = store.settings?.onUnknownEvent ?? 'throw';
  switch (kind) {
    case 'projection':
      return projectionApplication(
        openConsumer<EventHandler>(consumer, kind, 'runConsumers'),
        store,
        context,
        onUnknownEvent,
      );
    case 'readModel':
      return readModelApplication(consumer, name, store, onUnknownEvent);
    case 'reaction':
      return reactionApplication(openConsumer<EventHandler>(consumer, kind, 'runConsumers'), store, {
        context,
        runtime,
        executionHooks,
        onUnknownEvent,
        onVerdict: (verdict) => tell?.('reacted', { consumer: name, kind, verdict }),
      });
  }
}

function checkNames(consumers: readonly object[], { after, consumers: named = {} }: RunConsumersOptions): void {
  const names = new Set<string>();
  for (const consumer of consumers) {
    const { name } = compiledConsumer(consumer);
    if (names.has(name)) {
      throw new DefinitionError(
        `Two consumers are named "${name}". Projections, read models and reactions share their names: each name once.`,
      );
    }
    names.add(name);
  }
  // At the beginning is where the others begin anyway.
  const isSaid = after !== undefined && after !== 'beginning';
  if (isSaid && !consumers.some((consumer) => compiledConsumer(consumer).kind === 'reaction')) {
    throw new DefinitionError(
      "The option `after` says where reactions begin, and none is run. Where another consumer is to begin goes by its name: { consumers: { balances: { after: 'now' } } }.",
    );
  }
  for (const name of Object.keys(named)) {
    if (names.has(name)) continue;
    throw new DefinitionError(`There are options for "${name}", and no consumer of that name is run.`);
  }
}

function checkCapabilities(
  store: EventStore,
  { kind, name }: CompiledConsumer<unknown>,
  { then }: FailurePolicy,
): void {
  const { checkpoints, rows } = store.capabilities;
  const missing = (capability: string, why: string): CapabilityMissing =>
    new CapabilityMissing(
      `The ${kindWords[kind]} "${name}" can't run on this store, which has no ${capability}: ${why}.`,
      {
        context: { consumer: name },
      },
    );
  if (checkpoints === undefined) throw missing('checkpoints', 'it could not know how far it has come');
  if (rows !== undefined) return;
  if (kind === 'readModel') throw missing('rows', 'that is where its rows would be');
  if (kind === 'reaction') throw missing('rows', 'that is where the verdicts on its commands would be recorded');
  if (then === 'deadLetter') throw missing('rows', "that is where dead letters would be recorded. Use then: 'stop'");
}

function positive(what: string, value: number): void {
  if (Number.isFinite(value) && value > 0) return;
  throw wrongNumber(what, 'above 0', value);
}

function wrongNumber(what: string, needed: string, value: number): DefinitionError {
  return new DefinitionError(`The ${what} must be a number ${needed}, not ${String(value)}.`);
}

/** What is undefined counts as left out. */
function definedOnly(options: ConsumerOptions = {}): ConsumerOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
