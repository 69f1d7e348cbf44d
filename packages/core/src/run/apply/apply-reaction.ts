/**
 * Events to commands. The checkpoint moves with each event that led to some, and with it their verdicts are written: what was
 * decided once is looked up the next time, also what was rejected.
 */
import { partsOf } from '../../command/command-logic.js';
import { toJson, type Json } from '../../event/json.js';
import type { Position } from '../../event/position.js';
import type { CommandId, RecordedEvent } from '../../event/recorded-event.js';
import type { BusinessRuleViolation } from '../../errors/input-errors.js';
import { isEventCoreError } from '../../errors/is-event-core-error.js';
import { execute } from '../../execute/execute.js';
import { isoTime, type Runtime } from '../../runtime/runtime.js';
import type { ExecutionHooks } from '../../observe/hooks.js';
import type { RowChange } from '../../store/capabilities.js';
import type { EventStore } from '../../store/event-store.js';
import type { OnUnknownEvent } from '../../stream/fold.js';
import type { EventHandler } from '../../consume/event-handler.js';
import type { OpenConsumer } from '../../consume/open-consumer.js';
import { followUps, type FollowUp } from '../../consume/reactions-to.js';
import type { Application } from './application.js';
import type { Checkpoint } from '../tenure/checkpoint.js';
import { handling } from './event-failed.js';
import type { Tenure } from '../tenure/tenure.js';
import { verdictRow, verdictTable, type FollowUpVerdict } from '../verdicts.js';

export interface ReactionOptions {
  /** What handlers get beside what every reaction's get. */
  readonly context: object;
  readonly runtime: Runtime;
  readonly executionHooks: ExecutionHooks | undefined;
  readonly onUnknownEvent: OnUnknownEvent;
  readonly onVerdict: (verdict: FollowUpVerdict) => void;
}

export function reactionApplication(
  open: OpenConsumer<EventHandler>,
  store: EventStore,
  { context, runtime, executionHooks, onUnknownEvent, onVerdict }: ReactionOptions,
): Application {
  const rowStore = store.capabilities.rows!;
  const { name } = open.compiled;

  async function decide(
    event: RecordedEvent,
    { command, options }: FollowUp,
    signal: AbortSignal,
  ): Promise<FollowUpVerdict> {
    const about = {
      commandId: options.commandId,
      command: partsOf(command)!.definition.name,
      event: event.id,
      stream: event.stream,
      position: event.position,
    };
    const decidedAt = (): string => isoTime(runtime.now());
    try {
      const { events, position } = await execute(command, store, {
        ...options,
        metadata: event.metadata,
        runtime,
        signal,
        ...(executionHooks !== undefined && { hooks: executionHooks }),
      });
      const written = { events: events.length, lastPosition: position };
      return { ...about, verdict: 'executed', decidedAt: decidedAt(), ...written };
    } catch (error) {
      if (!isEventCoreError(error, 'BUSINESS_RULE_VIOLATION')) throw error;
      return { ...about, verdict: 'rejected', decidedAt: decidedAt(), ...ruleOf(error) };
    }
  }

  /** Decides what follows from an event, unless it was decided before. Gives whether any command does. */
  async function react(event: RecordedEvent, decided: Decided, tenure: Tenure): Promise<boolean> {
    const { signal } = tenure;
    const following = await handling(event, tenure, () => followUps(open, event, onUnknownEvent, signal, context));
    if (following.length === 0) return false;
    const known = await rowStore.load(
      verdictTable(name),
      following.map(({ options }) => options.commandId),
    );
    for (const followUp of following) {
      const { commandId } = followUp.options;
      if (known.has(commandId) || decided.has(commandId)) continue;
      decided.set(commandId, await handling(event, tenure, () => decide(event, followUp, signal)));
    }
    return true;
  }

  /** What was decided, and not yet written: kept while its event is tried again. Another tenure begins with what is written. */
  const decidedIn = new WeakMap<Checkpoint, Decided>();

  return {
    async apply({ events, upTo }, checkpoint, letters) {
      const decided: Decided = decidedIn.get(checkpoint) ?? new Map();
      decidedIn.set(checkpoint, decided);
      let due: RowChange[] = [];
      const move = async (to: Position): Promise<void> => {
        const verdicts = [...decided.values()];
        await checkpoint.move(to, [...due, ...verdicts.map((verdict) => verdictRow(name, verdict))]);
        due = [];
        decided.clear();
        verdicts.forEach(onVerdict);
      };
      for (const event of events) {
        const letter = letters.get(event.id);
        if (letter !== undefined) {
          due.push(letter);
          continue;
        }
        await checkpoint.tenure.confirm();
        if (await react(event, decided, checkpoint.tenure)) await move(event.position);
      }
      if (checkpoint.position < upTo || due.length > 0) await move(upTo);
    },
  };
}

type Decided = Map<CommandId, FollowUpVerdict>;

/** What the rule said. Its data is kept if it is JSON: a rule may give anything. */
function ruleOf({ message, rule, data }: BusinessRuleViolation): Pick<FollowUpVerdict, 'message' | 'rule' | 'data'> {
  const json = data === undefined ? undefined : jsonOrNothing(data);
  return { message, ...(rule !== undefined && { rule }), ...(json !== undefined && { data: json }) };
}

function jsonOrNothing(data: unknown): Json | undefined {
  try {
    return toJson(data, "The rule's data");
  } catch (error) {
    if (isEventCoreError(error, 'VALIDATION')) return undefined;
    throw error;
  }
}
