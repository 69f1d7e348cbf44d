/** A teller at the other end of a wire: asks over HTTP, and asks again under the same key until somebody answers. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AccountView, Done } from './api/messages.js';
import { fromPage } from './api/client.fixture.js';

export class TellerAt {
  /** Where to ask; may change, when a server is gone. */
  url: string;
  #cookie = '';

  constructor(url: string) {
    this.url = url;
  }

  async signIn(): Promise<this> {
    const response = await this.#ask('POST', '/api/session', { user: 'tess' });
    this.#cookie = response.headers.get('Set-Cookie')!.split(';')[0]!;
    return this;
  }

  /** Asks again while read models are behind, as they are until somebody takes over what a killed process was building. */
  async get<Body>(path: string): Promise<Body> {
    const response = await this.#ask('GET', path);
    if (response.status === 503) return this.get(path);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Body;
  }

  /** Undefined when a rule says no. */
  async post(path: string, body: object): Promise<Done | undefined> {
    const key = randomUUID();
    for (;;) {
      const answer = await this.#answer(path, body, key);
      if (answer?.status === 200) return answer.body as Done;
      if (answer?.status === 422) return undefined;
      if (answer !== undefined && answer.status < 503) throw new Error(JSON.stringify(answer.body));
      await sleep(20);
    }
  }

  /** Undefined when none came: then it may have been done, or not. The key sees to it that it is done once. */
  async #answer(path: string, body: object, key: string) {
    try {
      const response = await this.#ask('POST', path, body, key);
      return { status: response.status, body: (await response.json()) as unknown };
    } catch {
      return undefined;
    }
  }

  async accounts(after = ''): Promise<readonly AccountView[]> {
    return this.get<AccountView[]>(`/api/accounts?after=${after}`);
  }

  /** What the bank tells of by itself, as long as it does. */
  async listen(): Promise<Response> {
    return this.#ask('GET', '/api/live');
  }

  async #ask(method: string, path: string, body?: object, key?: string): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method,
      headers: { ...fromPage, Cookie: this.#cookie, ...(key !== undefined && { 'Idempotency-Key': key }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }
}
