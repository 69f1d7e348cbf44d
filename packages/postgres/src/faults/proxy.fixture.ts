/**
 * Between a client and its server, as a network is: it cuts, at the moments that matter, delays, and freezes.
 *
 * It knows just enough of the protocol to see where the calls of the store begin and end: which messages a client's calls
 * are made of, and when the server is ready for the next one, which is when it has committed.
 */
import { rmSync, mkdtempSync } from 'node:fs';
import { connect, createServer, type NetConnectOpts, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * What becomes of one call:
 * - `refuse`: the next connection is cut while it begins, so nothing is sent by it.
 * - `cutBefore`: the client has sent it, and the server never gets it. `cutWithin`: it gets the first half.
 * - `cutAfter`: the server has carried it out, and the client never hears of it. `cutReply`: it hears the first half.
 * - `cutAtReady`: the client hears all but that the server is ready, which alone means that it has committed.
 * - `late`: the client's connection is cut, and the server gets the call all the same, later.
 * - `freeze`: the server gets all but the end of the call. Its transaction stays open until somebody thaws or ends it.
 * - `silence`: the server has carried it out, and its answer doesn't come until thawed.
 * - `delay`: both ways take longer.
 */
export const faultKinds = [
  'refuse',
  'cutBefore',
  'cutWithin',
  'cutAfter',
  'cutReply',
  'cutAtReady',
  'late',
  'freeze',
  'silence',
  'delay',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/**
 * How a connection ends behind a message:
 * - `cut`: nothing more comes, on either side.
 * - `lastWords`: what the server says when it is told to end (FATAL, 57P01) comes in the very chunk that holds the message.
 */
export type Ending = 'cut' | 'lastWords';

export interface Proxy {
  /** Leads to the same database, through the proxy. */
  readonly url: string;
  /**
   * Asked for each call: by the name of the store's function that is called, or `begin`, `commit`, `rollback`; and `statement` for
   * whatever else is asked, as handlers do.
   */
  onCall: (name: string) => FaultKind | undefined;
  onConnect: () => boolean;
  /** Asked for each message that has passed, from the first that a client sends and in both directions. */
  onMessage: () => Ending | undefined;
  /** Lets go on whatever was frozen. */
  thaw(): void;
  /** How many faults have happened. */
  readonly fired: Readonly<Record<FaultKind, number>>;
  close(): Promise<void>;
}

export async function startProxy(url: string): Promise<Proxy> {
  const folder = mkdtempSync(join(tmpdir(), 'ec-px-'));
  const upstream = addressOf(url);
  const fired = Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as Record<FaultKind, number>;
  const sockets = new Set<Socket>();
  const frozen = new Set<() => void>();
  const proxy = {
    url: url.replace(/^(postgres(?:ql)?:\/\/)([^@/]*@)?[^/]*(\/[^?]*).*$/, (_, scheme, user = '', database) => {
      return `${String(scheme)}${String(user)}localhost${String(database)}?host=${encodeURIComponent(folder)}`;
    }),
    onCall: (): FaultKind | undefined => undefined,
    onConnect: () => false,
    onMessage: (): Ending | undefined => undefined,
    thaw() {
      for (const goOn of frozen) goOn();
      frozen.clear();
    },
    fired,
    async close() {
      proxy.thaw();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  } as Proxy & { onConnect: () => boolean };

  const server: Server = createServer((client) => {
    if (proxy.onConnect()) {
      fired.refuse += 1;
      client.on('error', () => {});
      client.destroy();
      return;
    }
    const there = connect(upstream);
    for (const socket of [client, there]) {
      sockets.add(socket);
      // What is broken here is cut on both sides, as it is meant to.
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    new Line(client, there, proxy, fired, frozen);
  });
  await new Promise<void>((resolve) => server.listen(join(folder, '.s.PGSQL.5432'), resolve));
  return proxy;
}

function addressOf(url: string): NetConnectOpts {
  const { hostname, port, searchParams } = new URL(url);
  const host = searchParams.get('host') ?? hostname;
  const number = port === '' ? 5432 : Number(port);
  return host.startsWith('/') ? { path: join(host, `.s.PGSQL.${number}`) } : { host, port: number };
}

/** How late is late, in milliseconds. */
const LATE = 30;

/** One connection through the proxy. */
class Line {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #fired: Record<FaultKind, number>;
  readonly #frozen: Set<() => void>;
  #begun = false;
  /** Messages of the client up to its next `Sync` or simple query. */
  #call: Buffer = Buffer.alloc(0);
  #unread: Buffer = Buffer.alloc(0);
  #unreadAnswer: Buffer = Buffer.alloc(0);
  /** What the server has said since the call in whose answer something goes wrong. */
  #answer: Buffer = Buffer.alloc(0);
  #fault: FaultKind | undefined;
  #ended = false;
  #lingering = false;

  constructor(client: Socket, server: Socket, proxy: Proxy, fired: Record<FaultKind, number>, frozen: Set<() => void>) {
    this.#client = client;
    this.#server = server;
    this.#fired = fired;
    this.#frozen = frozen;
    client.on('data', (data: Buffer) => this.#fromClient(data, proxy));
    server.on('data', (data: Buffer) => this.#fromServer(data, proxy));
    client.on('close', () => {
      if (!this.#lingering) server.destroy();
    });
    server.on('close', () => client.destroy());
  }

  #fromClient(data: Buffer, proxy: Proxy): void {
    if (this.#ended) return;
    this.#unread = Buffer.concat([this.#unread, data]);
    while (this.#unread.length >= 5) {
      // The first message has no letter.
      const length = this.#begun ? this.#unread.readUInt32BE(1) + 1 : this.#unread.readUInt32BE(0);
      if (this.#unread.length < length) return;
      const message = this.#unread.subarray(0, length);
      this.#unread = this.#unread.subarray(length);
      const letter = this.#begun ? String.fromCharCode(message[0]!) : '';
      this.#begun = true;
      this.#call = Buffer.concat([this.#call, message]);
      if (proxy.onMessage() !== undefined) {
        this.#ended = true;
        this.#server.write(this.#call, () => this.#cut());
        return;
      }
      // Parse, Bind, Describe, Execute, Close: the call isn't complete yet.
      if ('PBDEC'.includes(letter) && letter !== '') continue;
      const call = this.#call;
      this.#call = Buffer.alloc(0);
      const name = nameOf(call);
      this.#send(call, name === undefined ? undefined : proxy.onCall(name));
    }
  }

  #send(call: Buffer, fault: FaultKind | undefined): void {
    if (fault !== undefined) this.#fired[fault] += 1;
    switch (fault) {
      case 'refuse':
      case 'cutBefore':
        return this.#cut();
      case 'cutWithin':
        this.#server.write(call.subarray(0, call.length >> 1), () => this.#cut());
        return;
      case 'late':
        this.#lingering = true;
        this.#client.destroy();
        setTimeout(() => this.#server.end(call), LATE);
        return;
      case 'freeze': {
        // All but `Sync`: the server has carried it out, and waits for leave to commit.
        const end = call.length - 5;
        this.#lingering = true;
        this.#server.write(call.subarray(0, end));
        this.#frozen.add(() => {
          this.#lingering = false;
          this.#server.write(call.subarray(end));
          if (this.#client.destroyed) this.#server.end();
        });
        return;
      }
      case 'delay':
        setTimeout(() => this.#server.write(call), LATE);
        return;
      case undefined:
        this.#server.write(call);
        return;
      default:
        this.#fault = fault;
        this.#server.write(call);
    }
  }

  #fromServer(data: Buffer, proxy: Proxy): void {
    if (this.#ended) return;
    this.#unreadAnswer = Buffer.concat([this.#unreadAnswer, data]);
    let whole = 0;
    for (let length = lengthAt(this.#unreadAnswer, 0); length !== undefined;) {
      whole += length;
      const ending = proxy.onMessage();
      if (ending !== undefined) return this.#end(this.#unreadAnswer.subarray(0, whole), ending);
      length = lengthAt(this.#unreadAnswer, whole);
    }
    this.#answered(this.#unreadAnswer.subarray(0, whole));
    this.#unreadAnswer = this.#unreadAnswer.subarray(whole);
  }

  #end(said: Buffer, ending: Ending): void {
    this.#ended = true;
    this.#client.write(ending === 'cut' ? said : Buffer.concat([said, LAST_WORDS]), () => this.#cut());
  }

  #answered(data: Buffer): void {
    if (this.#fault === undefined) {
      this.#client.write(data);
      return;
    }
    this.#answer = Buffer.concat([this.#answer, data]);
    const ready = readyAt(this.#answer);
    if (ready === undefined) return;
    const [fault, answer] = [this.#fault, this.#answer];
    this.#answer = Buffer.alloc(0);
    this.#fault = undefined;
    if (fault === 'cutAfter') this.#cut();
    else if (fault === 'silence') this.#frozen.add(() => this.#client.write(answer));
    else this.#client.write(answer.subarray(0, fault === 'cutReply' ? ready >> 1 : ready), () => this.#cut());
  }

  #cut(): void {
    this.#client.destroy();
    this.#server.destroy();
  }
}

const LAST_WORDS = errorMessage('SFATAL', 'VFATAL', 'C57P01', 'Mterminating connection due to administrator command');

function errorMessage(...fields: readonly string[]): Buffer {
  const body = Buffer.from(`${fields.map((field) => `${field}\0`).join('')}\0`);
  const head = Buffer.from('E\0\0\0\0');
  head.writeUInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}

/** How long the message is that begins there; undefined as long as the end of it hasn't come. */
function lengthAt(said: Buffer, at: number): number | undefined {
  if (at + 5 > said.length) return undefined;
  const length = said.readUInt32BE(at + 1) + 1;
  return at + length <= said.length ? length : undefined;
}

/** What a call is called. Undefined: it is none, but the beginning or the end of a connection. */
function nameOf(call: Buffer): string | undefined {
  if (!['P', 'B', 'Q'].includes(String.fromCharCode(call[0]!))) return undefined;
  const text = call.toString('latin1');
  const control = /^Q[^]{4}(BEGIN|COMMIT|ROLLBACK)\b/.exec(text)?.[1];
  if (control !== undefined) return control.toLowerCase();
  // By its text, or by the name of the statement that was prepared from it.
  return /"\.([a-z_]+)(?:\/1\0|\()/.exec(text)?.[1]?.replace('read_feed', 'feed') ?? 'statement';
}

/** Where the message begins that the server is ready for the next call; undefined as long as it hasn't come. */
function readyAt(answer: Buffer): number | undefined {
  for (let at = 0; at + 5 <= answer.length; at += answer.readUInt32BE(at + 1) + 1) {
    if (answer[at] === 'Z'.charCodeAt(0) && at + 6 <= answer.length) return at;
  }
  return undefined;
}
