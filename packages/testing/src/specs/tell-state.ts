/** What a command decided on, as a failure shows it. */
import { told } from './told.js';

export function tellState(state: unknown): string {
  const fields = Object.entries(state as object);
  const width = Math.max(0, ...fields.map(([field]) => field.length));
  return [
    '  It decided on:',
    ...fields.flatMap(([field, value]) =>
      value instanceof Map
        ? tellStreams(field, value as ReadonlyMap<string, unknown>)
        : [`    ${field.padEnd(width)}  ${value === undefined ? '(left out)' : told(value)}`],
    ),
  ].join('\n');
}

function tellStreams(field: string, states: ReadonlyMap<string, unknown>): string[] {
  const width = Math.max(0, ...[...states.keys()].map((id) => id.length));
  return [
    `    ${field}${states.size === 0 ? '  (none)' : ''}`,
    ...[...states].map(([id, state]) => `      ${id.padEnd(width)}  ${told(state)}`),
  ];
}
