import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { moved } from '../routing/location.js';

export interface PageProps {
  readonly title: string;
  readonly lead?: ComponentChildren;
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
  /** The title of the window, where the heading says something warmer. */
  readonly name?: string;
}

/** A page with its heading. On a change of route the heading gets the focus, so that a screen reader says where one is. */
export function Page({ title, name = title, lead, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${name} · Eventide Bank`;
  }, [name]);
  useEffect(() => {
    if (moved.peek()) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div class="page">
      <header class="page-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead && <p class="lead">{lead}</p>}
        </div>
        {actions && <div class="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
