import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

export interface CardProps {
  readonly title?: ComponentChildren;
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
  readonly class?: string;
  /** Content from edge to edge: lists and tables. */
  readonly flush?: boolean;
}

/** A section with a heading of its own. */
export function Card({ title, aside, children, flush = false, ...rest }: CardProps) {
  const heading = useId();
  return (
    <section class={`card ${flush ? 'flush' : ''} ${rest.class ?? ''}`} aria-labelledby={title ? heading : undefined}>
      {title && (
        <header class="card-head">
          <h2 id={heading}>{title}</h2>
          {aside}
        </header>
      )}
      {children}
    </section>
  );
}
