import type { Statement, StatementEntry } from '../../../src/api/messages.js';
import { useEffect, useState } from 'preact/hooks';
import { changes } from '../state/live.js';
import { get } from '../api/request.js';
import { periodOf } from './period.js';

export interface StatementPages {
  readonly entries: readonly StatementEntry[] | null;
  readonly more: boolean;
  readonly reading: boolean;
  readonly error: unknown;
  readonly loadMore: () => void;
}

/** Newest first, page by page. When something moves, the newest page is read anew and older ones stay. */
export function useStatement(account: string, from: string, to: string): StatementPages {
  const base = `/api/accounts/${encodeURIComponent(account)}/statement`;
  const period = new URLSearchParams(periodOf(from, to)).toString();
  const [state, setState] = useState<{
    entries: readonly StatementEntry[];
    next: string | null;
    period: string;
  } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [reading, setReading] = useState(false);
  const turn = changes.value;

  useEffect(() => {
    const stop = new AbortController();
    get<Statement>(withQuery(base, period), stop.signal).then(
      ({ entries, next }) => {
        if (stop.signal.aborted) return;
        setError(null);
        setState((before) => {
          if (before?.period !== period) return { entries, next, period };
          const known = new Set(entries.map(({ id }) => id));
          const older = before.entries.filter(({ id }) => !known.has(id));
          // Where the new page does not reach the old ones, they would leave a gap.
          const joined = older.length < before.entries.length || entries.length === 0;
          return joined && older.length > 0
            ? { entries: [...entries, ...older], next: before.next, period }
            : { entries, next, period };
        });
      },
      (problem: unknown) => {
        if (!stop.signal.aborted) setError(problem);
      },
    );
    return () => stop.abort();
  }, [base, period, turn]);

  const loadMore = () => {
    if (!state?.next || reading) return;
    setReading(true);
    get<Statement>(withQuery(base, period, state.next)).then(
      ({ entries, next }) => {
        setReading(false);
        setState((before) =>
          before?.period === period ? { entries: [...before.entries, ...entries], next, period } : before,
        );
      },
      (problem: unknown) => {
        setReading(false);
        setError(problem);
      },
    );
  };
  return {
    entries: state?.period === period ? state.entries : null,
    more: state?.period === period && state.next !== null,
    reading,
    error,
    loadMore,
  };
}

function withQuery(base: string, period: string, before?: string): string {
  const query = [period, before ? `before=${encodeURIComponent(before)}` : ''].filter(Boolean).join('&');
  return query ? `${base}?${query}` : base;
}
