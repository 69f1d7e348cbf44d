import { Empty } from '../components/empty.js';
import { Link } from '../routing/link.js';
import { Page } from '../components/page.js';

export function NotFound() {
  return (
    <Page title="There is nothing here">
      <Empty icon="search" title="This page does not exist, or it is not yours to see.">
        <Link to="/" class="text-link">
          Back to the beginning
        </Link>
      </Empty>
    </Page>
  );
}
