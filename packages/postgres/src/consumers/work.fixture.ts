/**
 * Consumers of every kind, under whatever name a test gives them: what each has done tells what was skipped, and what was done
 * twice. And the tables that they write to, which are the user's.
 */
import { defineCommand, defineStream, load, START, type EventStore, type RecordedEvent } from '@eventcore/core';
import { defineProjection, defineReaction, defineReadModel, rowsOf } from '@eventcore/core/consumers';
import { Account, Whole } from '../fixtures/bank.fixture.js';
import type { PostgresContext } from '../index.js';
import type { TestDatabase } from '../fixtures/test-database.fixture.js';

export const kinds = ['rows', 'handlers', 'inserts', 'reaction', 'outside'] as const;
export type Kind = (typeof kinds)[number];

interface Tables {
  /** A row for each time an event was handled: no key keeps it from being there twice. */
  readonly handled: { readonly consumer: string; readonly event: string; readonly position: string };
  /** Rows that handlers have to wait for, one after the other. */
  readonly totals: { readonly consumer: string; readonly stream: string; readonly events: number };
}

export const TABLES = `
  CREATE TABLE handled (nth bigserial, consumer text COLLATE "C", event text, position text COLLATE "C");
  CREATE TABLE totals (consumer text, stream text, events integer, PRIMARY KEY (consumer, stream));
  CREATE TABLE outside (consumer text, event text)`;

/** Rows by key, folded. */
export const balances = (name: string) =>
  defineReadModel(name, { row: () => ({ events: 0, sum: 0 }) }).from(Account, {
    Moved: ({ events, sum }, { data }) => ({ events: events + 1, sum: sum + data }),
  });

/** What handlers write in the store's transaction. */
export const handling = (name: string) =>
  defineProjection<PostgresContext<Tables>>(name).on(Account, {
    Moved: async ({ id, position, stream }, { tx }) => {
      await tx.insertInto('handled').values({ consumer: name, event: id, position }).execute();
      await tx
        .insertInto('totals')
        .values({ consumer: name, stream, events: 1 })
        .onConflict((conflict) =>
          conflict.columns(['consumer', 'stream']).doUpdateSet((eb) => ({ events: eb('totals.events', '+', 1) })),
        )
        .execute();
    },
  });

/** The same with one statement for each event, and nothing that anybody waits for. */
export const inserting = (name: string) =>
  defineProjection<PostgresContext<Tables>>(name).on(Account, {
    Moved: ({ id, position }, { tx }) =>
      tx.insertInto('handled').values({ consumer: name, event: id, position }).execute(),
  });

/** What handlers have written, for a rebuild. */
export async function emptied(tx: PostgresContext<Tables>['tx'], name: string): Promise<void> {
  for (const table of ['handled', 'totals'] as const) await tx.deleteFrom(table).where('consumer', '=', name).execute();
}

/** Such deposits have something to be done about them. */
export const REWARDED = 1000;

export const Bonus = defineStream('bonus', {
  events: { Granted: Whole },
  state: () => ({ granted: [] as readonly number[] }),
  fold: { Granted: ({ granted }, number) => ({ granted: [...granted, number] }) },
});

/** `number`: of the event that it is granted for. */
const Grant = defineCommand('Grant', {
  streams: { bonus: Bonus },
  input: { number: Whole },
  handle: ({ input, emit }) => emit('bonus', 'Granted', input.number),
});

export const numberOf = (position: string): number => Number(position.split('.')[0]);

/** Commands that follow. */
export const rewarding = (name: string) =>
  defineReaction(name).on(Account, {
    Moved: ({ data, position }) =>
      data === REWARDED ? new Grant({ bonus: name, number: numberOf(position) }) : undefined,
  });

export interface Outside {
  /** Something that no transaction of the store's undoes. */
  readonly call: (consumer: string, event: string) => Promise<unknown>;
}

/** Effects elsewhere. */
export const calling = (name: string) =>
  defineProjection<Outside>(name).on(Account, { Moved: ({ id }, { call }) => call(name, id) });

export const definitions = {
  rows: balances,
  handlers: handling,
  inserts: inserting,
  reaction: rewarding,
  outside: calling,
} as const;

type Effects = Readonly<Record<string, unknown>>;

/** What a consumer has done. */
export async function doneBy(
  kind: Kind,
  name: string,
  store: EventStore,
  { query }: Pick<TestDatabase, 'query'>,
): Promise<Effects> {
  switch (kind) {
    case 'rows': {
      const rows: Record<string, unknown> = {};
      for await (const { key, row } of rowsOf(store, balances(name)).all()) rows[key] = row;
      return rows;
    }
    case 'inserts':
    case 'handlers': {
      const handled = await query('SELECT event FROM handled WHERE consumer = $1 ORDER BY nth', [name]);
      const totals = await query('SELECT sum(events)::integer AS total FROM totals WHERE consumer = $1', [name]);
      return { handled: handled.map(({ event }) => event), ...(kind === 'handlers' && { total: totals[0]!['total'] }) };
    }
    case 'reaction':
      return await load(store, Bonus.at(name));
    case 'outside': {
      const calls = await query('SELECT DISTINCT event FROM outside WHERE consumer = $1 ORDER BY event', [name]);
      return { atLeastOnce: calls.map(({ event }) => event) };
    }
  }
}

/** What it has to have done: each event of an account once, none of them skipped. */
export async function dueFor(kind: Kind, store: EventStore): Promise<Effects> {
  const events: RecordedEvent[] = [];
  for (let after = START, upTo = START; ; after = upTo) {
    const page = await store.readAll({ after, limit: 5000, filter: { streamPrefixes: ['account-'] } });
    events.push(...page.events);
    upTo = page.upTo;
    if (upTo === after) break;
  }
  switch (kind) {
    case 'rows': {
      const rows: Record<string, { events: number; sum: number }> = {};
      for (const { stream, data } of events) {
        const row = (rows[stream.slice('account-'.length)] ??= { events: 0, sum: 0 });
        row.events += 1;
        row.sum += data as number;
      }
      return rows;
    }
    case 'inserts':
      return { handled: events.map(({ id }) => id) };
    case 'handlers':
      return { handled: events.map(({ id }) => id), total: events.length };
    case 'reaction':
      return {
        granted: events.filter(({ data }) => data === REWARDED).map(({ position }) => numberOf(position)),
      };
    case 'outside':
      return { atLeastOnce: events.map(({ id }) => id).sort() };
  }
}
