import type { ComponentChildren } from 'preact';
import { Avatar } from './avatar.js';
import { Brand } from './brand.js';
import { Button } from './button.js';
import { Connection } from './connection.js';
import { Icon, type IconName } from './icon.js';
import { Link } from '../routing/link.js';
import { ThemeToggle } from './theme-toggle.js';
import { isTeller, session, signOut, user } from '../state/session.js';

interface Place {
  readonly to: string;
  readonly text: string;
  readonly icon: IconName;
}

const CUSTOMERS: readonly Place[] = [
  { to: '/', text: 'Overview', icon: 'home' },
  { to: '/transfer', text: 'Transfer', icon: 'send' },
  { to: '/transfer/several', text: 'Pay several', icon: 'split' },
  { to: '/transfer/standing-orders', text: 'Standing orders', icon: 'repeat' },
];
const TELLERS: readonly Place[] = [
  { to: '/', text: 'Accounts', icon: 'people' },
  { to: '/explorer', text: 'Events', icon: 'events' },
  { to: '/projections', text: 'Projections', icon: 'layers' },
  { to: '/contention', text: 'Contention', icon: 'bolt' },
];

/** What stands around each page. On a phone the navigation is at the thumb. */
export function Shell({ children }: { readonly children: ComponentChildren }) {
  const me = user.value;
  return (
    <div class="shell">
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header class="side">
        <Link to="/" class="brand" label="Eventide Bank">
          <Brand />
        </Link>
        <nav class="nav" aria-label="Main">
          {(isTeller.value ? TELLERS : CUSTOMERS).map(({ to, text, icon }) => (
            <Link key={to} to={to} section={to === '/explorer'}>
              <Icon name={icon} />
              <span>{text}</span>
            </Link>
          ))}
        </nav>
        <div class="side-foot">
          <Connection />
          <ThemeToggle />
          {me && (
            <div class="me">
              <Avatar name={me.name} size={32} />
              <div class="me-text">
                <p class="me-name">{me.name}</p>
                <p class="me-role">
                  {me.role === 'teller' ? 'Teller' : 'Customer'} · {session.value?.storage}
                </p>
              </div>
              <Button kind="quiet" icon="exit" iconOnly small onClick={() => void signOut()}>
                Sign out
              </Button>
            </div>
          )}
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
