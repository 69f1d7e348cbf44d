import type { Done } from '../../../src/api/messages.js';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../components/button.js';
import { Icon } from '../components/icon.js';
import { Link } from '../routing/link.js';
import { isTeller } from '../state/session.js';

export interface ReceiptProps {
  readonly done: Done;
  readonly title: string;
  readonly again: string;
  readonly onAgain: () => void;
}

/** What the bank answered: that it is done, how often it had to decide, and where it stands in the whole order. */
export function Receipt({ done, title, again, onAgain }: ReceiptProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div class="receipt">
      <span class="receipt-mark">
        <Icon name="check" />
      </span>
      <h3 ref={heading} tabIndex={-1}>
        {title}
      </h3>
      {done.duplicate && <p class="receipt-note">It had been done already: nothing was done twice.</p>}
      <dl class="facts">
        <dt>Reference</dt>
        <dd class="mono">{done.commandId}</dd>
        <dt>Attempts</dt>
        <dd>
          {done.attempts}
          {done.attempts > 1 && <span class="quiet"> · somebody was faster, so it was decided anew</span>}
        </dd>
        <dt>Position</dt>
        <dd class="mono">{done.position}</dd>
      </dl>
      <div class="form-actions">
        {isTeller.value && (
          <Link to={`/explorer/trace/${encodeURIComponent(done.correlationId)}`} class="button plain">
            <Icon name="tree" />
            <span>Trace it</span>
          </Link>
        )}
        <Button kind="primary" onClick={onAgain}>
          {again}
        </Button>
      </div>
    </div>
  );
}
