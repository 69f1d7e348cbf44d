import type { StreamStates } from '../../../src/api/messages.js';
import { useState } from 'preact/hooks';
import { Card } from '../components/card.js';
import { Empty } from '../components/empty.js';
import { EventList } from './event-list.js';
import { EventDetails } from './event-details.js';
import { JsonView } from './json-view.js';
import { Link } from '../routing/link.js';
import { Page } from '../components/page.js';
import { ProblemNotice } from '../components/problem-notice.js';
import { Replay } from './replay.js';
import { Skeleton } from '../components/skeleton.js';
import { changes } from '../state/live.js';
import { useResource } from '../api/use-resource.js';

/** One stream: its events, and the state after each of them, step by step. */
export function StreamPage({ stream }: { readonly stream: string }) {
  const states = useResource<StreamStates>(`/api/explorer/streams/${encodeURIComponent(stream)}/states`, changes.value);
  /** Null: the newest, also when another one follows. */
  const [chosen, setChosen] = useState<number | null>(null);
  const steps = states.data?.steps ?? [];
  const step = Math.min(chosen ?? steps.length, steps.length);
  const current = steps[step - 1];
  const state = step === 0 ? states.data?.initial : current?.state;
  const before = step <= 1 ? states.data?.initial : steps[step - 2]?.state;

  return (
    <Page
      title={stream}
      lead={
        <>
          <Link to="/explorer" class="text-link">
            Streams
          </Link>
          {states.data && ` · version ${steps.length}`}
        </>
      }
    >
      {states.error !== null && <ProblemNotice error={states.error} />}
      {!states.data && states.error === null && <Skeleton lines={2} height={220} />}
      {states.data && steps.length === 0 && (
        <Empty icon="events" title="This stream has no events">
          It begins to exist with its first one.
        </Empty>
      )}
      {states.data && steps.length > 0 && (
        <>
          <Replay steps={steps.length} step={step} onStep={(to) => setChosen(to === steps.length ? null : to)} />
          <div class="stream-parts">
            <Card title="Events" flush class="stream-events">
              <EventList events={steps.map(({ event }) => event)} step={step} onStep={setChosen} />
            </Card>
            <div class="column">
              <Card title={step === 0 ? 'Before the first event' : `State at version ${step}`}>
                <JsonView label="State" value={state} before={step === 0 ? undefined : before} />
              </Card>
              {current && <EventDetails event={current.event} />}
            </div>
          </div>
        </>
      )}
    </Page>
  );
}
