import { ApiError } from './api-error.js';
import type { Problem } from '../../../src/api/messages.js';
import { post, respond } from './request.js';

/** Starts something that takes a while, and yields how far it has come. EventSource can't do this: it only knows GET. */
export async function* progressOf<T>(path: string, body: unknown, stop: AbortSignal): AsyncGenerator<T> {
  const response = await respond(path, { ...post('POST', body, crypto.randomUUID()), signal: stop });
  if (!response.body) return;
  let rest = '';
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const { events, remainder } = splitEvents(rest + value);
    rest = remainder;
    for (const { event, data } of events) {
      if (event === 'problem') throw new ApiError(JSON.parse(data) as Problem);
      if (event === 'progress') yield JSON.parse(data) as T;
    }
  }
}

export interface StreamedEvent {
  readonly event: string;
  readonly data: string;
}

/** Whole events of a text/event-stream, and what has come of the next one. */
export function splitEvents(text: string): { events: StreamedEvent[]; remainder: string } {
  const blocks = text.replaceAll('\r\n', '\n').split('\n\n');
  const remainder = blocks.pop() ?? '';
  const events = blocks.map((block) => {
    const fields = block.split('\n').map((line) => /^([^:]*):? ?(.*)$/.exec(line) ?? []);
    const values = (name: string) => fields.filter((field) => field[1] === name).map((field) => field[2] ?? '');
    return { event: values('event')[0] ?? 'message', data: values('data').join('\n') };
  });
  return { events: events.filter(({ data }) => data !== ''), remainder };
}
