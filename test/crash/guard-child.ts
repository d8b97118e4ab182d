import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LogStatus } from '@leakproof/log';

export interface ChildOptions {
  readonly contractFile: string;
  readonly logDirectory: string;
  readonly originPort: number;
  /** `forgetful` acknowledges blocks that it never writes, `repeating` writes some twice: they show that the test can fail. */
  readonly log: 'sound' | 'forgetful' | 'repeating';
  /** A file whose length is the capacity of the log's disk; default: no limit. */
  readonly sizeFile?: string;
}

/** What the child prints when it serves. */
export interface StartedGuard extends Pick<LogStatus, 'writer' | 'repaired'> {
  readonly port: number;
}

export interface GuardChild extends StartedGuard {
  /** SIGKILL; resolves when the process has ended. */
  kill(): Promise<void>;
}

/** `fileBlocks` limits the size of each file that it writes, in blocks of the shell's `ulimit -f`. */
export async function startGuardChild(options: ChildOptions, fileBlocks?: number): Promise<GuardChild> {
  const script = fileURLToPath(new URL('guard-until-killed.ts', import.meta.url));
  const command = [process.execPath, '--conditions=source', script, JSON.stringify(options)];
  const [program = '', ...args] =
    fileBlocks === undefined ? command : ['sh', '-c', `ulimit -f ${fileBlocks} && exec "$@"`, 'sh', ...command];
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text);
    });
    child.once('close', (code) => reject(new Error(`The guard ended before it served (${code}).`)));
  });
  return {
    ...(JSON.parse(line) as StartedGuard),
    kill: () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}
