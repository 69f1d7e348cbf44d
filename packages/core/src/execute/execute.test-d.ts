// execute: commands of either door, on stores with and without a schema for metadata.
import * as v from 'valibot';
import {
  Command,
  CommandLogic,
  commandIdFrom,
  defineCommand,
  execute,
  exponentialBackoff,
  noRetry,
  Stream,
  type AnyCommand,
  type CommandId,
  type EventStore,
  type Position,
  type Receipt,
  type RetryPolicy,
  type StreamId,
  type StreamOf,
  type Version,
} from '@eventcore/core';
import type { StoreSettings } from '@eventcore/core/store';
import { definitionOf, type CommandDefinition, type DeclaredField } from '@eventcore/core/definitions';
import { Account } from '../public-bank.fixture.js';
import { sameType } from '../same-type.fixture.js';

interface Who {
  readonly user: string;
  readonly tenant?: string;
}

declare const store: EventStore;
declare const strict: EventStore<Who>;
declare const lenient: EventStore<Who | undefined>;
declare const free: EventStore<any>;

@Command()
class Close extends CommandLogic<Close> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  handle() {}
}
const Open = defineCommand('Open', { streams: { account: Account }, handle: () => {} });
const close = new Close({ account: 'alice' });
const open = new Open({ account: 'alice' });

// ---- commands

// A command object of either door.
const receipt = await execute(close, store);
await execute(open, store);
export const commands: readonly AnyCommand[] = [close, open];

// @ts-expect-error the class, and not an object
await execute(Close, store);
// @ts-expect-error ... of either door
await execute(Open, store);
// @ts-expect-error an object that looks like a command
await execute({ account: Account.at('alice'), handle: () => {} }, store);
// @ts-expect-error nothing
await execute(undefined, store);
// @ts-expect-error no store
await execute(close);
// @ts-expect-error something else for a store
await execute(close, new Map());

// ---- the receipt

sameType<typeof receipt, Receipt>();
sameType<typeof receipt.commandId, CommandId>();
sameType<typeof receipt.position, Position>();
sameType<typeof receipt.versions, ReadonlyMap<StreamId, Version>>();
for (const { stream, type, version, position, recordedAt } of receipt.events) {
  void [stream, type, version, position, recordedAt];
}
// @ts-expect-error a receipt has no data of events
void receipt.events[0]!.data;
// @ts-expect-error a receipt is readonly
receipt.attempts = 1;

// ---- options

await execute(close, store, {
  commandId: commandIdFrom('customer-7', 'rent-november'),
  correlationId: 'request-1',
  causationId: 'event-1',
  metadata: { anything: ['goes'] },
  signal: new AbortController().signal,
  deadline: new Date(),
  retry: exponentialBackoff({ attempts: 3 }),
  hooks: {},
});
await execute(close, store, { commandId: '0192f0c1-8f2e-7cc3-98c4-dc0c0c07398f', deadline: 5, retry: noRetry });
await execute(close, store, {});

// A policy of one's own.
const patient: RetryPolicy = { attempts: 100, delay: (failed, random) => failed * random() };
await execute(close, store, { retry: patient });

// @ts-expect-error an option that there isn't
await execute(close, store, { retries: 3 });
// @ts-expect-error a policy is not a number
await execute(close, store, { retry: 3 });
// @ts-expect-error a deadline is a moment, not a text
await execute(close, store, { deadline: 'tomorrow' });

// ---- metadata

// A store whose schema asks for metadata is given it, always.
await execute(close, strict, { metadata: { user: 'alice' } });
await execute(open, strict, { metadata: { user: 'alice', tenant: 'x' }, retry: noRetry });
// @ts-expect-error no options
await execute(close, strict);
// @ts-expect-error no metadata among them
await execute(close, strict, { retry: noRetry });
// @ts-expect-error undefined
await execute(close, strict, { metadata: undefined });
// @ts-expect-error metadata of another shape
await execute(close, strict, { metadata: { user: 1 } });
// @ts-expect-error metadata that says too much
await execute(close, strict, { metadata: { user: 'alice', role: 'x' } });

// Where the schema does without, it may be left out, and is checked if it is there.
await execute(close, lenient);
await execute(close, lenient, { retry: noRetry });
await execute(close, lenient, { metadata: { user: 'alice' } });
// @ts-expect-error metadata of another shape
await execute(close, lenient, { metadata: { user: 1 } });

// A store that nothing is known of takes anything.
await execute(close, free);
await execute(close, free, { metadata: 1 });

// What is written for any store takes a store with a schema; what needs one doesn't take a store without.
export const anyStore: EventStore = strict;
// @ts-expect-error a store without a schema
export const strictStore: EventStore<Who> = store;
// A schema makes the type.
export const settings: StoreSettings<Who> = { metadata: v.object({ user: v.string() }), onUnknownEvent: 'skip' };
// @ts-expect-error a schema that gives something else
export const otherSettings: StoreSettings<Who> = { metadata: v.object({ user: v.number() }) };

// ---- definitions

sameType<ReturnType<typeof definitionOf>, CommandDefinition>();
definitionOf(Close);
definitionOf(Open);
// @ts-expect-error a definition is frozen
definitionOf(Close).name = 'x';
sameType<CommandDefinition['fields'], readonly DeclaredField[]>();
// What is exported can be named in declarations, also where nobody writes its type.
export const definition = definitionOf(Close);
export const field = definitionOf(Close).fields[0];
// @ts-expect-error parsers and stream types are the library's own
export type Streams = CommandDefinition['streams'];
