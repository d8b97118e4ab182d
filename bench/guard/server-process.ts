import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';

/** A server in its own process, with children. */
export interface ServerProcess {
  readonly port: number;
  /** CPU time of all its processes, in milliseconds; the kernel counts in steps of 10. */
  cpuMs(): number;
  /** Resident memory of all its processes, in bytes. */
  residentBytes(): number;
  stop(): Promise<void>;
}

interface Program {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The port that it will listen on; default: it prints the port in its first line. */
  readonly port?: number;
}

const TICK_MS = 10;
const PAGE_BYTES = 4096;

export async function startProcess({ program, args, env, port }: Program): Promise<ServerProcess> {
  const child = spawn(program, args, {
    stdio: ['pipe', port === undefined ? 'pipe' : 'ignore', 'inherit'],
    env: { ...process.env, ...env },
  });
  const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()));
  const pid = child.pid ?? 0;
  const listening = port ?? (await printedPort(child));
  if (port !== undefined) await untilListening(port, child);
  const sum = (read: (fields: readonly string[]) => number): number =>
    withChildren(pid).reduce((total, each) => total + read(each), 0);
  return {
    port: listening,
    cpuMs: () => sum((fields) => (Number(fields[11]) + Number(fields[12])) * TICK_MS),
    residentBytes: () => sum((fields) => Number(fields[21]) * PAGE_BYTES),
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** Starts a script of this folder from source. The script prints its port, and exits when its standard input ends. */
export function startScript(script: string, options: unknown): Promise<ServerProcess> {
  const file = new URL(script, import.meta.url).pathname;
  return startProcess({ program: process.execPath, args: ['--conditions=source', file, JSON.stringify(options)] });
}

function printedPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(Number(text.split('\n', 1)[0]));
    });
    child.once('close', (code) => reject(new Error(`A server exited before it listened (${code}).`)));
  });
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 600 && child.exitCode === null; tries++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => void setTimeout(resolve, 50));
  }
  throw new Error(`${child.spawnfile} does not listen.`);
}

/** The fields of /proc/PID/stat after the name, of a process and its children. */
function withChildren(pid: number): readonly (readonly string[])[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ id: Number(name), fields: statOf(name) }));
  return all.filter(({ id, fields }) => id === pid || Number(fields[1]) === pid).map(({ fields }) => fields);
}

function statOf(pid: string): readonly string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
