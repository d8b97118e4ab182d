import { createHash } from 'node:crypto';
import { skeletonOf, type Skeleton } from '../stats/body-skeleton.ts';
import { compareText } from '../stats/counted.ts';
import { echoesOf } from '../stats/echoes.ts';
import type { OperationStats } from '../stats/operation-stats.ts';
import { countEnds, endOf, mergeNodes, newPathNode, tighten, type PathNode } from './path-tree.ts';
import { originOf, type ExchangeRead } from '../read-exchange.ts';

/** How many words may stand in one place before they are an id: answers that tell much need fewer, those that tell nothing more. */
export interface FoldLimits {
  readonly telling: number;
  readonly silent: number;
  /** Paths held apart at one time; beyond it the other two are halved. */
  readonly paths: number;
  /** Structures of answers kept apart for one method and status. */
  readonly structures: number;
}

export const FOLD_LIMITS: FoldLimits = { telling: 128, silent: 1000, paths: 20_000, structures: 64 };

/** All paths whose answers have one structure. */
export interface PathFrame {
  readonly method: string;
  readonly succeeded: boolean;
  readonly telling: boolean;
  readonly echoed: ReadonlySet<number>;
  readonly filtered: ReadonlySet<number>;
  readonly root: PathNode;
}

interface Kin {
  readonly limitOf: 'telling' | 'silent';
  readonly frame: Omit<PathFrame, 'root'>;
  readonly byStructure: Map<string, PathNode>;
  others: PathNode | undefined;
}

/** Traffic sorted by how it was answered: memory is bounded by `FoldLimits`, not by the number of distinct paths. */
export interface PathFrames {
  readonly kin: Map<string, Kin>;
  limits: FoldLimits;
  paths: number;
  /** True once the limits had to be halved: from there on the outcome may depend on the order of the traffic. */
  strained: boolean;
}

export function newFrames(limits: FoldLimits = FOLD_LIMITS): PathFrames {
  return { kin: new Map(), limits, paths: 0, strained: false };
}

/** The stats to which an exchange adds. */
export function frameStats(frames: PathFrames, read: ExchangeRead): OperationStats {
  const succeeded = read.status >= 200 && read.status < 300;
  const skeleton = succeeded && read.response.value !== undefined ? skeletonOf(read.response.value) : SILENT;
  const kin = kinOf(frames, read, skeleton);
  const origin = originOf(read.exchange);
  const limit = frames.limits[kin.limitOf];
  const root = rootOf(kin, kin.frame.telling ? hashOf(skeleton.key) : '', frames.limits);
  const stats = endOf(root, { segments: read.segments, origin, limit, where: read.exchange.provenance });
  if (stats.total.seen === 0 && ++frames.paths > frames.limits.paths) relieve(frames);
  return stats;
}

/** All frames, in a fixed order. */
export function allFrames(frames: PathFrames): readonly PathFrame[] {
  return [...frames.kin]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([, kin]) => {
      const roots = [...kin.byStructure].sort(([a], [b]) => compareText(a, b)).map(([, root]) => root);
      return [...roots, ...(kin.others ? [kin.others] : [])].map((root) => frameOf(kin, root));
    });
}

const SILENT: Skeleton = { key: '', telling: false };

function frameOf({ frame }: Kin, root: PathNode): PathFrame {
  return { ...frame, root };
}

/** Answers that tell something are compared across hosts, since twins share their templates; silent ones only on their own. */
function kinOf(frames: PathFrames, read: ExchangeRead, { telling }: Skeleton): Kin {
  const { method } = read.exchange.request;
  const succeeded = read.status >= 200 && read.status < 300;
  const { echoed, filtered } = echoesOf(read);
  const status = succeeded ? '2xx' : String(read.status);
  const whose = telling ? 'telling' : originOf(read.exchange);
  const key = [method, status, whose, echoed.join(','), filtered.join(',')].join(' ');
  const known = frames.kin.get(key);
  if (known) return known;
  const made: Kin = {
    limitOf: telling ? 'telling' : 'silent',
    frame: { method, succeeded, telling, echoed: new Set(echoed), filtered: new Set(filtered) },
    byStructure: new Map(),
    others: undefined,
  };
  frames.kin.set(key, made);
  return made;
}

function rootOf(kin: Kin, hash: string, limits: FoldLimits): PathNode {
  const known = kin.byStructure.get(hash);
  if (known) return known;
  const made = newPathNode();
  kin.byStructure.set(hash, made);
  if (kin.byStructure.size <= limits.structures) return made;
  const last = [...kin.byStructure.keys()].sort(compareText).at(-1) ?? hash;
  const evicted = kin.byStructure.get(last) ?? made;
  kin.byStructure.delete(last);
  if (kin.others) mergeNodes(kin.others, evicted, limits.silent);
  else kin.others = evicted;
  return last === hash ? kin.others : made;
}

function relieve(frames: PathFrames): void {
  const roots = allFrames(frames);
  frames.paths = roots.reduce((sum, { root }) => sum + countEnds(root), 0);
  while (frames.paths > frames.limits.paths && frames.limits.silent > 2) {
    frames.strained = true;
    const { telling, silent } = frames.limits;
    frames.limits = { ...frames.limits, telling: Math.max(2, telling >> 1), silent: Math.max(2, silent >> 1) };
    for (const { root, telling: isTelling } of roots) {
      tighten(root, isTelling ? frames.limits.telling : frames.limits.silent);
    }
    frames.paths = roots.reduce((sum, { root }) => sum + countEnds(root), 0);
  }
}

/** Structures repeat: the last few thousand are not hashed again. */
const hashes = new Map<string, string>();

function hashOf(structure: string): string {
  const known = hashes.get(structure);
  if (known !== undefined) return known;
  const hash = createHash('sha256').update(structure).digest('base64url').slice(0, 22);
  if (hashes.size >= 4096) hashes.clear();
  hashes.set(structure, hash);
  return hash;
}
