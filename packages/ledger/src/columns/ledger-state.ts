import type { ReadPosition } from '@leakproof/log';
import type { ColumnFile, Manifest } from './manifest.ts';
import type { OpenRequests } from './stage.ts';

export interface Hold {
  readonly name: string;
  readonly fromDay: string;
  readonly toDay: string;
}

/** What the manifest adds up to. */
export interface LedgerState {
  /** The files that make up the columns now, by path. */
  readonly files: ReadonlyMap<string, ColumnFile>;
  /** Files that later ones replace, or that have expired. */
  readonly removed: ReadonlySet<string>;
  /** Where reading the log continues. */
  readonly writers: Readonly<Record<string, ReadPosition>>;
  readonly open: OpenRequests;
  readonly holds: readonly Hold[];
  /** Principals whose traffic is left out of accounts. */
  readonly marks: ReadonlyMap<string, 'reporter' | 'scanner'>;
  /** A rotation of the key that has begun and not ended, or that left tokens without a successor. */
  readonly rotation: { readonly newKey: string; readonly unmapped: number | undefined } | undefined;
  readonly exports: readonly { readonly what: string; readonly sha256: string; readonly time: number }[];
}

export function ledgerState({ lines }: Manifest): LedgerState {
  const files = new Map<string, ColumnFile>();
  const removed = new Set<string>();
  const writers: Record<string, ReadPosition> = {};
  const open: Record<string, OpenRequests[string]> = {};
  const holds = new Map<string, Hold>();
  const marks = new Map<string, 'reporter' | 'scanner'>();
  let rotation: LedgerState['rotation'];
  const exports: { what: string; sha256: string; time: number }[] = [];
  for (const line of lines) {
    if ('remove' in line) {
      for (const path of line.remove) {
        files.delete(path);
        removed.add(path);
      }
    }
    if ('add' in line) for (const file of line.add) files.set(file.path, file);
    if (line.do === 'roll') {
      Object.assign(writers, line.writers);
      Object.assign(open, line.open);
    } else if (line.do === 'hold') holds.set(line.name, line);
    else if (line.do === 'release') holds.delete(line.name);
    else if (line.do === 'mark') marks.set(line.principal, line.as);
    else if (line.do === 'export') exports.push(line);
    else if (line.do === 'rotate-begin') rotation = { newKey: line.newKey, unmapped: undefined };
    else if (line.do === 'rotate-end')
      rotation = line.unmapped > 0 ? { newKey: line.newKey, unmapped: line.unmapped } : undefined;
  }
  return { files, removed, writers, open, holds: [...holds.values()], marks, rotation, exports };
}

/** The files of one kind, oldest first. */
export function filesOf({ files }: LedgerState, kind: ColumnFile['kind']): readonly ColumnFile[] {
  return [...files.values()].filter((file) => file.kind === kind).sort((a, b) => (a.path < b.path ? -1 : 1));
}
