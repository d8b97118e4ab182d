import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Styles results for stdout; without colours if it is not a terminal or NO_COLOR is set. */
export const paint = (style: Style, text: string): string => styleText(style, text, { stream: process.stdout });

/** Styles messages for stderr. */
export const paintMessage = (style: Style, text: string): string => styleText(style, text, { stream: process.stderr });

/** Writes one line to stderr. */
export function printMessage(text: string): void {
  process.stderr.write(`${text}\n`);
}

export interface Progress {
  readonly text: string;
  /** Only shown on a terminal, where the next line replaces it. */
  readonly isTransient: boolean;
}

/** Shows progress on stderr: in one line on a terminal, else line by line. */
export function showProgress(progress: Progress | undefined): void {
  if (!progress) return;
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${progress.text}`);
  else if (!progress.isTransient) printMessage(progress.text);
}

/** Ends the progress line of a terminal. */
export function endProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\n');
}

/** Runs with a signal that Ctrl-C aborts. A second Ctrl-C ends the process. */
export async function untilInterrupted<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  process.once('SIGINT', stop);
  try {
    return await run(interrupt.signal);
  } finally {
    process.off('SIGINT', stop);
  }
}

/** Resolves at SIGINT (Ctrl-C) or SIGTERM. */
export async function untilStopped(): Promise<void> {
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
}

/** Asks at the terminal, whatever stdin is; undefined if there is no terminal. */
export async function confirmed(question: string): Promise<boolean | undefined> {
  const terminal = await open('/dev/tty', 'r').catch(() => undefined);
  if (!terminal) return undefined;
  try {
    process.stderr.write(question);
    for await (const line of terminal.readLines()) return /^y(?:es)?$/i.test(line.trim());
    return false;
  } catch {
    return undefined;
  } finally {
    await terminal.close().catch(() => undefined);
  }
}
