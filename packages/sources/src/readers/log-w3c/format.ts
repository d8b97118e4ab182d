import {
  headersFrom,
  present,
  statusOf,
  type LineParser,
  type LogFormat,
  type LogLine,
} from '../../reading/access-log/log-format.ts';

/** W3C Extended Log Format, as CloudFront and IIS write it: a `#Fields:` line names the columns. */
export const w3cFormat: LogFormat = { id: 'log-w3c', start: startW3c };

function startW3c(): LineParser {
  let columns: ReadonlyMap<string, number> | undefined;
  return (line): LogLine => {
    if (line.startsWith('#')) {
      const fields = /^#Fields:\s*(.*)$/i.exec(line)?.[1];
      if (fields !== undefined)
        columns = new Map(
          fields
            .trim()
            .split(/\s+/)
            .map((name, at) => [name.toLowerCase(), at]),
        );
      return /^#(?:Version|Fields|Software|Date|Start-Date|End-Date|Remark)\b/i.test(line) ? 'comment' : undefined;
    }
    return columns === undefined ? undefined : parseLine(line, columns);
  };
}

function parseLine(line: string, columns: ReadonlyMap<string, number>): LogLine {
  const values = line.includes('\t') ? line.split('\t') : line.split(' ');
  if (values.length !== columns.size) return undefined;
  const value = (name: string): string | undefined => {
    const at = columns.get(name);
    return at === undefined ? undefined : present(values[at]);
  };
  const method = value('cs-method');
  const path = value('cs-uri-stem') ?? value('cs-uri');
  if (method === undefined || path === undefined) return 'no-request';
  const query = value('cs-uri-query');
  const protocol = value('cs-protocol');
  const date = value('date');
  const time = value('time');
  return {
    method,
    target: query === undefined || path.includes('?') ? path : `${path}?${query}`,
    scheme: protocol === 'https' || protocol === 'wss' || value('s-port') === '443' ? 'https' : undefined,
    // cs(Host) of CloudFront is its own domain; x-host-header is that of the request.
    authority: value('x-host-header') ?? value('cs-host') ?? value('cs(host)'),
    headers: headersFrom(
      ['user-agent', decoded(value('cs(user-agent)'))],
      ['referer', decoded(value('cs(referer)'))],
      ['cookie', decoded(value('cs(cookie)'))],
      ['x-forwarded-for', value('x-forwarded-for')],
    ),
    status: statusOf(value('sc-status')),
    responseHeaders: headersFrom(['content-type', value('sc-content-type')]),
    timeMs: date === undefined || time === undefined ? undefined : timeOf(date, time),
    user: value('cs-username'),
  };
}

function timeOf(date: string, time: string): number | undefined {
  const timeMs = Date.parse(`${date}T${time}Z`);
  return Number.isNaN(timeMs) ? undefined : timeMs;
}

/** CloudFront percent-encodes values (some characters twice), IIS writes `+` for a space. */
function decoded(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (!value.includes('%')) return value.replaceAll('+', ' ');
  try {
    return decodeURIComponent(value.replaceAll('%25', '%'));
  } catch {
    return value;
  }
}
