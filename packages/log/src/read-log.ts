import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { FRAME_KIND, SEGMENT_HEADER_BYTES } from './format.ts';
import { type LogFrame, toLogFrame } from './log-frame.ts';
import { type OpenedSegment, openSegment } from './opened-segment.ts';
import { listSegments, listWriters } from './segment-files.ts';
import { type Scanned, scanSegment } from './segment-scan.ts';
import { SequenceFilter, type SequencePosition } from './sequence-filter.ts';
import { assertDirectory, unreadable } from './unreadable.ts';

/** What was not yielded. `facts` counts only frames with a readable header. */
export interface PassedOver {
  readonly writer: string;
  readonly segment: number;
  readonly offset: number;
  readonly bytes: number;
  readonly facts: number;
  readonly why: 'damaged' | 'tail' | 'repeated' | 'unknown-kind' | 'removed';
}

/** Segments before this one are not opened. */
export interface ReadPosition extends SequencePosition {
  readonly segment: number;
}

export interface ReadLogOptions {
  /** Continues after what was read before, for each writer named. */
  readonly after?: Readonly<Record<string, ReadPosition>>;
  /** Ends after this segment, for each writer named. */
  readonly until?: Readonly<Record<string, number>>;
  /** Called when a writer was read to its end: where `after` has to continue. */
  readonly onWriterRead?: (writer: string, position: ReadPosition) => void;
  /** Called for everything that is not yielded, except seals. The `tail` of the newest segment may still be being written. */
  readonly onPassedOver?: (passed: PassedOver) => void;
}

/**
 * Yields every whole frame once, writer by writer, in the order of sequence numbers; a frame of which only a later copy is whole
 * is yielded at the position of that copy. Bounded memory; may run while writers append, and then ends at the last whole frame.
 * Reads synchronously: not for a process that serves traffic. Throws LP-FILE-UNREADABLE if there is no such directory.
 */
export function* readLog(directory: string, options: ReadLogOptions = {}): Generator<LogFrame> {
  assertDirectory(directory);
  try {
    for (const writer of listWriters(directory)) yield* readWriter(join(directory, writer), writer, options);
  } catch (error) {
    throw unreadable(directory, error);
  }
}

function* readWriter(directory: string, writer: string, options: ReadLogOptions): Generator<LogFrame> {
  const after = options.after?.[writer];
  const until = options.until?.[writer] ?? Number.POSITIVE_INFINITY;
  const filter = new SequenceFilter(after);
  let last = after?.segment ?? 0;
  for (const segment of listSegments(directory)) {
    if (segment < (after?.segment ?? 0) || segment > until) continue;
    last = segment;
    const opened = openSegment(directory, segment);
    const pass = (item: Omit<PassedOver, 'writer' | 'segment'>): void =>
      options.onPassedOver?.({ writer, segment, ...item });
    if (opened === undefined) pass({ offset: 0, bytes: 0, facts: 0, why: 'removed' });
    else yield* readSegment({ writer, segment, opened, filter, pass });
  }
  options.onWriterRead?.(writer, { segment: last, ...filter.position });
}

interface SegmentReading {
  readonly writer: string;
  readonly segment: number;
  readonly opened: OpenedSegment;
  readonly filter: SequenceFilter;
  readonly pass: (item: Omit<PassedOver, 'writer' | 'segment'>) => void;
}

function* readSegment({ writer, segment, opened, filter, pass }: SegmentReading): Generator<LogFrame> {
  const node = Buffer.from(opened.node).toString('hex');
  filter.startNode(node);
  try {
    if (opened.tornBytes !== undefined) pass({ offset: 0, bytes: opened.tornBytes, facts: 0, why: 'tail' });
    else if (opened.header === undefined) pass({ offset: 0, bytes: SEGMENT_HEADER_BYTES, facts: 0, why: 'damaged' });
    for (const item of scanSegment(opened.file, opened.seed)) {
      const why = skipReason(item, filter);
      const frame =
        why === undefined && item.type === 'frame' ? toLogFrame({ writer, node, segment }, item) : undefined;
      if (frame) yield frame;
      else if (why !== 'silent') pass({ ...extentOf(item), why: why ?? 'unknown-kind' });
    }
  } finally {
    closeSync(opened.file);
  }
}

function skipReason(item: Scanned, filter: SequenceFilter): PassedOver['why'] | 'silent' | undefined {
  if (item.type === 'damage') return 'damaged';
  if (item.type === 'tail') return item.bytes > 0 ? 'tail' : 'silent';
  if (item.header.kind === FRAME_KIND.seal) return 'silent';
  const admission = filter.admit(item.header.sequence);
  if (admission === 'new') return undefined;
  return admission === 'repeated' ? 'repeated' : 'silent';
}

function extentOf(item: Scanned): { offset: number; bytes: number; facts: number } {
  if (item.type === 'tail') return { offset: item.offset, bytes: item.bytes, facts: item.facts };
  const facts = item.type === 'frame' ? item.header.count : item.facts;
  return { offset: item.offset, bytes: item.end - item.offset, facts };
}
