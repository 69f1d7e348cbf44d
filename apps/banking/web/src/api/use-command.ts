import type { Done } from '../../../src/api/messages.js';
import { useState, useRef } from 'preact/hooks';
import { isUndecided } from './api-error.js';
import { send, writtenUpTo } from './request.js';

export interface CommandState {
  readonly busy: boolean;
  readonly done: Done | null;
  readonly error: unknown;
  readonly run: (method: 'POST' | 'PUT', path: string, body?: unknown) => Promise<Done | null>;
  readonly reset: () => void;
}

/**
 * Sends what a form asks for, under a key of its own. While nobody knows how it ended, the same form keeps its key: sending
 * it again can't do it twice. With another content, or after an answer, it is something new.
 */
export function useCommand(): CommandState {
  const [state, setState] = useState<Pick<CommandState, 'busy' | 'done' | 'error'>>(IDLE);
  const pending = useRef<{ request: string; key: string } | null>(null);

  const run: CommandState['run'] = async (method, path, body) => {
    const request = JSON.stringify([method, path, body]);
    if (pending.current?.request !== request) pending.current = { request, key: crypto.randomUUID() };
    setState({ busy: true, done: null, error: null });
    try {
      const done = await send<Done>(method, path, body, pending.current.key);
      pending.current = null;
      if (done.position > writtenUpTo.peek()) writtenUpTo.value = done.position;
      setState({ busy: false, done, error: null });
      return done;
    } catch (error) {
      if (!isUndecided(error)) pending.current = null;
      setState({ busy: false, done: null, error });
      return null;
    }
  };
  return { ...state, run, reset: () => setState(IDLE) };
}

const IDLE = { busy: false, done: null, error: null };
