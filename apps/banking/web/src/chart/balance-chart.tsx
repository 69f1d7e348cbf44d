import type { BalanceHistory } from '../../../src/api/messages.js';
import { useId, useState } from 'preact/hooks';
import { formatCompactMoney, formatMoney } from '../money/format-money.js';
import { formatTick, ticksFor, timeTicksFor } from './ticks.js';
import { formatTime } from '../components/when.js';
import { stepPath } from './step-path.js';
import { useWidth } from './use-width.js';

const HEIGHT = 232;
const ROOM = { top: 14, right: 14, bottom: 28, left: 58 };

/** A balance over time. With the pointer or the arrow keys one goes from movement to movement. */
export function BalanceChart({ history, name }: { readonly history: BalanceHistory; readonly name: string }) {
  const { ref, width } = useWidth<HTMLDivElement>(640);
  const [chosen, setChosen] = useState<number | null>(null);
  const fill = useId();
  const points = history.points.map(({ time, cents }) => ({ at: Date.parse(time), cents }));
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return null;

  const span = Math.max(1000, last.at - first.at);
  // The last balance is seen to last, without an empty half of a chart after a quiet month.
  const to = Math.max(last.at + span * 0.06, Math.min(Date.now(), last.at + span * 0.25));
  const ticks = ticksFor(...extent(points), 4);
  const low = ticks[0] ?? 0;
  const high = ticks.at(-1) ?? 1;
  const right = width - ROOM.right;
  const bottom = HEIGHT - ROOM.bottom;
  const x = (at: number) => ROOM.left + ((at - first.at) / (to - first.at)) * (right - ROOM.left);
  const y = (cents: number) => bottom - ((cents - low) / (high - low)) * (bottom - ROOM.top);
  const line = stepPath(
    points.map(({ at, cents }) => ({ x: x(at), y: y(cents) })),
    right,
  );
  const base = y(Math.max(low, Math.min(0, high)));
  const index = Math.min(chosen ?? points.length - 1, points.length - 1);
  const point = points[index] ?? last;
  const words = `${formatTime(point.at)}: ${formatMoney(point.cents, history.currency)}`;

  const nearest = (clientX: number, box: DOMRect) => {
    const at = first.at + ((clientX - box.left - ROOM.left) / (right - ROOM.left)) * (to - first.at);
    setChosen(
      Math.max(
        0,
        points.findLastIndex((candidate) => candidate.at <= at),
      ),
    );
  };
  const move = (key: string): boolean => {
    const target = {
      ArrowLeft: index - 1,
      ArrowDown: index - 1,
      ArrowRight: index + 1,
      ArrowUp: index + 1,
      Home: 0,
      End: points.length - 1,
    }[key];
    if (target === undefined) return false;
    setChosen(Math.max(0, Math.min(points.length - 1, target)));
    return true;
  };
  return (
    <figure class="chart">
      <div
        ref={ref}
        class="chart-area"
        role="slider"
        tabIndex={0}
        aria-label={`Balance of ${name}, movement by movement`}
        aria-valuemin={1}
        aria-valuemax={points.length}
        aria-valuenow={index + 1}
        aria-valuetext={words}
        onKeyDown={(event) => {
          if (move(event.key)) event.preventDefault();
        }}
        onPointerMove={(event) => nearest(event.clientX, event.currentTarget.getBoundingClientRect())}
        onPointerLeave={() => setChosen(null)}
        onBlur={() => setChosen(null)}
      >
        <svg class="chart-lines" width={width} height={HEIGHT} aria-hidden="true" focusable="false">
          <defs>
            <linearGradient id={fill} x1="0" y1="0" x2="0" y2="1">
              <stop class="chart-fill-top" offset="0" />
              <stop class="chart-fill-bottom" offset="1" />
            </linearGradient>
          </defs>
          {ticks.map((tick) => (
            <g key={tick}>
              <line
                class={tick === 0 ? 'chart-zero' : 'chart-grid'}
                x1={ROOM.left}
                x2={right}
                y1={y(tick)}
                y2={y(tick)}
              />
              <text class="chart-label" x={ROOM.left - 10} y={y(tick) + 4} text-anchor="end">
                {formatCompactMoney(tick, history.currency)}
              </text>
            </g>
          ))}
          {timeTicksFor(first.at, to, Math.max(2, Math.floor(width / 82))).map((tick) => (
            <text
              key={tick}
              class="chart-label"
              x={clamp(x(tick), ROOM.left + 18, right - 22)}
              y={HEIGHT - 8}
              text-anchor="middle"
            >
              {formatTick(tick, to - first.at)}
            </text>
          ))}
          <path d={`${line}V${base}H${ROOM.left}Z`} fill={`url(#${fill})`} />
          <path class="chart-line" d={line} />
          {chosen !== null && <line class="chart-cursor" x1={x(point.at)} x2={x(point.at)} y1={ROOM.top} y2={bottom} />}
          <circle class="chart-dot" cx={x(point.at)} cy={y(point.cents)} r="4.5" />
        </svg>
        {chosen !== null && (
          <p class="chart-tip" aria-hidden="true" style={{ left: `${clamp(x(point.at), 84, width - 84)}px` }}>
            <strong>{formatMoney(point.cents, history.currency)}</strong>
            <span>{formatTime(point.at)}</span>
          </p>
        )}
      </div>
      <figcaption>
        <details class="chart-table">
          <summary>Show as a table</summary>
          <div class="scroller" tabIndex={0} role="region" aria-label={`Balance of ${name} as a table`}>
            <table class="table">
              <thead>
                <tr>
                  <th scope="col">When</th>
                  <th scope="col" class="number">
                    Balance
                  </th>
                </tr>
              </thead>
              <tbody>
                {points.toReversed().map(({ at, cents }) => (
                  <tr key={at}>
                    <td>{formatTime(at)}</td>
                    <td class="number">{formatMoney(cents, history.currency)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      </figcaption>
    </figure>
  );
}

/** From nothing, unless that would press all of the line against the ceiling. */
function extent(points: readonly { readonly cents: number }[]): [number, number] {
  const all = points.map(({ cents }) => cents);
  const low = Math.min(...all);
  const high = Math.max(...all);
  return [low > 0 && low < high * 0.7 ? 0 : low, Math.max(high, low + 1)];
}

const clamp = (value: number, low: number, high: number) => Math.max(low, Math.min(high, value));
