import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const SEGMENT_NAME = /^(\d{8,})\.log$/;
const WRITER_NAME = /^w-(\d+)$/;

export function segmentPath(directory: string, segment: number): string {
  return join(directory, `${String(segment).padStart(8, '0')}.log`);
}

/** The segment numbers in a writer's directory, ascending; empty if there is no such directory. */
export function listSegments(directory: string): readonly number[] {
  return numbersOf(directory, SEGMENT_NAME);
}

export function writerName(slot: number): string {
  return `w-${slot}`;
}

/** The names of the writer directories of a log, in the order of their numbers. */
export function listWriters(directory: string): readonly string[] {
  return numbersOf(directory, WRITER_NAME).map(writerName);
}

function numbersOf(directory: string, pattern: RegExp): readonly number[] {
  const numbers: number[] = [];
  for (const name of namesIn(directory)) {
    const digits = pattern.exec(name)?.[1];
    if (digits !== undefined) numbers.push(Number(digits));
  }
  return numbers.sort((a, b) => a - b);
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
