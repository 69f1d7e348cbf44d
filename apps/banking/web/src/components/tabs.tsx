import { Link } from '../routing/link.js';

export interface Tab {
  readonly to: string;
  readonly text: string;
}

/** Parts of one page, each with an address of its own: links, and no ARIA tabs. */
export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map(({ to, text }) => (
        <Link key={to} to={to}>
          {text}
        </Link>
      ))}
    </nav>
  );
}
