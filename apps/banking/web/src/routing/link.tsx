import type { ComponentChildren } from 'preact';
import { navigate, path } from './location.js';

export interface LinkProps {
  readonly to: string;
  readonly class?: string;
  readonly children: ComponentChildren;
  /** Also the current one where the path only begins so: a section of the navigation. */
  readonly section?: boolean;
  readonly label?: string;
}

/** A real link: it opens in a new tab when asked to, and otherwise without loading the page anew. */
export function Link({ to, section = false, label, children, ...rest }: LinkProps) {
  const here = path.value;
  const current = here === to || (section && to !== '/' && here.startsWith(`${to}/`));
  return (
    <a
      {...rest}
      href={to}
      aria-label={label}
      aria-current={current ? 'page' : undefined}
      onClick={(event) => {
        if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        navigate(to);
      }}
    >
      {children}
    </a>
  );
}
