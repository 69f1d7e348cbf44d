import { Link } from '../routing/link.js';

/** A stream's id: its type stands out from its key. */
export function StreamLink({ stream }: { readonly stream: string }) {
  const dash = stream.indexOf('-');
  return (
    <Link to={`/explorer/streams/${encodeURIComponent(stream)}`} class="stream-id">
      <span class="stream-type">{stream.slice(0, dash + 1)}</span>
      {stream.slice(dash + 1)}
    </Link>
  );
}
