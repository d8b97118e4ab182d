import {
  headersFrom,
  present,
  requestLine,
  statusOf,
  type LogFormat,
  type LogLine,
} from '../../reading/access-log/log-format.ts';
import { clfTimeMs } from '../../reading/access-log/log-time.ts';
import { closing, unescapeQuoted } from '../../reading/access-log/quoted-words.ts';

/** Common and combined log format, with or without a leading virtual host. Parsed without a regular expression, for speed. */
export const combinedFormat: LogFormat = { id: 'log-combined', start: () => parseCombined };

function parseCombined(line: string): LogLine {
  const timeStart = line.indexOf(' [');
  const timeEnd = line.indexOf('] "', timeStart);
  if (timeStart < 0 || timeEnd < 0 || timeEnd - timeStart > 40) return undefined;
  const who = whoOf(line.slice(0, timeStart));
  const timeMs = clfTimeMs(line.slice(timeStart + 2, timeEnd));
  if (who === undefined || timeMs === undefined) return undefined;
  const requestEnd = closing(line, timeEnd + 3, '"');
  if (requestEnd < 0 || line[requestEnd + 1] !== ' ') return undefined;
  const statusEnd = line.indexOf(' ', requestEnd + 2);
  if (statusEnd < 0 || statusEnd - requestEnd > 5) return undefined;
  const status = line.slice(requestEnd + 2, statusEnd);
  const sizeEnd = sizeEndOf(line, statusEnd + 1);
  if (sizeEnd < 0 || !/^(?:\d{1,3}|-)$/.test(status)) return undefined;
  const request = requestLine(unescapeQuoted(line.slice(timeEnd + 3, requestEnd)));
  if (request === undefined) return 'no-request';
  const refererEnd = line.startsWith(' "', sizeEnd) ? closing(line, sizeEnd + 2, '"') : -1;
  const agentEnd = refererEnd > 0 && line.startsWith(' "', refererEnd + 1) ? closing(line, refererEnd + 3, '"') : -1;
  return {
    method: request.method,
    target: request.target,
    authority: who.host,
    headers: headersFrom(
      ['referer', refererEnd < 0 ? undefined : unescapeQuoted(line.slice(sizeEnd + 2, refererEnd))],
      ['user-agent', agentEnd < 0 ? undefined : unescapeQuoted(line.slice(refererEnd + 3, agentEnd))],
    ),
    status: statusOf(status),
    timeMs,
    user: who.user,
  };
}

/** `client ident user` (the user may contain spaces) after an optional `host:port` of a virtual host. */
function whoOf(text: string): { host: string | undefined; user: string | undefined } | undefined {
  if (text.endsWith(' - -') && text.indexOf(' ') === text.length - 4) return NOBODY;
  const words = text.split(' ');
  if (words.length < 3) return undefined;
  const virtual = words.length > 3 && /^[\w.-]+:\d+$/.test(words[0] ?? '') ? words.shift() : undefined;
  return { host: virtual, user: present(words.slice(2).join(' ')) };
}

const NOBODY = { host: undefined, user: undefined };

/** The end of the digits or the dash at `from`, or -1. */
function sizeEndOf(line: string, from: number): number {
  let at = from;
  if (line[at] === '-') at += 1;
  else while (line.charCodeAt(at) >= 48 && line.charCodeAt(at) <= 57) at += 1;
  return at > from && (at === line.length || line[at] === ' ') ? at : -1;
}
