import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { type OpenedSegment, openSegment } from './opened-segment.ts';
import { listSegments, listWriters } from './segment-files.ts';
import type { ChainPoint, SegmentHeader } from './segment-header.ts';
import { assertDirectory, unreadable } from './unreadable.ts';
import { type BreakReason, verifySegment } from './verify-segment.ts';

export interface LogBreak {
  readonly writer: string;
  readonly segment: number;
  /** 0 if the whole segment is meant. */
  readonly offset: number;
  readonly why: BreakReason;
}

export interface WriterReport {
  readonly writer: string;
  readonly segments: number;
  readonly frames: number;
  readonly facts: number;
  readonly refused: number;
  /** The newest root, in hex: stored elsewhere, it proves later that nothing before it was rewritten or removed. */
  readonly head: { readonly segment: number; readonly length: number; readonly root: string } | undefined;
  /** Bytes that no root covers yet, only checksums: an unsealed end, and remains of abandoned segments. */
  readonly unprovenBytes: number;
}

export interface LogReport {
  /** No byte that is there was changed. True of a log in which nothing is. */
  readonly whole: boolean;
  /** No frame was found: `whole` then says nothing. */
  readonly isEmpty: boolean;
  readonly firstBreak: LogBreak | undefined;
  readonly breaks: readonly LogBreak[];
  readonly writers: readonly WriterReport[];
}

const MAX_BREAKS = 1000;

/**
 * Checks every frame, seal and link of the chain. Finds changed, removed, inserted or reordered bytes, frames and segments. Does
 * not find that the newest segments were removed completely, or that everything was rewritten with new roots: compare `head`
 * with one stored elsewhere. A running writer may show a torn end. The oldest segments may be missing (retention). Lists the
 * first 1000 breaks. Throws LP-FILE-UNREADABLE if there is no such directory.
 */
export function verifyLog(directory: string): LogReport {
  assertDirectory(directory);
  const breaks: LogBreak[] = [];
  const report = (found: LogBreak): void => {
    if (breaks.length < MAX_BREAKS) breaks.push(found);
  };
  try {
    const writers = listWriters(directory).map((writer) => verifyWriter(join(directory, writer), writer, report));
    const isEmpty = writers.every(({ frames }) => frames === 0);
    return { whole: breaks.length === 0, isEmpty, firstBreak: breaks[0], breaks, writers };
  } catch (error) {
    throw unreadable(directory, error);
  }
}

function verifyWriter(directory: string, writer: string, report: (found: LogBreak) => void): WriterReport {
  const segments = listSegments(directory);
  const headers = readHeaders(directory, segments);
  const declared = new Map<number, ChainPoint>();
  for (const { previous } of headers.values()) declared.set(previous.segment, previous);
  const ends = new Map<number, number | undefined>();
  const sums = { frames: 0, facts: 0, refused: 0, unprovenBytes: 0 };
  let head: ChainPoint | undefined;
  let node: Uint8Array | undefined;
  for (const segment of segments) {
    const opened = openSegment(directory, segment);
    if (opened === undefined) continue;
    try {
      for (const why of linkBreaks({ segment, segments, opened, node })) report({ writer, segment, offset: 0, why });
      node ??= opened.header?.node;
      const expected = ends.get(opened.header?.previous.segment ?? 0);
      const findings = verifySegment(opened, { segment, declared: declared.get(segment), expected });
      const orphan = !declared.has(segment) && segment !== segments.at(-1);
      ends.set(segment, findings.nextSequence);
      sums.unprovenBytes += findings.unprovenBytes;
      if (orphan) continue;
      for (const found of findings.breaks) report({ writer, segment, ...found });
      sums.frames += findings.frames;
      sums.facts += findings.facts;
      sums.refused += findings.refused;
      head = findings.end;
    } finally {
      closeSync(opened.file);
    }
  }
  const newest = head && { segment: head.segment, length: head.length, root: Buffer.from(head.root).toString('hex') };
  return { writer, segments: segments.length, ...sums, head: newest };
}

interface Link {
  readonly segment: number;
  readonly segments: readonly number[];
  readonly opened: OpenedSegment;
  readonly node: Uint8Array | undefined;
}

function linkBreaks({ segment, segments, opened, node }: Link): readonly BreakReason[] {
  const { header } = opened;
  if (opened.tornBytes !== undefined) return ['torn'];
  if (header === undefined || header.segment !== segment) return ['header'];
  const found: BreakReason[] = [];
  if (node && Buffer.compare(node, header.node) !== 0) found.push('node');
  const { previous } = header;
  const older = segments.some((other) => other < previous.segment);
  if (previous.segment !== 0 && older && !segments.includes(previous.segment)) found.push('missing');
  return found;
}

function readHeaders(directory: string, segments: readonly number[]): ReadonlyMap<number, SegmentHeader> {
  const headers = new Map<number, SegmentHeader>();
  for (const segment of segments) {
    const opened = openSegment(directory, segment);
    if (opened === undefined) continue;
    closeSync(opened.file);
    if (opened.header) headers.set(segment, opened.header);
  }
  return headers;
}
