import type { RecordedExchange } from './exchange.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (number: number): string => String(number).padStart(2, '0');

/** `20/Jan/2021:12:00:00 +0000` */
function logTime(ms: number): string {
  const at = new Date(ms);
  const clock = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(':');
  return `${two(at.getUTCDate())}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}:${clock} +0000`;
}

/** The combined log format of Apache and nginx, which does not contain the host: one file for each. */
export function writeCombinedLog(exchanges: readonly RecordedExchange[]): string {
  return exchanges
    .map((each) => {
      const { clientAddress, caller = '-', startedMs, method, path, status, responseBody, requestHeaders } = each;
      const size = Buffer.byteLength(responseBody);
      const agent = requestHeaders['user-agent'] ?? '-';
      return `${clientAddress} - ${caller} [${logTime(startedMs)}] "${method} ${path} HTTP/1.1" ${status} ${size} "-" "${agent}"\n`;
    })
    .join('');
}

/** One JSON object per line, all hosts in one file. */
export function writeJsonLog(exchanges: readonly RecordedExchange[]): string {
  return exchanges
    .map((each) => {
      const line = {
        time: new Date(each.startedMs).toISOString(),
        host: each.host,
        method: each.method,
        path: each.path,
        status: each.status,
        bytes: Buffer.byteLength(each.responseBody),
        duration_ms: each.tookMs,
        user: each.caller ?? null,
        client_ip: each.clientAddress,
        user_agent: each.requestHeaders['user-agent'],
      };
      return `${JSON.stringify(line)}\n`;
    })
    .join('');
}
