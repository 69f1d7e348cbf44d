import type { ContentionProgress } from '../api/requests.js';
import { Bars } from '../chart/bars.js';
import { Card } from '../components/card.js';
import { Icon } from '../components/icon.js';
import { Progress } from '../components/progress.js';
import { formatMoney } from '../money/format-money.js';

const COUNT = new Intl.NumberFormat();
const MILLISECONDS = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

export function ContentionResult({ progress }: { readonly progress: ContentionProgress }) {
  const {
    done,
    transfers,
    rejected,
    conflicts,
    attempts,
    perSecond,
    p50,
    p95,
    p99,
    balances,
    total,
    expected,
    finished,
  } = progress;
  const conserved = total === expected;
  return (
    <>
      <section class={`conserved ${conserved ? 'good' : 'bad'}`} aria-label="Conserved total">
        <div>
          <p class="eyebrow">Sum of all balances</p>
          <p class="conserved-total money">{formatMoney(total, 'EUR')}</p>
          <p class="conserved-text">
            <Icon name={conserved ? 'check' : 'warn'} />
            {conserved
              ? `Exactly what it was at the beginning${finished ? '' : ', so far'}`
              : `At the beginning it was ${formatMoney(expected, 'EUR')}`}
          </p>
        </div>
        <div class="conserved-progress">
          <Progress label="Transfers" value={done} max={transfers} tone={finished ? 'good' : 'accent'} />
          <p class="quiet number">
            {COUNT.format(done)} of {COUNT.format(transfers)} transfers
            {rejected > 0 && `, ${COUNT.format(rejected)} refused for lack of money`}
          </p>
        </div>
      </section>
      <dl class="tiles">
        <Tile name="Per second" value={COUNT.format(Math.round(perSecond))} />
        <Tile name="Conflicts" value={COUNT.format(conflicts)} />
        <Tile name="p50" value={MILLISECONDS.format(p50)} unit="ms" />
        <Tile name="p95" value={MILLISECONDS.format(p95)} unit="ms" />
        <Tile name="p99" value={MILLISECONDS.format(p99)} unit="ms" />
      </dl>
      <div class="pair">
        <Card title="Attempts that a transfer needed">
          <Bars
            label="Attempts that a transfer needed"
            bars={attempts.map((count, i) => ({ name: `${i + 1}`, value: count, text: COUNT.format(count) }))}
          />
        </Card>
        <Card title="Balances">
          <Bars
            label="Balances"
            bars={balances.map(({ cents }, i) => ({
              name: `${i + 1}`,
              value: cents,
              text: formatMoney(cents, 'EUR'),
            }))}
          />
        </Card>
      </div>
    </>
  );
}

function Tile({ name, value, unit }: { readonly name: string; readonly value: string; readonly unit?: string }) {
  return (
    <div class="tile">
      <dt>{name}</dt>
      <dd>
        {value}
        {unit && <span class="quiet"> {unit}</span>}
      </dd>
    </div>
  );
}
