import { LeakproofError } from '@leakproof/core';
import type { Inventory, TrafficOptions } from '@leakproof/sources';
import { printMessage } from './terminal.ts';

/** Options of the verbs that read captures and descriptions. */
export interface ReadingOptions {
  readonly as?: string;
  readonly origin?: string;
  readonly logFormat?: string;
  readonly keyFile?: string;
}

/** Says what was lost of the files; true if nothing was. */
export async function reportUnread(found: Inventory): Promise<boolean> {
  const { unreadIn } = await import('@leakproof/sources');
  const unread = unreadIn(found);
  if (unread.length === 0) return true;
  const each = unread.map(({ count, code, file }) => `  ${count} × ${code} in ${file}`);
  printMessage(
    ['Incomplete: entries, lines or operations could not be read, and are in no figure:', ...each].join('\n'),
  );
  return false;
}

/** How the files of the command line are read. Throws LP-USAGE. */
export async function trafficOptions({ as, origin, logFormat, keyFile }: ReadingOptions): Promise<TrafficOptions> {
  const { loadKey, PASSPHRASE_VARIABLE } = await import('@leakproof/sources');
  const url = origin === undefined ? undefined : URL.parse(origin);
  if (url === null || (url && !/^https?:$/.test(url.protocol))) {
    throw new LeakproofError('LP-USAGE', '--origin is not an http or https URL', {
      fix: 'Write it like https://api.example.org.',
    });
  }
  return {
    as,
    logFormat,
    origin: url && { scheme: url.protocol === 'https:' ? 'https' : 'http', authority: url.host },
    keyOf: (path) => loadKey(path, { keyFile, passphrase: process.env[PASSPHRASE_VARIABLE] }),
  };
}
