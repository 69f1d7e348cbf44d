import { useEffect, useState } from 'preact/hooks';
import { get } from './request.js';

export interface Resource<T> {
  /** What was read last: it stays while it is read anew, so that nothing flickers. */
  readonly data: T | null;
  readonly error: unknown;
  readonly reading: boolean;
  readonly reload: () => void;
}

/** Reads `path`, and again whenever it or `version` changes. `null`: nothing to read yet. */
export function useResource<T>(path: string | null, version: unknown = 0): Resource<T> {
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<{ path: string | null; data: T | null; error: unknown; reading: boolean }>({
    path,
    data: null,
    error: null,
    reading: true,
  });
  useEffect(() => {
    if (path === null) return;
    const stop = new AbortController();
    setState((before) => ({ ...before, data: before.path === path ? before.data : null, path, reading: true }));
    get<T>(path, stop.signal).then(
      (data) => {
        if (!stop.signal.aborted) setState({ path, data, error: null, reading: false });
      },
      (error: unknown) => {
        if (!stop.signal.aborted) setState((before) => ({ ...before, error, reading: false }));
      },
    );
    return () => stop.abort();
  }, [path, version, turn]);
  // A page that has just turned to something else must not show what belongs to the one before.
  const current = state.path === path ? state : { data: null, error: null, reading: true };
  return { data: current.data, error: current.error, reading: current.reading, reload: () => setTurn((n) => n + 1) };
}
