import type { CausationTree } from '../../../src/api/messages.js';
import { Card } from '../components/card.js';
import { CommandNode } from './command-node.js';
import { Empty } from '../components/empty.js';
import { Page } from '../components/page.js';
import { ProblemNotice } from '../components/problem-notice.js';
import { Skeleton } from '../components/skeleton.js';
import { countOf } from './count-tree.js';
import { changes } from '../state/live.js';
import { useResource } from '../api/use-resource.js';

/** What followed from what: commands, the events that each wrote in one step, and the commands that these led to. */
export function TracePage({ correlation }: { readonly correlation: string }) {
  const tree = useResource<CausationTree>(
    `/api/explorer/correlations/${encodeURIComponent(correlation)}`,
    changes.value,
  );
  const commands = tree.data?.commands ?? [];
  const { commands: count, events, streams } = countOf(commands);
  return (
    <Page
      title="Trace"
      lead={
        tree.data ? (
          <>
            {count} {count === 1 ? 'command' : 'commands'}, {events} {events === 1 ? 'event' : 'events'}, {streams}{' '}
            {streams === 1 ? 'stream' : 'streams'} · <span class="mono">{correlation}</span>
          </>
        ) : (
          ' '
        )
      }
    >
      {tree.error !== null && <ProblemNotice error={tree.error} />}
      {!tree.data && tree.error === null && <Skeleton lines={2} height={140} />}
      {tree.data && commands.length === 0 && (
        <Card>
          <Empty icon="tree" title="Nothing is known under this correlation">
            Commands that wrote nothing leave no trace.
          </Empty>
        </Card>
      )}
      {commands.length > 0 && (
        <ul class="tree">
          {commands.map((command) => (
            <CommandNode key={command.commandId} command={command} />
          ))}
        </ul>
      )}
    </Page>
  );
}
