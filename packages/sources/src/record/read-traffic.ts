import { open } from 'node:fs/promises';
import { readSource, type SourceOptions } from '../read-source.ts';
import type { Reading } from '../reading/reader.ts';
import { readRecording } from './read-recording.ts';
import { MAGIC } from './recording-frames.ts';
import type { RecordingKey } from './recording-header.ts';

export interface TrafficOptions extends SourceOptions {
  /** The key of a recording; called only for files that are one. */
  readonly keyOf?: ((path: string) => RecordingKey) | undefined;
}

/** Reads a recording with its key, or any other file with the reader of its format. */
export async function* readTraffic(path: string, options: TrafficOptions = {}): AsyncGenerator<Reading> {
  if (!options.keyOf || !(await isRecording(path))) {
    yield* readSource(path, options);
    return;
  }
  const { exchanges, outcome } = await readRecording(path, options.keyOf(path));
  for await (const exchange of exchanges) yield { type: 'exchange', exchange };
  const where = { reader: 'recording', file: path };
  if (outcome.torn) yield { type: 'reject', code: 'torn', where, count: 1 };
  if (outcome.unreadable > 0) yield { type: 'reject', code: 'not-an-object', where, count: outcome.unreadable };
}

async function isRecording(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return false;
  try {
    const head = Buffer.alloc(MAGIC.length);
    await file.read(head, 0, head.length, 0);
    return head.equals(MAGIC);
  } catch {
    return false;
  } finally {
    await file.close();
  }
}
