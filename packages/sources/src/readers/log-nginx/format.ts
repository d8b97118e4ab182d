import {
  present,
  requestLine,
  statusOf,
  type LogFormat,
  type LogLine,
  type LogRecord,
} from '../../reading/access-log/log-format.ts';
import { anyTimeMs } from '../../reading/access-log/log-time.ts';
import { unescapeQuoted } from '../../reading/access-log/quoted-words.ts';

/** A log with the format in `ReadOptions.logFormat`, as between the quotes of `log_format` in nginx.conf. */
export const nginxFormat: LogFormat = {
  id: 'log-nginx',
  start({ logFormat }) {
    if (logFormat === undefined) return undefined;
    const { pattern, names } = compile(logFormat);
    return (line) => {
      const values = pattern.exec(line);
      return values === null ? undefined : recordOf(names, values);
    };
  },
};

/** A pattern with one group for each variable. A variable extends to the text that follows it. */
function compile(logFormat: string): { pattern: RegExp; names: readonly string[] } {
  const names: string[] = [];
  let source = '^';
  // Quotes with line breaks between them, and `\'`, are syntax of nginx.conf.
  const oneLine = logFormat.replaceAll(/'\s*\n\s*'/g, '').replaceAll("\\'", "'");
  const pieces = oneLine.split(/(\$\{\w+\}|\$\w+)/);
  for (const [index, piece] of pieces.entries()) {
    if (index % 2 === 0) {
      source += literal(piece);
      continue;
    }
    names.push(piece.replaceAll(/[^\w]/g, ''));
    const next = (pieces[index + 1] ?? '')[0];
    source += next === undefined ? '(.*)' : next === '"' ? '((?:[^"\\\\]|\\\\.)*)' : `([^${literal(next)}]*)`;
  }
  return { pattern: new RegExp(`${source}$`), names };
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}

function recordOf(names: readonly string[], values: RegExpExecArray): LogLine {
  const record: { -readonly [K in keyof LogRecord]?: LogRecord[K] } = {};
  const headers: [string, string][] = [];
  const responseHeaders: [string, string][] = [];
  let query: string | undefined;
  for (const [index, name] of names.entries()) {
    const value = present(unescapeQuoted(values[index + 1] ?? ''));
    if (value === undefined) continue;
    const header = /^(http|sent_http|upstream_http)_(\w+)$/.exec(name);
    if (header !== null) {
      (header[1] === 'http' ? headers : responseHeaders).push([(header[2] ?? '').replaceAll('_', '-'), value]);
      continue;
    }
    if (name === 'args' || name === 'query_string') query = value;
    else setVariable(record, name, value);
  }
  if (record.method === undefined || record.target === undefined) return 'no-request';
  const host = headers.find(([name]) => name === 'host')?.[1];
  return {
    ...record,
    method: record.method,
    target: query === undefined || record.target.includes('?') ? record.target : `${record.target}?${query}`,
    authority: host ?? record.authority,
    headers,
    responseHeaders,
  };
}

function setVariable(record: { -readonly [K in keyof LogRecord]?: LogRecord[K] }, name: string, value: string): void {
  switch (name) {
    case 'request': {
      Object.assign(record, requestLine(value));
      break;
    }
    case 'request_method':
      record.method = value;
      break;
    case 'request_uri':
      record.target = value;
      break;
    case 'uri':
    case 'document_uri':
      record.target ??= value;
      break;
    case 'status':
      record.status = statusOf(value);
      break;
    case 'scheme':
      record.scheme = value === 'https' ? 'https' : 'http';
      break;
    case 'https':
      record.scheme = 'https';
      break;
    case 'host':
      record.authority = value;
      break;
    case 'server_name':
      record.authority ??= value;
      break;
    case 'remote_user':
      record.user = value;
      break;
    case 'time_local':
    case 'time_iso8601':
    case 'msec':
      record.timeMs ??= anyTimeMs(value);
      break;
    default:
  }
}
