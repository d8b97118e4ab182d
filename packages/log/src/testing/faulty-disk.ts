import {
  closeSync,
  cpSync,
  ftruncateSync,
  openSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeSync,
  writevSync,
} from 'node:fs';
import type { Disk } from '../disk.ts';

type Call = 'create' | 'write' | 'sync' | 'syncDirectory';

/**
 * A disk whose free space, failures and hangs a test controls. Syncs are only recorded, so that a power cut can be simulated; two
 * concurrent ones on one file fail, because an error could not be attributed.
 */
export class FaultyDisk implements Disk {
  /** Free space in bytes; removing and truncating files adds to it. */
  freeBytes = Number.POSITIVE_INFINITY;
  /** Most bytes that one write accepts. */
  maxWriteBytes = Number.POSITIVE_INFINITY;
  readonly calls: string[] = [];
  readonly #failures: { call: Call; errno: string }[] = [];
  readonly #gates = new Map<Call, Promise<void>>();
  readonly #files = new Map<number, { path: string; length: number }>();
  /** Ranges written and not synced, in order, by path; without zeros at the end of a write. */
  readonly #unsynced = new Map<string, { from: number; to: number }[]>();
  /** Length on disk by path; without names that were never synced. */
  readonly #onDisk = new Map<string, number>();
  readonly #syncing = new Set<string>();
  readonly #synced = new Map<string, number>();

  /** The next call of this kind fails, after those that are already due to fail. */
  failNext(call: Call, errno: string): void {
    this.#failures.push({ call, errno });
  }
  /** Calls of this kind hang until the function returned is called. */
  hold(call: Call): () => void {
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    this.#gates.set(call, gate);
    return () => {
      if (this.#gates.get(call) === gate) this.#gates.delete(call);
      open();
    };
  }
  /** Copies what the disk contains after a power cut that kept the fraction `keep` of the unsynced bytes. */
  afterPowerCut(directory: string, copy: string, keep: number): void {
    copyLog(directory, copy);
    for (const { path, length } of this.#files.values()) {
      const safe = this.#onDisk.get(path) ?? 0;
      const kept = path.replace(directory, copy);
      truncateSync(kept, safe + Math.floor((length - safe) * keep));
      this.#undoUnsynced(path, kept, keep);
    }
  }
  /** Unsynced bytes that replaced zeros become zeros again, if they were not kept. */
  #undoUnsynced(path: string, copy: string, keep: number): void {
    const { from } = this.#unsynced.get(path)?.at(0) ?? { from: 0 };
    const { to } = this.#unsynced.get(path)?.at(-1) ?? { to: 0 };
    const start = from + Math.floor((to - from) * keep);
    const end = Math.min(to, statSync(copy).size);
    const file = openSync(copy, 'r+');
    if (end > start) writeSync(file, Buffer.alloc(end - start), 0, end - start, start);
    closeSync(file);
  }

  create(path: string): number {
    this.#failIfDue('create');
    const file = openSync(path, 'wx');
    this.#files.set(file, { path, length: 0 });
    return file;
  }
  write(file: number, buffers: readonly Uint8Array[], position: number): number | Promise<number> {
    const gate = this.#gates.get('write');
    return gate ? gate.then(() => this.#write(file, buffers, position)) : this.#write(file, buffers, position);
  }
  async sync(file: number): Promise<void> {
    const { path, length } = this.#fileOf(file);
    const covered = this.#unsynced.get(path)?.length ?? 0;
    if (this.#syncing.has(path)) throw systemError('sync', 'EBUSY');
    this.#syncing.add(path);
    await this.#gates.get('sync');
    this.#syncing.delete(path);
    this.#failIfDue('sync');
    this.#synced.set(path, length);
    this.#unsynced.get(path)?.splice(0, covered);
    if (this.#onDisk.has(path)) this.#onDisk.set(path, length);
  }
  async syncDirectory(): Promise<void> {
    await this.#gates.get('syncDirectory');
    this.#failIfDue('syncDirectory');
    for (const [path, length] of this.#synced) this.#onDisk.set(path, length);
  }
  async truncate(file: number, length: number): Promise<void> {
    this.calls.push('truncate');
    const entry = this.#fileOf(file);
    ftruncateSync(file, length);
    this.freeBytes += entry.length - length;
    this.#files.set(file, { ...entry, length });
  }
  async close(file: number): Promise<void> {
    closeSync(file);
    this.#files.delete(file);
  }
  async remove(path: string): Promise<void> {
    this.calls.push('remove');
    unlinkSync(path);
    for (const [file, entry] of this.#files) {
      if (entry.path !== path) continue;
      this.freeBytes += entry.length;
      this.#files.set(file, { path: '/dev/null', length: 0 });
    }
  }

  #write(file: number, buffers: readonly Uint8Array[], position: number): number {
    this.#failIfDue('write');
    const entry = this.#fileOf(file);
    const within = Math.max(0, entry.length - position);
    const takes = Math.min(this.freeBytes + within, this.maxWriteBytes);
    if (takes <= 0) throw systemError('write', 'ENOSPC');
    const taken = Buffer.concat(buffers).subarray(0, takes);
    writevSync(file, [taken], position);
    const end = position + taken.byteLength;
    const unsynced = this.#unsynced.get(entry.path) ?? [];
    const lastByte = taken.findLastIndex((byte) => byte !== 0);
    this.#unsynced.set(entry.path, [...unsynced, { from: position, to: position + lastByte + 1 }]);
    this.freeBytes -= Math.max(0, end - entry.length);
    this.#files.set(file, { ...entry, length: Math.max(entry.length, end) });
    return taken.byteLength;
  }
  #failIfDue(call: Call): void {
    this.calls.push(call);
    const index = this.#failures.findIndex((failure) => failure.call === call);
    const [due] = index >= 0 ? this.#failures.splice(index, 1) : [];
    if (due) throw systemError(call, due.errno);
  }
  #fileOf(file: number): { path: string; length: number } {
    const entry = this.#files.get(file);
    if (entry === undefined) throw systemError('write', 'EBADF');
    return entry;
  }
}

/** A copy without locks: the log as it is after its processes were killed. */
export function copyLog(directory: string, copy: string): void {
  cpSync(directory, copy, { recursive: true, filter: (path) => !/lock\.\d+$/.test(path) });
}

function systemError(syscall: string, code: string): Error {
  return Object.assign(new Error(`${code}: ${syscall}`), { code, syscall });
}
