import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';

const INSTALLED = '/usr/lib/postgresql';

export interface TestPostgres {
  /** A URL of a new, empty database. */
  database(): Promise<string>;
  close(): Promise<void>;
}

/** Starts a PostgreSQL server of Debian's package on a loopback port, with data that is removed at the end. */
export async function startPostgres(): Promise<TestPostgres> {
  const [version] = readdirSync(INSTALLED).sort((a, b) => Number(b) - Number(a));
  if (version === undefined) throw new Error('PostgreSQL is not installed: apt-get install postgresql');
  const binary = (name: string): string => join(INSTALLED, version, 'bin', name);
  const directory = mkdtempSync(join(tmpdir(), 'leakproof-postgres-'));
  const user = userToRunAs();
  if (user) chownSync(directory, user.uid, user.gid);
  chmodSync(directory, 0o700);
  const data = join(directory, 'data');
  execFileSync(binary('initdb'), ['-D', data, '-U', 'desk', '-A', 'trust', '--no-sync', '--no-locale', '-E', 'UTF8'], {
    ...user,
    stdio: 'ignore',
  });
  const port = await freePort();
  const settings = ['-p', String(port), '-k', directory, '-c', 'listen_addresses=127.0.0.1'];
  const server = spawn(binary('postgres'), ['-D', data, ...settings], { ...user, stdio: 'ignore' });
  const admin = `postgres://desk@127.0.0.1:${port}/postgres`;
  for (let tries = 0; !(await query(admin, 'select 1')); tries++) {
    if (tries > 300) throw new Error('PostgreSQL did not start.');
    await wait(50);
  }
  let databases = 0;
  return {
    database: async () => {
      const name = `desk_${++databases}`;
      if (!(await query(admin, `create database ${name}`))) throw new Error('No database was made.');
      return `postgres://desk@127.0.0.1:${port}/${name}`;
    },
    close: async () => {
      const ended = once(server, 'exit');
      server.kill('SIGINT');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL does not run as root. */
function userToRunAs(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function query(url: string, text: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(text);
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
