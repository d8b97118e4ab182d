import { readFileSync, readlinkSync } from 'node:fs';

/** Identifies one run of a process: process ids are reused. All but `pid` are empty where there is no /proc. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from boot to the process's start. */
  readonly start: string;
  readonly boot: string;
  /** The namespace of `pid`. */
  readonly namespace: string;
  readonly host: string;
}

export function thisProcess(): ProcessIdentity {
  return {
    pid: process.pid,
    start: startOf(process.pid) ?? '',
    boot: readOr('/proc/sys/kernel/random/boot_id'),
    namespace: ownNamespace(),
    host: readOr('/proc/sys/kernel/hostname'),
  };
}

/**
 * True only if `other` has certainly ended, as seen by `self`: its machine was restarted, or in the same process namespace its
 * process id is free or belongs to a later process. A process of another container or host counts as running, because its
 * state cannot be seen.
 */
export function hasEnded(other: ProcessIdentity, self: ProcessIdentity): boolean {
  if (other.host !== self.host) return false;
  if (other.boot !== self.boot) return true;
  if (other.namespace !== self.namespace) return false;
  if (!isRunning(other.pid)) return true;
  const start = startOf(other.pid);
  return other.start !== '' && start !== undefined && start !== other.start;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** Field 22 of proc_pid_stat(5); `ended` for a process that only waits to be reaped. */
function startOf(pid: number): string | undefined {
  const stat = readOr(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return 'ended';
  return fields[19];
}

function ownNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
