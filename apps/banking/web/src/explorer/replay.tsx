import { useEffect, useId, useState } from 'preact/hooks';
import { Button } from '../components/button.js';

export interface ReplayProps {
  readonly steps: number;
  readonly step: number;
  readonly onStep: (step: number) => void;
}

/** Through the history of a stream: by slider, by button, or played. */
export function Replay({ steps, step, onStep }: ReplayProps) {
  const [playing, setPlaying] = useState(false);
  const id = useId();
  useEffect(() => {
    if (!playing) return;
    if (step >= steps) {
      setPlaying(false);
      return;
    }
    const timer = setTimeout(() => onStep(step + 1), 700);
    return () => clearTimeout(timer);
  }, [playing, step, steps]);
  const go = (to: number) => {
    setPlaying(false);
    onStep(to);
  };
  return (
    <div class="replay" role="group" aria-label="Replay">
      <Button icon="previous" iconOnly disabled={step === 0} onClick={() => go(step - 1)}>
        Previous event
      </Button>
      <Button
        kind="primary"
        icon={playing ? 'pause' : 'play'}
        iconOnly
        onClick={() => {
          if (!playing && step >= steps) onStep(0);
          setPlaying(!playing);
        }}
      >
        {playing ? 'Pause' : 'Play'}
      </Button>
      <Button icon="next" iconOnly disabled={step >= steps} onClick={() => go(step + 1)}>
        Next event
      </Button>
      <label class="unseen" for={id}>
        Version
      </label>
      <input
        id={id}
        class="slider"
        type="range"
        min={0}
        max={steps}
        value={step}
        style={{ '--at': `${(step / steps) * 100}%` }}
        aria-valuetext={step === 0 ? 'Before the first event' : `Version ${step} of ${steps}`}
        onInput={(event) => go(Number(event.currentTarget.value))}
      />
      <output for={id} class="replay-at">
        {step}&thinsp;/&thinsp;{steps}
      </output>
    </div>
  );
}
