import type { ProjectionView, RebuildProgress } from '../api/requests.js';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Badge, type BadgeProps } from '../components/badge.js';
import { Button } from '../components/button.js';
import { Notice } from '../components/notice.js';
import { ProblemNotice } from '../components/problem-notice.js';
import { Progress } from '../components/progress.js';
import { announce } from '../state/announce.js';
import { progressOf } from '../api/event-stream.js';

const KINDS = { readModel: 'Read model', projection: 'Projection', reaction: 'Reaction' };
const COUNT = new Intl.NumberFormat();

export function ProjectionCard({ projection }: { readonly projection: ProjectionView }) {
  const { name, kind, state, position, lag, failure } = projection;
  const [progress, setProgress] = useState<RebuildProgress | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const rebuild = async () => {
    stop.current = new AbortController();
    setBusy(true);
    setError(null);
    setProgress(null);
    try {
      const path = `/api/projections/${encodeURIComponent(name)}/rebuild`;
      for await (const step of progressOf<RebuildProgress>(path, {}, stop.current.signal)) {
        setProgress(step);
        if (step.finished) announce(`${name} is built anew from ${step.done} events.`);
      }
    } catch (problem) {
      if (!stop.current.signal.aborted) setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <li class="card projection">
      <header class="card-head">
        <h2>{name}</h2>
        <span class="badges">
          <Badge>{KINDS[kind]}</Badge>
          <Badge tone={toneOf(state)}>{state}</Badge>
        </span>
      </header>
      <dl class="measures">
        <div>
          <dt>Behind</dt>
          <dd>
            {COUNT.format(lag.events)} <span class="quiet">events</span>
          </dd>
        </div>
        <div>
          <dt>Lag</dt>
          <dd>
            {lag.seconds < 1 ? '< 1' : COUNT.format(Math.round(lag.seconds))} <span class="quiet">s</span>
          </dd>
        </div>
        <div class="wide">
          <dt>Position</dt>
          <dd class="mono">{position || 'the beginning'}</dd>
        </div>
      </dl>
      {failure !== null && (
        <Notice tone="bad" title="It has stopped">
          {failure}
        </Notice>
      )}
      {error !== null && <ProblemNotice error={error} />}
      <div class="projection-foot">
        {kind === 'reaction' ? (
          <p class="quiet">Not to be rebuilt: what it did, it did.</p>
        ) : (
          <>
            <Button small icon="repeat" busy={busy} onClick={() => void rebuild()}>
              Rebuild
            </Button>
            {progress && (
              <div class="projection-progress">
                <Progress
                  label={`Rebuilding ${name}`}
                  value={progress.finished ? 1 : progress.done}
                  max={progress.finished ? 1 : Math.max(1, progress.total)}
                  tone={progress.finished ? 'good' : 'accent'}
                />
                <p class="quiet number">{progressText(progress)}</p>
              </div>
            )}
          </>
        )}
      </div>
    </li>
  );
}

function progressText({ done, total, rate, left, finished }: RebuildProgress): string {
  if (finished) return `Built from ${COUNT.format(done)} events`;
  const rest = left === null ? '' : ` · ${Math.ceil(left)} s left`;
  return `${COUNT.format(done)} of ${COUNT.format(total)} · ${COUNT.format(Math.round(rate))}/s${rest}`;
}

function toneOf(state: string): NonNullable<BadgeProps['tone']> {
  if (/fail|stop|dead|park/i.test(state)) return 'bad';
  if (/rebuild|wait|start|catch|pause/i.test(state)) return 'warn';
  return 'good';
}
