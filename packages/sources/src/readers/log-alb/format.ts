import {
  headersFrom,
  present,
  requestLine,
  statusOf,
  type LogFormat,
  type LogLine,
} from '../../reading/access-log/log-format.ts';
import { quotedWords } from '../../reading/access-log/quoted-words.ts';

const START =
  /^(https?|h2|grpcs|wss?) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}Z) \S+ \S+ \S+ -?[\d.]+ -?[\d.]+ -?[\d.]+ (\d{3}|-) (\d{3}|-) \d+ \d+ "/;

/** Access log of AWS Application Load Balancers, of any version (later versions add columns at the end). */
export const albFormat: LogFormat = { id: 'log-alb', start: () => parseAlb };

function parseAlb(line: string): LogLine {
  const start = START.exec(line);
  if (start === null) return undefined;
  const [requestText, agent, , , , trace, domain] = quotedWords(line.slice(start[0].length - 1)) ?? [];
  const request = requestLine(requestText ?? '');
  if (request === undefined) return undefined;
  // "- http://host:80- -": a request that the balancer could not parse.
  if (request.method === '-' || start[1] === 'ws' || start[1] === 'wss') return 'no-request';
  return {
    method: request.method,
    target: request.target,
    scheme: start[1] === 'http' ? 'http' : 'https',
    authority: present(domain),
    headers: headersFrom(['user-agent', agent], ['x-amzn-trace-id', trace]),
    status: statusOf(start[3]),
    timeMs: Date.parse(start[2] ?? ''),
  };
}
