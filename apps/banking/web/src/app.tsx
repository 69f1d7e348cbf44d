import type { VNode } from 'preact';
import { Announcer } from './components/announcer.js';
import { Shell } from './components/shell.js';
import { Statement } from './accounts/statement.js';
import { Contention } from './pages/contention.js';
import { Feed } from './explorer/feed.js';
import { NotFound } from './pages/not-found.js';
import { Overview } from './pages/overview.js';
import { Projections } from './pages/projections.js';
import { SignIn } from './pages/sign-in.js';
import { SplitPayment } from './payments/split-payment.js';
import { StandingOrders } from './payments/standing-orders.js';
import { StreamPage } from './explorer/stream-page.js';
import { Streams } from './explorer/streams.js';
import { TellerDesk } from './teller/teller-desk.js';
import { TracePage } from './explorer/trace-page.js';
import { Transfer } from './payments/transfer.js';
import { match } from './routing/match.js';
import { path } from './routing/location.js';
import { isTeller, session, user } from './state/session.js';

type Routes = Readonly<Record<string, (parts: Record<string, string>) => VNode>>;

const FOR_CUSTOMERS: Routes = {
  '/': () => <Overview />,
  '/transfer': () => <Transfer />,
  '/transfer/several': () => <SplitPayment />,
  '/transfer/standing-orders': () => <StandingOrders />,
  '/accounts/:account': ({ account = '' }) => <Statement key={account} account={account} />,
};

/** A customer who comes to one of these sees that the page does not exist; the bank itself refuses what they would show. */
const FOR_TELLERS: Routes = {
  '/': () => <TellerDesk />,
  '/accounts/:account': ({ account = '' }) => <Statement key={account} account={account} />,
  '/explorer': () => <Streams />,
  '/explorer/feed': () => <Feed />,
  '/explorer/streams/:stream': ({ stream = '' }) => <StreamPage key={stream} stream={stream} />,
  '/explorer/trace/:correlation': ({ correlation = '' }) => <TracePage key={correlation} correlation={correlation} />,
  '/projections': () => <Projections />,
  '/contention': () => <Contention />,
};

export function App() {
  return (
    <>
      {session.value === null ? <div class="starting" /> : user.value === null ? <SignIn /> : <Shell>{page()}</Shell>}
      <Announcer />
    </>
  );
}

function page(): VNode {
  for (const [pattern, show] of Object.entries(isTeller.value ? FOR_TELLERS : FOR_CUSTOMERS)) {
    const parts = match(pattern, path.value);
    if (parts) return show(parts);
  }
  return <NotFound />;
}
