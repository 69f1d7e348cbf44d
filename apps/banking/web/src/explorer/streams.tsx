import type { StreamList } from '../../../src/api/messages.js';
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../components/button.js';
import { Card } from '../components/card.js';
import { Empty } from '../components/empty.js';
import { ExplorerTabs } from './explorer-tabs.js';
import { Page } from '../components/page.js';
import { ProblemNotice } from '../components/problem-notice.js';
import { Skeleton } from '../components/skeleton.js';
import { StreamLink } from './stream-link.js';
import { TextField } from '../components/text-field.js';
import { get } from '../api/request.js';

type Streams = StreamList['streams'];

/** Every stream of the store, in the order of their ids. */
export function Streams() {
  const [prefix, setPrefix] = useState('');
  const [streams, setStreams] = useState<Streams | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [reading, setReading] = useState(false);

  const read = async (after: string | null, stop?: AbortSignal) => {
    setReading(true);
    try {
      const query = new URLSearchParams({ prefix, ...(after !== null && { after }) });
      const list = await get<StreamList>(`/api/explorer/streams?${query.toString()}`, stop);
      if (stop?.aborted) return;
      setStreams((before) => (after === null ? list.streams : [...(before ?? []), ...list.streams]));
      setNext(list.next);
      setError(null);
    } catch (problem) {
      if (!stop?.aborted) setError(problem);
    } finally {
      if (!stop?.aborted) setReading(false);
    }
  };
  useEffect(() => {
    const stop = new AbortController();
    // Not at each letter of somebody who types.
    const timer = setTimeout(() => void read(null, stop.signal), streams === null ? 0 : 150);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [prefix]);

  return (
    <Page title="Events" lead="Nothing here is ever changed or deleted: this is all that has happened.">
      <ExplorerTabs />
      <Card
        title="Streams"
        flush
        aside={
          <div class="card-search">
            <TextField
              label="Streams that begin with"
              hideLabel
              type="search"
              placeholder="account-"
              value={prefix}
              onInput={setPrefix}
            />
          </div>
        }
      >
        {error !== null && <ProblemNotice error={error} />}
        {!streams && error === null && <Skeleton lines={10} height={36} />}
        {streams?.length === 0 && (
          <Empty icon="search" title="No stream begins like that">
            Ids are a type, a dash and a key: account-, customer-, …
          </Empty>
        )}
        {streams && streams.length > 0 && (
          <ul class="streams">
            {streams.map(({ stream, version }) => (
              <li key={stream}>
                <StreamLink stream={stream} />
                <span class="quiet number">
                  {version} {version === 1 ? 'event' : 'events'}
                </span>
              </li>
            ))}
          </ul>
        )}
        {next !== null && (
          <div class="more">
            <Button busy={reading} onClick={() => void read(next)}>
              Load more
            </Button>
          </div>
        )}
      </Card>
    </Page>
  );
}
