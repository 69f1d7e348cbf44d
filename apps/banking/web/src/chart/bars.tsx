export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly text: string;
}

/** Bars that lie: a list, of which each line says its number too. */
export function Bars({ label, bars }: { readonly label: string; readonly bars: readonly Bar[] }) {
  const most = Math.max(1, ...bars.map(({ value }) => Math.abs(value)));
  return (
    <ul class="bars" aria-label={label}>
      {bars.map(({ name, value, text }) => (
        <li key={name}>
          <span class="bar-name">{name}</span>
          <span class="bar-track" aria-hidden="true">
            <span class={`bar ${value < 0 ? 'debt' : ''}`} style={{ transform: `scaleX(${Math.abs(value) / most})` }} />
          </span>
          <span class="bar-text number">{text}</span>
        </li>
      ))}
    </ul>
  );
}
