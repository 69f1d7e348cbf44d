/** A pgbouncer in transaction mode before the test server: each transaction gets another connection. */
import { afterAll, beforeAll } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { serverUser } from './test-server.fixture.js';

/** Where Debian and others put it, and where a shell would look. Undefined: this machine has none. */
export const pgbouncer = ['/usr/sbin', ...(process.env['PATH'] ?? '').split(path.delimiter)]
  .map((folder) => path.join(folder, 'pgbouncer'))
  .find((file) => fs.existsSync(file));

export interface Pooler {
  /** Leads through the pooler to the database that was named. */
  readonly url: string;
}

/** So few that clients have to share them; and as many as appends that a test stops at once, and those that go on. */
const SERVER_CONNECTIONS = 6;

/** Runs for the tests of a file. `target` leads to the database. */
export function testPooler(target: () => string): Pooler {
  let folder: string;
  let server: ChildProcess;
  let url: string;

  beforeAll(async () => {
    const user = serverUser();
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ec-pgb-'));
    const { host, port, database, user: name = '', password } = new pg.Client({ connectionString: target() });
    const users = path.join(folder, 'users');
    fs.writeFileSync(users, `${quoted(name)} ${quoted(password ?? '')}\n`);
    const log = path.join(folder, 'log');
    const config = path.join(folder, 'pgbouncer.ini');
    fs.writeFileSync(
      config,
      `[databases]
* = host=${host} port=${port}
[pgbouncer]
pool_mode = transaction
default_pool_size = ${SERVER_CONNECTIONS}
max_client_conn = 500
listen_addr =
listen_port = 6432
unix_socket_dir = ${folder}
auth_type = trust
auth_file = ${users}
logfile = ${log}
server_round_robin = 1
`,
    );
    if (user.uid !== undefined) for (const entry of [folder, users, config]) fs.chownSync(entry, user.uid, user.gid);
    server = spawn(pgbouncer!, [config], { ...user, cwd: folder, stdio: 'ignore' });
    url = `postgres://${encodeURIComponent(name)}@localhost:6432/${database}?host=${encodeURIComponent(folder)}`;
    await untilReady(url, server, log);
  });
  afterAll(async () => {
    if (server.exitCode === null) {
      server.kill('SIGKILL');
      await once(server, 'exit');
    }
    fs.rmSync(folder, { recursive: true, force: true });
  });

  return {
    get url() {
      return url;
    },
  };
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

async function untilReady(url: string, server: ChildProcess, log: string): Promise<void> {
  for (const until = Date.now() + 30_000; ; await sleep(25)) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      return await client.end();
    } catch (error) {
      if (Date.now() < until && server.exitCode === null) continue;
      const said = fs.existsSync(log) ? fs.readFileSync(log, 'utf8') : '';
      throw new Error(`pgbouncer did not start: ${String(error)}\n${said}`, { cause: error });
    }
  }
}
