import { connect } from 'node:net';

/** Sends bytes on a new connection, and returns everything received until it closes. */
export function sendRaw(port: number, text: string | Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') resolve(Buffer.concat(chunks).toString('latin1'));
      else reject(error);
    });
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}

export interface RawResponse {
  /** 0 if there was no response. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly raw: string;
}

/** Sends one request on a new connection. `line`: method and target. */
export async function ask(
  port: number,
  line: string,
  more: { host?: string; token?: string; headers?: readonly string[]; body?: string } = {},
): Promise<RawResponse> {
  const head = [
    `${line} HTTP/1.1`,
    `Host: ${more.host ?? 'api.test'}`,
    'Connection: close',
    ...(more.token === undefined ? [] : [`Authorization: Bearer ${more.token}`]),
    ...(more.headers ?? []),
    ...(more.body === undefined
      ? []
      : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(more.body)}`]),
  ];
  return parseResponse(await sendRaw(port, `${head.join('\r\n')}\r\n\r\n${more.body ?? ''}`));
}

function parseResponse(raw: string): RawResponse {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { status: Number(first.split(' ')[1] ?? 0), headers, body: rest.join('\r\n\r\n'), raw };
}
