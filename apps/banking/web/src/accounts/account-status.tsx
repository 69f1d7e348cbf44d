import type { AccountView } from '../../../src/api/messages.js';
import { Badge } from '../components/badge.js';

/** Said only where it isn't as usual. */
export function AccountStatus({ of: { status } }: { readonly of: AccountView }) {
  if (status === 'frozen') return <Badge tone="info">Frozen</Badge>;
  if (status === 'closed') return <Badge>Closed</Badge>;
  return null;
}
