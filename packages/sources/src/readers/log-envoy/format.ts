import { headersFrom, present, statusOf, type LogFormat, type LogLine } from '../../reading/access-log/log-format.ts';
import { quotedWords } from '../../reading/access-log/quoted-words.ts';

const START =
  /^\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}Z)\] "([^" ]+) ((?:[^"\\]|\\.)*?) ?(HTTP\/[\d.]+|-)" (\d{1,3}|-) /;

/**
 * Envoy's default text format, and Istio's, which has more columns in the middle. In both, the last quoted words are client address,
 * user agent, request id, authority and upstream host.
 */
export const envoyFormat: LogFormat = { id: 'log-envoy', start: () => parseEnvoy };

function parseEnvoy(line: string): LogLine {
  const start = START.exec(line);
  if (start === null) return undefined;
  if (start[2] === '-') return 'no-request';
  const last = /"([^"]*)" "((?:[^"\\]|\\.)*)" "([^"]*)" "([^"]*)" "([^"]*)"/.exec(line.slice(start[0].length));
  const words = last?.slice(1) ?? lastWords(line.slice(start[0].length));
  const [forwarded, agent, requestId, authority] = words;
  return {
    method: start[2] ?? '',
    target: start[3] ?? '',
    authority: present(authority),
    headers: headersFrom(['x-forwarded-for', forwarded], ['user-agent', agent], ['x-request-id', requestId]),
    status: statusOf(start[5]),
    timeMs: Date.parse(start[1] ?? ''),
  };
}

function lastWords(rest: string): readonly string[] {
  return quotedWords(rest)?.slice(-5) ?? [];
}
