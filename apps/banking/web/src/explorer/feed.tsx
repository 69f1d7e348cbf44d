import { useState } from 'preact/hooks';
import { Button } from '../components/button.js';
import { Card } from '../components/card.js';
import { Empty } from '../components/empty.js';
import { EventRow } from './event-row.js';
import { ExplorerTabs } from './explorer-tabs.js';
import { Page } from '../components/page.js';
import { ProblemNotice } from '../components/problem-notice.js';
import { Skeleton } from '../components/skeleton.js';
import { useFeed } from './use-feed.js';

/** The whole store in its one order, as it grows. */
export function Feed() {
  const [paused, setPaused] = useState(false);
  const { events, error } = useFeed(paused);
  return (
    <Page title="Events" name="Live feed" lead="The whole store in its one order, the newest first.">
      <ExplorerTabs />
      <Card
        title="Live feed"
        flush
        aside={
          <Button small icon={paused ? 'play' : 'pause'} onClick={() => setPaused(!paused)}>
            {paused ? 'Go on' : 'Pause'}
          </Button>
        }
      >
        {error !== null && <ProblemNotice error={error} />}
        {!events && error === null && <Skeleton lines={10} height={44} />}
        {events?.length === 0 && (
          <Empty icon="events" title="Waiting for the next event">
            Nothing was written since the bank opened its doors. What happens now appears here.
          </Empty>
        )}
        {events && events.length > 0 && (
          <ol class="feed" reversed>
            {events.map((event) => (
              <EventRow key={event.id} event={event} />
            ))}
          </ol>
        )}
      </Card>
    </Page>
  );
}
