import { Frames } from './read/frames.ts';
import { Output } from './release/output.ts';
import { Tape } from './read/tape.ts';

/** What one cut works with, and the next can use again: making it would cost a small response more than reading it. */
export interface Workspace {
  readonly tape: Tape;
  readonly frames: Frames;
  readonly output: Output;
}

/** Spare ones that are kept, and the most that one may have grown to. */
const MAX_SPARE = 32;
const MAX_SPARE_ROWS = 16_384;

const spare: Workspace[] = [];

export function takeWorkspace(): Workspace {
  return spare.pop() ?? { tape: new Tape(), frames: new Frames(), output: new Output() };
}

/** Gives a workspace back, with nothing of a body left in it. */
export function giveBack(workspace: Workspace): void {
  const { tape, frames, output } = workspace;
  if (spare.length >= MAX_SPARE || tape.rows.length > MAX_SPARE_ROWS) return;
  tape.forget();
  frames.forget();
  output.forget();
  spare.push(workspace);
}
