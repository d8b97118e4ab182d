import { ANONYMOUS, type LogRecord, type Principal } from '@leakproof/core';
import type { Destination, FullResponse, IncomingRequest, OutboundRequest } from '@leakproof/http';
import type { Command, Event } from '../engine/command.ts';
import type { Guard } from '../engine/guard.ts';

/** The world around a guard without sockets. */
export interface Surroundings {
  readonly principal?: Principal;
  readonly body?: string | Uint8Array;
  /** Default: an empty list. */
  readonly origin?: (request: Pick<OutboundRequest, 'method' | 'target' | 'headers'>) => FullResponse;
  /** The answer to a lookup with this body; default: none. */
  readonly lookup?: (body: string) => unknown;
}

/** What a request led to. */
export interface Ran {
  /** 0: the connection was broken, or the response was passed. */
  readonly status: number;
  readonly released: string;
  readonly records: readonly LogRecord[];
  /** Everything that was sent to the origin, in order. */
  readonly sent: readonly (Pick<OutboundRequest, 'method' | 'target' | 'headers' | 'body'> & {
    readonly authority: string;
    readonly isPreRead: boolean;
  })[];
  /** Destinations of passed requests. */
  readonly passedTo: readonly Destination[];
}

export function json(status: number, body: string): FullResponse {
  return { status, headers: [['content-type', 'application/json']], body: Buffer.from(body) };
}

/** An incoming request with defaults; `line`: method and target. */
export function incoming(line: string, more: Partial<IncomingRequest> = {}): IncomingRequest {
  const [method = '', target = ''] = line.split(' ');
  const authority = more.authority ?? 'api.test';
  return {
    id: 'r',
    time: 0,
    method,
    authority,
    target,
    httpVersion: '1.1',
    peer: '127.0.0.1',
    ...more,
    headers: [['host', authority], ...(more.headers ?? [])],
  };
}

/** Runs one request to its end. */
export function runRequest(guard: Guard, request: IncomingRequest, around: Surroundings = {}): Ran {
  const { principal = ANONYMOUS, body = '', origin = () => json(200, '[]'), lookup = () => undefined } = around;
  const records: LogRecord[] = [];
  const sent: Ran['sent'][number][] = [];
  const passedTo: Destination[] = [];
  const chunks: Uint8Array[] = [];
  let status = 0;
  let opened: Uint8Array = new Uint8Array();
  const answer = (command: Command): Event => {
    switch (command.do) {
      case 'read':
        return { of: 'read', body: Buffer.from(body) };
      case 'identify':
        return { of: 'identify', principal };
      case 'lookup':
        return {
          of: 'lookup',
          answers: command.calls.map((call) => {
            const given = lookup(call.body);
            return given === undefined ? undefined : Buffer.from(JSON.stringify(given));
          }),
        };
      case 'fetch':
      case 'open': {
        sent.push({ ...command.request, isPreRead: command.do === 'fetch' });
        const response = origin(command.request);
        opened = response.body;
        return command.do === 'fetch' ? { of: 'fetch', response } : { of: 'open', response };
      }
      case 'pull':
        return { of: 'pull', chunks: [opened], isLast: true };
      case 'pass': {
        passedTo.push(command.to);
        const line = { method: request.method, target: command.target, headers: command.headers };
        sent.push({ ...line, body: Buffer.from(body), authority: command.to.authority, isPreRead: false });
        const response = origin(line);
        opened = response.body;
        return { of: 'pass', response };
      }
      case 'record':
        records.push(command.record);
        return { of: 'record', refused: undefined };
      case 'wait':
        return { of: 'wait' };
      case 'respond':
      case 'release':
        status = command.head?.status ?? status;
        chunks.push(...command.chunks);
        return command.do === 'respond' ? { of: 'respond', ended: 'complete' } : { of: 'release', isGone: false };
      case 'finish':
        return { of: 'finish', ended: 'complete' };
      case 'abort':
        status = 0;
        return { of: 'abort' };
    }
  };
  const flow = guard.receive(request);
  for (let next = flow.next(); !next.done;) next = flow.next(answer(next.value));
  return { status, released: Buffer.concat(chunks).toString(), records, sent, passedTo };
}
