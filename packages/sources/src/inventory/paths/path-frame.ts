import { createHash } from 'node:crypto';
import { bodyStructureOf, type BodyStructure } from '../stats/body-structure.ts';
import { compareText } from '../stats/counted.ts';
import { echoesOf } from '../stats/echoes.ts';
import type { OperationStats } from '../stats/operation-stats.ts';
import { countEnds, endOf, mergeNodes, newFrameNode, foldBeyond, type FrameNode } from './frame-tree.ts';
import { originOf, type ExchangeRead } from '../read-exchange.ts';

/** Bounds on the paths that an inventory keeps apart, and so on its memory. */
export interface PathLimits {
  /** Distinct values of a path segment after which it becomes a parameter, where response bodies are informative. */
  readonly informative: number;
  /** The same where response bodies are uninformative. */
  readonly uninformative: number;
  /** Distinct paths; beyond it the other two limits are halved. */
  readonly paths: number;
  /** Distinct body structures for one method and status. */
  readonly structures: number;
}

export const PATH_LIMITS: PathLimits = { informative: 128, uninformative: 1000, paths: 20_000, structures: 64 };

/** All paths whose responses have one structure. `echoed`, `filtered`: indices of segments, as in `Echoes`. */
export interface PathFrame {
  readonly method: string;
  readonly succeeded: boolean;
  readonly informative: boolean;
  readonly echoed: ReadonlySet<number>;
  readonly filtered: ReadonlySet<number>;
  readonly root: FrameNode;
}

/** Exchanges with the same method, status class and echoed segments. */
interface ResponseGroup {
  readonly limit: 'informative' | 'uninformative';
  readonly frame: Omit<PathFrame, 'root'>;
  readonly byStructure: Map<string, FrameNode>;
  others: FrameNode | undefined;
}

/** Traffic grouped by its responses. Memory is bounded by `PathLimits`, not by the number of distinct paths. */
export interface PathFrames {
  readonly groups: Map<string, ResponseGroup>;
  limits: PathLimits;
  paths: number;
  /** True once the limits were halved: from then on the result may depend on the order of the traffic. */
  limitsReached: boolean;
}

export function newFrames(limits: PathLimits = PATH_LIMITS): PathFrames {
  return { groups: new Map(), limits, paths: 0, limitsReached: false };
}

/** The statistics that an exchange belongs to. */
export function frameStats(frames: PathFrames, read: ExchangeRead): OperationStats {
  const hasValue = isSuccess(read) && read.response.value !== undefined;
  const structure = hasValue ? bodyStructureOf(read.response.value) : NO_STRUCTURE;
  const group = responseGroupOf(frames, read, structure);
  const origin = originOf(read.exchange);
  const limit = frames.limits[group.limit];
  const root = rootOf(group, group.frame.informative ? hashOf(structure.key) : '', frames.limits);
  const stats = endOf(root, { segments: read.segments, origin, limit, where: read.exchange.provenance });
  if (stats.total.seen === 0 && ++frames.paths > frames.limits.paths) lowerLimits(frames);
  return stats;
}

/** All frames, in a fixed order. */
export function allFrames(frames: PathFrames): readonly PathFrame[] {
  return [...frames.groups]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([, group]) => {
      const roots = [...group.byStructure].sort(([a], [b]) => compareText(a, b)).map(([, root]) => root);
      return [...roots, ...(group.others ? [group.others] : [])].map((root) => frameOf(group, root));
    });
}

const NO_STRUCTURE: BodyStructure = { key: '', informative: false };

function frameOf({ frame }: ResponseGroup, root: FrameNode): PathFrame {
  return { ...frame, root };
}

/** Informative responses are compared across hosts, which may serve the same API; uninformative ones within one host. */
function responseGroupOf(frames: PathFrames, read: ExchangeRead, { informative }: BodyStructure): ResponseGroup {
  const { method } = read.exchange.request;
  const succeeded = isSuccess(read);
  const { echoed, filtered } = echoesOf(read);
  const status = succeeded ? '2xx' : String(read.status);
  const scope = informative ? 'informative' : originOf(read.exchange);
  const key = [method, status, scope, echoed.join(','), filtered.join(',')].join(' ');
  const known = frames.groups.get(key);
  if (known) return known;
  const made: ResponseGroup = {
    limit: informative ? 'informative' : 'uninformative',
    frame: { method, succeeded, informative, echoed: new Set(echoed), filtered: new Set(filtered) },
    byStructure: new Map(),
    others: undefined,
  };
  frames.groups.set(key, made);
  return made;
}

function isSuccess({ status }: ExchangeRead): boolean {
  return status >= 200 && status < 300;
}

function rootOf(group: ResponseGroup, hash: string, limits: PathLimits): FrameNode {
  const known = group.byStructure.get(hash);
  if (known) return known;
  const made = newFrameNode();
  group.byStructure.set(hash, made);
  if (group.byStructure.size <= limits.structures) return made;
  const last = [...group.byStructure.keys()].sort(compareText).at(-1) ?? hash;
  const evicted = group.byStructure.get(last) ?? made;
  group.byStructure.delete(last);
  if (group.others) mergeNodes(group.others, evicted, limits.uninformative);
  else group.others = evicted;
  return last === hash ? group.others : made;
}

function lowerLimits(frames: PathFrames): void {
  const roots = allFrames(frames);
  frames.paths = roots.reduce((sum, { root }) => sum + countEnds(root), 0);
  while (frames.paths > frames.limits.paths && frames.limits.uninformative > 2) {
    frames.limitsReached = true;
    const { informative, uninformative } = frames.limits;
    frames.limits = {
      ...frames.limits,
      informative: Math.max(2, informative >> 1),
      uninformative: Math.max(2, uninformative >> 1),
    };
    for (const { root, informative: isInformative } of roots) {
      foldBeyond(root, isInformative ? frames.limits.informative : frames.limits.uninformative);
    }
    frames.paths = roots.reduce((sum, { root }) => sum + countEnds(root), 0);
  }
}

/** Hashes of recent structures, which repeat. */
const hashes = new Map<string, string>();

function hashOf(structure: string): string {
  const known = hashes.get(structure);
  if (known !== undefined) return known;
  const hash = createHash('sha256').update(structure).digest('base64url').slice(0, 22);
  if (hashes.size >= 4096) hashes.clear();
  hashes.set(structure, hash);
  return hash;
}
