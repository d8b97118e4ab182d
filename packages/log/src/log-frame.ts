import { FRAME_KIND } from './format.ts';
import { decodeRefusedNote } from './refused-frame.ts';
import type { ScannedFrame } from './segment-scan.ts';

interface FramePosition {
  readonly writer: string;
  /** Hex. */
  readonly node: string;
  readonly segment: number;
  readonly sequence: number;
  readonly offset: number;
  readonly time: number;
  readonly count: number;
}

/** One frame of the log. `count`: the facts in it, or those missing because of a gap, or those that the log refused. */
export type LogFrame =
  | (FramePosition & { readonly kind: 'facts'; readonly payload: Uint8Array })
  | (FramePosition & { readonly kind: 'gap' | 'refused'; readonly reason: string });

/** The frame for callers, with a copy of its payload; undefined for a kind that this version does not know. */
export function toLogFrame(
  segment: Pick<FramePosition, 'writer' | 'node' | 'segment'>,
  { header, offset, payload }: ScannedFrame,
): LogFrame | undefined {
  const { sequence, time, count } = header;
  const place = { ...segment, sequence, offset, time, count };
  switch (header.kind) {
    case FRAME_KIND.facts:
      return { ...place, kind: 'facts', payload: new Uint8Array(payload) };
    case FRAME_KIND.gap:
      return { ...place, kind: 'gap', reason: payload.toString('utf8') };
    case FRAME_KIND.refused:
      return { ...place, kind: 'refused', reason: decodeRefusedNote(payload)?.reason ?? '' };
    default:
      return undefined;
  }
}
