import { Tabs } from '../components/tabs.js';

const TABS = [
  { to: '/explorer', text: 'Streams' },
  { to: '/explorer/feed', text: 'Live feed' },
];

export function ExplorerTabs() {
  return <Tabs label="Event explorer" tabs={TABS} />;
}
