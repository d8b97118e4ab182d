import type { ProbeResponse } from './probe.ts';

const HEAD_END = Buffer.from('\r\n\r\n');

/** Parses the responses of one connection to the lab, which sends a Content-Length with each. */
export function responseReader(onResponse: (response: ProbeResponse) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      const end = rest.indexOf(HEAD_END);
      if (end === -1) return;
      const head = readHead(rest.toString('latin1', 0, end));
      const bodyStart = end + HEAD_END.length;
      const length = Number(head.headers.get('content-length') ?? 0);
      if (rest.length < bodyStart + length) return;
      const text = rest.toString('utf8', bodyStart, bodyStart + length);
      rest = rest.subarray(bodyStart + length);
      onResponse({ ...head, body: parseBody(text, head.headers.get('content-type')) });
    }
  };
}

function readHead(text: string): Pick<ProbeResponse, 'status' | 'headers'> {
  const [statusLine = '', ...lines] = text.split('\r\n');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return { status: Number(statusLine.split(' ')[1]), headers };
}

function parseBody(text: string, type: string | undefined): unknown {
  if (text === '') return undefined;
  return type?.includes('json') === true ? JSON.parse(text) : text;
}
