import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer as createSocketServer, type Server as SocketServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeRecord, type LogRecord, type Mode, type Tokenize } from '@leakproof/core';
import { type FactLog, openLog, readLog } from '@leakproof/log';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { onTestFinished } from 'vitest';
import type { Limits } from '../limits.ts';
import { type RunningGuard, startGuard } from '../adapters/proxy/start-guard.ts';
import { compileContract } from './small-contract.ts';

const { privateKey, publicKey } = await generateKeyPair('ES256');
const PUBLIC_JWK = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };

/** A token of the small contract's issuer, valid for an hour unless `claims` say otherwise. */
export function token(
  sub: string,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const nowSeconds = Math.floor(Date.now() / 1000);
  return new SignJWT({ iss: 'cadence', aud: 'api', sub, iat: nowSeconds, exp: nowSeconds + 3600, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'k1', typ: 'JWT', ...header })
    .sign(privateKey);
}

/** What an origin received: head lines and bodies, as they stood on the wire. */
export interface Origin {
  readonly port: number;
  readonly received: { line: string; headers: readonly string[]; body: string }[];
}

/** An origin that notes what it receives and answers what `answer` says. */
export async function startOrigin(
  answer: (message: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<Origin> {
  const received: Origin['received'] = [];
  const listener: RequestListener = (message, response) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      received.push({ line: `${message.method} ${message.url}`, headers: message.rawHeaders, body });
      answer(message, response, body);
    });
  };
  return { port: await listen(createServer(listener)), received };
}

/** An origin that answers every connection with these bytes once it has heard something, and then ends it. */
export async function startRawOrigin(bytes: string | Uint8Array): Promise<Origin> {
  const received: Origin['received'] = [];
  const server = createSocketServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (chunk) => {
      received.push({ line: chunk.toString().split('\r\n', 1)[0] ?? '', headers: [], body: '' });
      socket.end(bytes);
    });
  });
  return { port: await listen(server), received };
}

function listen(server: Server | SocketServer): Promise<number> {
  onTestFinished(() => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

export interface Setting {
  readonly origin: Origin;
  readonly internal?: Origin;
  readonly contract?: string;
  readonly mode?: Mode;
  readonly limits?: Partial<Limits>;
  /** In the place of a real log. */
  readonly log?: Pick<FactLog, 'append'>;
  readonly tokenize?: Tokenize;
}

export interface Running extends RunningGuard {
  /** Closes guard and log, and reads the log. */
  readonly records: () => Promise<readonly LogRecord[]>;
}

/** A guard on loopback before `origin`, with a real log in a directory of its own. */
export async function startTestGuard(setting: Setting): Promise<Running> {
  const directory = mkdtempSync(join(tmpdir(), 'leakproof-guard-'));
  const log = openLog({ directory, now: Date.now });
  const running = await startGuard({
    contract: compileContract(setting.contract, [PUBLIC_JWK]),
    contractDigest: 'digest',
    mode: setting.mode,
    limits: setting.limits ?? {},
    listen: { host: '127.0.0.1', port: 0 },
    upstreams: (authority) => {
      if (authority === 'internal.test') return { host: '127.0.0.1', port: (setting.internal ?? setting.origin).port };
      return authority.endsWith('.test') ? { host: '127.0.0.1', port: setting.origin.port } : undefined;
    },
    log: setting.log ?? log,
    tokenize: setting.tokenize ?? ((ref) => `${ref.kind}:${ref.id}`),
    now: Date.now,
  });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= running.close().then(() => log.close()));
  onTestFinished(async () => {
    await close();
    rmSync(directory, { recursive: true });
  });
  return {
    ...running,
    close,
    records: async () => {
      await close();
      return [...readLog(directory)].flatMap((frame) => ('payload' in frame ? [decodeRecord(frame.payload)] : []));
    },
  };
}

/** Sends bytes on a connection of their own, and answers all that came back until it ended. */
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

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly raw: string;
}

/** One request over a connection of its own. */
export async function ask(
  port: number,
  line: string,
  more: { host?: string; token?: string; headers?: readonly string[]; body?: string } = {},
): Promise<Answered> {
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
  const raw = await sendRaw(port, `${head.join('\r\n')}\r\n\r\n${more.body ?? ''}`);
  return readAnswer(raw);
}

/** Takes an HTTP/1.1 answer apart; status 0 where there was none. */
function readAnswer(raw: string): Answered {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { status: Number(first.split(' ')[1] ?? 0), headers, body: rest.join('\r\n\r\n'), raw };
}
