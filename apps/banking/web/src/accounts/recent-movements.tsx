import type { AccountView, Statement, StatementEntry } from '../../../src/api/messages.js';
import { useEffect, useState } from 'preact/hooks';
import { Card } from '../components/card.js';
import { Empty } from '../components/empty.js';
import { MovementRow } from './movement-row.js';
import { ProblemNotice } from '../components/problem-notice.js';
import { Skeleton } from '../components/skeleton.js';
import { changes } from '../state/live.js';
import { get } from '../api/request.js';

const SHOWN = 7;

type Movement = StatementEntry & { readonly accountName: string };

/** The newest of all accounts together. */
export function RecentMovements({ accounts }: { readonly accounts: readonly AccountView[] | null }) {
  const [movements, setMovements] = useState<readonly Movement[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const turn = changes.value;
  useEffect(() => {
    if (!accounts) return;
    const stop = new AbortController();
    newestOf(accounts, stop.signal).then(
      (newest) => {
        if (stop.signal.aborted) return;
        setMovements(newest);
        setError(null);
      },
      (problem: unknown) => {
        if (!stop.signal.aborted) setError(problem);
      },
    );
    return () => stop.abort();
    // `accounts` changes with `turn`.
  }, [turn]);
  return (
    <Card title="Recent movements" flush class="recent">
      {error !== null && <ProblemNotice error={error} />}
      {!movements && error === null && <Skeleton lines={SHOWN} height={44} />}
      {movements?.length === 0 && (
        <Empty icon="clock" title="Nothing has moved yet">
          Deposits and transfers appear here the moment they happen.
        </Empty>
      )}
      {movements && movements.length > 0 && (
        <ul class="movements">
          {movements.map((movement) => (
            <MovementRow
              key={`${movement.accountName}-${movement.id}`}
              entry={movement}
              accountName={accounts && accounts.length > 1 ? movement.accountName : undefined}
            />
          ))}
        </ul>
      )}
    </Card>
  );
}

async function newestOf(accounts: readonly AccountView[], stop: AbortSignal): Promise<Movement[]> {
  const statements = await Promise.all(
    accounts.map(async ({ account, name }) => {
      const { entries } = await get<Statement>(`/api/accounts/${encodeURIComponent(account)}/statement`, stop);
      return entries.slice(0, SHOWN).map((entry) => ({ ...entry, accountName: name }));
    }),
  );
  return statements
    .flat()
    .sort((a, b) => b.time.localeCompare(a.time))
    .slice(0, SHOWN);
}
