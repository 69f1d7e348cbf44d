/** What a monitor wants to know, counted from the hooks of executions, in Prometheus' text format. */
import { isEventCoreError, type ExecutionHooks } from '@eventcore/core';
import type { ConsumerStatus } from '@eventcore/core/consumers';

/** In seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export class Metrics {
  readonly #outcomes = new Map<string, number>();
  readonly #durations = new Map<string, { readonly buckets: number[]; count: number; sum: number }>();
  #attempts = 0;
  #conflicts = 0;
  #doubts = 0;

  readonly hooks: ExecutionHooks = {
    conflicted: () => void (this.#conflicts += 1),
    doubted: () => void (this.#doubts += 1),
    ended: ({ command, attempt, duration, receipt, error }) => {
      const outcome = receipt === undefined ? outcomeOf(error) : receipt.duplicate ? 'duplicate' : 'applied';
      const labels = `command="${command}",outcome="${outcome}"`;
      this.#outcomes.set(labels, (this.#outcomes.get(labels) ?? 0) + 1);
      this.#attempts += attempt;
      this.#took(command, duration / 1000);
    },
  };

  /** The text, with how far the consumers are behind. */
  render(consumers: readonly ConsumerStatus[]): string {
    const lines = [
      ...head('bank_commands_total', 'counter', 'Commands that have ended, by what became of them.'),
      ...[...this.#outcomes].map(([labels, count]) => `bank_commands_total{${labels}} ${count}`),
      ...head('bank_command_attempts_total', 'counter', 'How often commands were decided.'),
      `bank_command_attempts_total ${this.#attempts}`,
      ...head('bank_command_conflicts_total', 'counter', 'How often streams had moved meanwhile.'),
      `bank_command_conflicts_total ${this.#conflicts}`,
      ...head('bank_command_doubts_total', 'counter', 'How often an answer was lost and the append sent again.'),
      `bank_command_doubts_total ${this.#doubts}`,
      ...head('bank_command_duration_seconds', 'histogram', 'From the call to the answer.'),
      ...[...this.#durations].flatMap(([command, { buckets, count, sum }]) => [
        ...BUCKETS.map(
          (bound, index) =>
            `bank_command_duration_seconds_bucket{command="${command}",le="${bound}"} ${buckets[index]}`,
        ),
        `bank_command_duration_seconds_bucket{command="${command}",le="+Inf"} ${count}`,
        `bank_command_duration_seconds_sum{command="${command}"} ${sum}`,
        `bank_command_duration_seconds_count{command="${command}"} ${count}`,
      ]),
      ...head('bank_consumer_lag_events', 'gauge', 'Events behind the checkpoint.'),
      ...consumers.flatMap(({ consumer, lag }) =>
        lag.events === undefined ? [] : [`bank_consumer_lag_events{consumer="${consumer}"} ${lag.events}`],
      ),
      ...head(
        'bank_consumer_lag_seconds',
        'gauge',
        'For how long the first event behind the checkpoint has been there.',
      ),
      ...consumers.map(({ consumer, lag }) => `bank_consumer_lag_seconds{consumer="${consumer}"} ${lag.seconds}`),
      ...head('bank_consumer_failed', 'gauge', 'Whether the consumer has stopped at an event.'),
      ...consumers.map(
        ({ consumer, state }) => `bank_consumer_failed{consumer="${consumer}"} ${state === 'failed' ? 1 : 0}`,
      ),
    ];
    return `${lines.join('\n')}\n`;
  }

  #took(command: string, seconds: number): void {
    const known = this.#durations.get(command) ?? { buckets: BUCKETS.map(() => 0), count: 0, sum: 0 };
    this.#durations.set(command, known);
    BUCKETS.forEach((bound, index) => {
      if (seconds <= bound) known.buckets[index]! += 1;
    });
    known.count += 1;
    known.sum += seconds;
  }
}

function head(name: string, type: string, help: string): readonly string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function outcomeOf(error: unknown): string {
  return isEventCoreError(error) ? error.code.toLowerCase() : 'error';
}
