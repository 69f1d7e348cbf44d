import type { ContentionProgress, ContentionRequest } from '../api/requests.js';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../components/button.js';
import { Card } from '../components/card.js';
import { ContentionForm } from './contention-form.js';
import { ContentionResult } from './contention-result.js';
import { Empty } from '../components/empty.js';
import { Page } from '../components/page.js';
import { ProblemNotice } from '../components/problem-notice.js';
import { announce } from '../state/announce.js';
import { formatMoney } from '../money/format-money.js';
import { progressOf } from '../api/event-stream.js';

/** Many transfers at once between the same few accounts: they get in each other's way, and no cent is lost. */
export function Contention() {
  const [progress, setProgress] = useState<ContentionProgress | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [stop, setStop] = useState<AbortController | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const start = async (request: ContentionRequest) => {
    const abort = new AbortController();
    running.current = abort;
    setStop(abort);
    setError(null);
    setProgress(null);
    try {
      for await (const step of progressOf<ContentionProgress>('/api/contention', request, abort.signal)) {
        setProgress(step);
        if (step.finished) {
          const kept = step.total === step.expected ? 'All of the money is still there' : 'Money was lost';
          announce(`${kept}: ${formatMoney(step.total, 'EUR')} after ${step.done} transfers.`);
        }
      }
    } catch (problem) {
      if (!abort.signal.aborted) setError(problem);
    } finally {
      setStop(null);
    }
  };
  return (
    <Page
      title="Contention"
      lead="Many transfers at once between the same few accounts. They collide, are decided anew, and no cent is lost."
    >
      <div class="columns reversed">
        <div class="column narrow">
          <Card title="Load">
            <ContentionForm running={stop !== null} onStart={(request) => void start(request)} />
            {stop && (
              <div class="form-actions">
                <Button kind="danger" onClick={() => stop.abort()}>
                  Stop
                </Button>
              </div>
            )}
          </Card>
        </div>
        <div class="column">
          {error !== null && <ProblemNotice error={error} />}
          {progress ? (
            <ContentionResult progress={progress} />
          ) : (
            <Card>
              <Empty icon="bolt" title={stop ? 'Opening the accounts…' : 'Ready when you are'}>
                What happens is measured here while it happens: conflicts, retries, how long a transfer takes, and the
                sum of all balances, read in one snapshot.
              </Empty>
            </Card>
          )}
        </div>
      </div>
    </Page>
  );
}
