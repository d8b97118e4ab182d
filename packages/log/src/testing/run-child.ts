import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Starts one of the scripts of this folder from source. */
export function startChild(script: string, ...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['--conditions=source', pathOf(script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

export function pathOf(script: string): string {
  return fileURLToPath(new URL(script, import.meta.url));
}

/**
 * Reads a child's lines, kills it with SIGKILL after `lines` of them, and returns every whole line, also those that were still in
 * the pipe.
 */
export async function killAfter(child: ChildProcess, lines: number): Promise<readonly string[]> {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    if (text.split('\n').length > lines) child.kill('SIGKILL');
  });
  await new Promise((resolve) => {
    child.once('close', resolve);
  });
  return text.split('\n').slice(0, -1);
}

/** The first line of a child's output; the rest is discarded. */
export function firstLine(child: ChildProcess): Promise<string> {
  let text = '';
  return new Promise((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      text = text.includes('\n') ? text : text + chunk.toString();
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
  });
}
