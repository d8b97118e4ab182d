import { vi } from 'vitest';
import { wasmReader } from '../read/wasm-reader.ts';

/** How many elements the WebAssembly reader accepts while `run` runs. */
export function countReads(run: () => void): number {
  const reader = wasmReader();
  if (!reader) throw new Error('WebAssembly is not available.');
  const read = vi.spyOn(reader, 'read');
  try {
    run();
    return read.mock.results.filter(({ value }) => value !== 0).length;
  } finally {
    read.mockRestore();
  }
}
