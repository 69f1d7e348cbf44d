/**
 * The store by hand: the same functions in the database, called with bare `pg`, and nothing around them. No checks of what
 * is sent, no errors but the driver's, no doubts, no ears for warnings, no fingerprints, one command a call.
 */
import { systemRuntime } from '@eventcore/core';
import type { Pool } from 'pg';
import type { AccountEvent } from '../by-hand/account.js';
import type { NewEvent } from '../by-hand/ledger.js';

export interface Page {
  readonly stream: string;
  readonly version: number;
  readonly events: readonly AccountEvent[];
}

const texts = { getTypeParser: () => (text: string) => text };

export class BareStore {
  readonly #pool: Pool;
  readonly #read: string;
  readonly #append: string;

  constructor(pool: Pool, schema: string) {
    this.#pool = pool;
    const places = (count: number): string => Array.from({ length: count }, (_, n) => `$${n + 1}::text`).join(', ');
    this.#read = `SELECT version_now, types, schema_versions, datas, records FROM ${schema}.read(${places(4)}, false, $5::text, $6::text)`;
    this.#append = `SELECT answer FROM ${schema}.append(${places(21)}, true) AS answer`;
  }

  async read(streams: readonly string[]): Promise<readonly Page[]> {
    const rows = await this.#ask('bare-read', this.#read, [
      streams.join('\x1f'),
      array(streams.map(() => 0)),
      array(streams.map(() => 'NULL')),
      array(streams.map(() => 5_000)),
      null,
      '{}',
    ]);
    return streams.map((stream, index) => {
      const [version, types, , datas] = rows[index]!;
      const names = types?.split('\x1f') ?? [];
      const payloads = datas == null ? [] : (JSON.parse(`[${datas}]`) as readonly AccountEvent['data'][]);
      const events = payloads.map((data, at) => ({ type: names[at], data }) as AccountEvent);
      return { stream, version: Number(version), events };
    });
  }

  /** Reads on: what one call of `read` leaves of a stream that is longer than a page. */
  async readWhole(streams: readonly string[]): Promise<readonly Page[]> {
    const pages = await this.read(streams);
    return Promise.all(pages.map((page) => this.#readOn(page)));
  }

  /** Whether it was applied; if not, somebody else was faster. */
  async append(pages: readonly Page[], events: readonly NewEvent[]): Promise<boolean> {
    const places = new Map(pages.map(({ stream }, index) => [stream, index]));
    const counts = pages.map(() => 0);
    const at = events.map(({ stream }) => places.get(stream)!);
    const nths = at.map((place) => ++counts[place]!);
    const datas = events.map(({ data }) => JSON.stringify(data));
    const versions = array(pages.map(({ version }) => version));
    const rows = await this.#ask('bare-append', this.#append, [
      pages.map(({ stream }) => stream).join('\x1f'),
      array(counts.map((count) => String(count > 0))),
      versions,
      `{${systemRuntime.uuid()}}`,
      '["by hand"]',
      '',
      '',
      '',
      `{${pages.length}}`,
      `{${events.length}}`,
      null,
      array(pages.map((_, index) => index + 1)),
      versions,
      array(counts),
      array(at.map((place) => place + 1)),
      array(nths),
      array(events.map((_, index) => index)),
      array(events.map(({ id }) => id)),
      events.map(({ type }) => type).join('\x1f'),
      array(events.map(() => 1)),
      datas.join('\x1f'),
    ]);
    const [outcomes] = JSON.parse(rows[0]![0]!) as readonly [string];
    return outcomes === 'c';
  }

  async #readOn(page: Page): Promise<Page> {
    const events = [...page.events];
    while (events.length < page.version) {
      const rows = await this.#ask('bare-read', this.#read, [
        page.stream,
        `{${events.length}}`,
        `{${page.version}}`,
        '{5000}',
        null,
        '{}',
      ]);
      const [, types, , datas] = rows[0]!;
      const names = types!.split('\x1f');
      const payloads = JSON.parse(`[${datas}]`) as readonly AccountEvent['data'][];
      payloads.forEach((data, at) => events.push({ type: names[at], data } as AccountEvent));
    }
    return { ...page, events };
  }

  async #ask(
    name: string,
    text: string,
    values: readonly (string | null)[],
  ): Promise<readonly (readonly (string | null)[])[]> {
    const query = { name, text, values: [...values], rowMode: 'array' as const, types: texts };
    return (await this.#pool.query<(string | null)[]>(query)).rows;
  }
}

const array = (items: readonly (string | number)[]): string => `{${items.join(',')}}`;
