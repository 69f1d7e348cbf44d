import type { Balance } from '../../../src/api/messages.js';
import { useEffect, useRef } from 'preact/hooks';
import { formatMoney } from '../money/format-money.js';

export interface MoneyProps {
  readonly of: Balance;
  readonly signed?: boolean;
  /** Lights up for a moment when it changes. */
  readonly live?: boolean;
}

/** An amount, its figures as wide as each other so that columns line up. */
export function Money({ of: { cents, currency }, signed = false, live = false }: MoneyProps) {
  const element = useRef<HTMLSpanElement>(null);
  const shown = useRef(cents);
  useEffect(() => {
    const before = shown.current;
    shown.current = cents;
    if (!live || before === cents || !element.current) return;
    const flash = element.current;
    flash.classList.remove('risen', 'fallen');
    // Reading a size makes the browser notice that the class was gone, so that the animation begins anew.
    void flash.offsetWidth;
    flash.classList.add(cents > before ? 'risen' : 'fallen');
  }, [cents, live]);
  const tone = signed && cents > 0 ? 'gain' : cents < 0 && !signed ? 'debt' : '';
  return (
    <span ref={element} class={`money ${tone}`}>
      {formatMoney(cents, currency, { signed })}
    </span>
  );
}
