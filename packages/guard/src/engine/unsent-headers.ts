import type { IncomingRequest } from '@leakproof/http';
import type { Engine } from './engine.ts';

interface UnsentHeaders {
  /** Names of the headers that the origin gets. */
  readonly sent: ReadonlySet<string>;
  /** Without one of the others the request would be another one. */
  readonly isRefused: boolean;
}

/**
 * Which headers of a request are sent to the origin. The names of the others are said once, those that are removed by design apart.
 * `isMonitored`: all of them were sent; said is what `enforce` would do.
 */
export function unsentHeaders(
  { requestHeaders, notices }: Pick<Engine, 'requestHeaders' | 'notices'>,
  { method, headers }: Pick<IncomingRequest, 'method' | 'headers'>,
  { operations, isMonitored = false }: { readonly operations: readonly string[]; readonly isMonitored?: boolean },
): UnsentHeaders {
  const context = { method, operations };
  const sent = requestHeaders.sent(context);
  let isRefused = false;
  for (const [name] of headers) {
    if (sent.has(name)) continue;
    const fate = requestHeaders.fate(name, context);
    if (fate === 'dropped') notices.droppedHeader(name, isMonitored);
    if (fate !== 'refused') continue;
    notices.refusedHeader(name, isMonitored);
    isRefused = true;
  }
  return { sent, isRefused };
}
