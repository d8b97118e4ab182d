import { Frames } from './read/frames.ts';
import { Output } from './release/output.ts';
import { Tape } from './read/tape.ts';

/** Buffers of one cut, reused by later ones: allocating them would cost a small response more than reading it. */
export interface Workspace {
  readonly tape: Tape;
  readonly frames: Frames;
  readonly output: Output;
}

/** Most workspaces that are kept, and the largest tape of one, in words. */
const MAX_SPARE = 32;
const MAX_SPARE_ROWS = 16_384;

const spare: Workspace[] = [];

export function acquireWorkspace(): Workspace {
  return spare.pop() ?? { tape: new Tape(), frames: new Frames(), output: new Output() };
}

/** Returns a workspace, without any reference to values of the body. */
export function releaseWorkspace(workspace: Workspace): void {
  const { tape, frames, output } = workspace;
  if (spare.length >= MAX_SPARE || tape.rows.length > MAX_SPARE_ROWS) return;
  tape.reset();
  frames.reset();
  output.reset();
  spare.push(workspace);
}
