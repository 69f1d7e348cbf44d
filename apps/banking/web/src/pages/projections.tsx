import type { ProjectionView } from '../api/requests.js';
import { useEffect, useState } from 'preact/hooks';
import { Empty } from '../components/empty.js';
import { Card } from '../components/card.js';
import { Page } from '../components/page.js';
import { ProblemNotice } from '../components/problem-notice.js';
import { ProjectionCard } from './projection-card.js';
import { Skeleton } from '../components/skeleton.js';
import { useResource } from '../api/use-resource.js';

/** All that is derived from events, how far behind it is, and how to build it anew. */
export function Projections() {
  const [turn, setTurn] = useState(0);
  const projections = useResource<ProjectionView[]>('/api/projections', turn);
  useEffect(() => {
    const timer = setInterval(() => setTurn((n) => n + 1), 1500);
    return () => clearInterval(timer);
  }, []);
  return (
    <Page
      title="Projections"
      lead="Derived from events, and never more than that: each can be thrown away and built anew."
    >
      {projections.error !== null && <ProblemNotice error={projections.error} />}
      {!projections.data && projections.error === null && <Skeleton lines={4} height={152} />}
      {projections.data?.length === 0 && (
        <Card>
          <Empty icon="layers" title="Nothing is derived yet">
            Read models and reactions appear here once the bank runs them.
          </Empty>
        </Card>
      )}
      <ul class="projections">
        {projections.data?.map((projection) => (
          <ProjectionCard key={projection.name} projection={projection} />
        ))}
      </ul>
    </Page>
  );
}
