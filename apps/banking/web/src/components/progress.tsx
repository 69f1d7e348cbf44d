export interface ProgressProps {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  readonly tone?: 'accent' | 'good';
}

export function Progress({ label, value, max, tone = 'accent' }: ProgressProps) {
  const share = max === 0 ? 1 : Math.min(1, value / max);
  return (
    <div
      class={`progress ${tone}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
    >
      <div class="progress-bar" style={{ transform: `scaleX(${share})` }} />
    </div>
  );
}
