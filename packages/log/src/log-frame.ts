import { FRAME_KIND } from './format.ts';
import { decodeRefusedNote } from './refused-frame.ts';
import type { ScannedFrame } from './segment-scan.ts';

interface FramePlace {
  readonly writer: string;
  /** Hex. */
  readonly node: string;
  readonly segment: number;
  readonly sequence: number;
  readonly offset: number;
  readonly time: number;
  readonly count: number;
}

/** One frame of the log. `count` says how many facts are in it, or missing because of a gap, or refused by the log. */
export type LogFrame =
  | (FramePlace & { readonly kind: 'facts'; readonly payload: Uint8Array })
  | (FramePlace & { readonly kind: 'gap' | 'refused'; readonly reason: string });

/** The frame as callers see it, its payload copied; undefined for a kind this version does not know. */
export function toLogFrame(
  segment: Pick<FramePlace, 'writer' | 'node' | 'segment'>,
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
