/** A browser's part of the API, without a browser: one user, with a cookie, on a page of the bank. */
import type { Hono } from 'hono';
import { randomUUID } from 'node:crypto';
import type { Environment } from './environment.js';
import type { Done, Problem } from './messages.js';

export type App = Hono<Environment>;

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** What a page of the bank sends with each request. */
export const fromPage = { 'Sec-Fetch-Site': 'same-origin', 'Content-Type': 'application/json' };

export class Client {
  readonly #app: App;
  readonly #headers: Record<string, string>;
  readonly cookie: string;

  private constructor(app: App, cookie: string) {
    this.#app = app;
    this.cookie = cookie;
    this.#headers = { ...fromPage, ...(cookie && { Cookie: cookie }) };
  }

  static async signIn(app: App, user: string): Promise<Client> {
    const response = await app.request('/api/session', {
      method: 'POST',
      headers: fromPage,
      body: JSON.stringify({ user }),
    });
    if (response.status !== 200) throw new Error(`${user} can't sign in: ${await response.text()}`);
    return new Client(app, response.headers.get('Set-Cookie')!.split(';')[0]!);
  }

  static nobody(app: App): Client {
    return new Client(app, '');
  }

  async get<Body>(path: string): Promise<Body> {
    const { status, body } = await this.ask<Body>('GET', path);
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** A command that is expected to be done. */
  async post(path: string, body: object = {}, key: string = randomUUID()): Promise<Done> {
    return this.#done('POST', path, body, key);
  }

  async put(path: string, body: object): Promise<Done> {
    return this.#done('PUT', path, body, randomUUID());
  }

  /** A command that is expected to be refused. */
  async refused(method: string, path: string, body: object = {}, key: string = randomUUID()): Promise<Problem> {
    const { status, headers, body: problem } = await this.ask<Problem>(method, path, body, key);
    if (status < 400) throw new Error(`${method} ${path} was done: ${JSON.stringify(problem)}`);
    if (headers.get('Content-Type') !== 'application/problem+json')
      throw new Error(`${method} ${path}: no problem+json`);
    return problem;
  }

  async ask<Body>(method: string, path: string, body?: object, key?: string): Promise<Answer<Body>> {
    const response = await this.open(path, {
      method,
      ...(key !== undefined && { headers: { 'Idempotency-Key': key } }),
      ...(method !== 'GET' && { body: JSON.stringify(body ?? {}) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? null : JSON.parse(text)) as Body,
    };
  }

  /** The response as it is, for what comes in pieces. */
  async open(path: string, { headers, ...init }: RequestInit & { readonly headers?: Record<string, string> } = {}) {
    return this.#app.request(path, { ...init, headers: { ...this.#headers, ...headers } });
  }

  async #done(method: string, path: string, body: object, key: string): Promise<Done> {
    const answer = await this.ask<Done>(method, path, body, key);
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}

export interface ServerSentEvent<Data> {
  readonly event: string;
  readonly data: Data;
}

/** Events of a text/event-stream, as they come. Leaving the loop ends the stream. */
export async function* eventsOf<Data>(response: Response): AsyncGenerator<ServerSentEvent<Data>> {
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) {
      const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
      yield { event: field('event'), data: JSON.parse(field('data')) as Data };
    }
  }
}
