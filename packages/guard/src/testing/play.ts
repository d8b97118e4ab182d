import {
  type AccessRecord,
  ANONYMOUS,
  type ErrorCode,
  type LogRecord,
  type Mode,
  type Principal,
  type TokenizedFacts,
} from '@leakproof/core';
import { expect } from 'vitest';
import type { Command, Event, RequestFlow } from '../engine/command.ts';
import { createGuard, type Guard } from '../engine/guard.ts';
import type { Notice } from '../engine/notices.ts';
import { credentialTraits } from '../identity/identify.ts';
import type { IncomingRequest } from '@leakproof/http';
import type { Limits } from '../limits.ts';
import { compileContract } from './small-contract.ts';

/** A known principal in the small contract's only id space. */
export function as(id: string, kind = 'member'): Principal {
  return { kind, id, ids: 'person', space: 'us', claims: { sub: id } };
}

export interface Stage {
  readonly contract?: string;
  readonly mode?: Mode;
  readonly limits?: Partial<Limits>;
  readonly recent?: readonly LogRecord[];
  readonly onNotice?: (notice: Notice) => void;
}

/** A guard without sockets, with a clock that the test sets and tokens that contain the owner's id. */
export function stage({ contract, mode, limits, recent, onNotice }: Stage = {}): {
  guard: Guard;
  clock: { nowMs: number };
} {
  const clock = { nowMs: 1_000_000 };
  const compiled = compileContract(contract);
  return {
    clock,
    guard: createGuard({
      contract: compiled,
      credentials: credentialTraits(compiled),
      contractDigest: 'digest',
      mode,
      limits: limits ?? {},
      recent: recent ?? [],
      onNotice,
      tokenize: (ref) => `${ref.kind}:${ref.id}`,
      now: () => clock.nowMs,
    }),
  };
}

interface PlayedRequest {
  readonly principal?: Principal;
  readonly invalid?: ErrorCode;
  readonly host?: string;
  readonly headers?: readonly (readonly [string, string])[];
  /** `too-large`: a body beyond the limit. */
  readonly body?: string;
  readonly peer?: string;
  readonly httpVersion?: '1.0' | '1.1';
}

let requests = 0;

/** Plays one request through a guard: each step checks the next command of the engine, or gives it an event. */
export function play(guard: Guard): Play {
  return new Play(guard);
}

class Play {
  readonly #guard: Guard;
  #flow: RequestFlow | undefined;
  #next: IteratorResult<Command, void> = { done: true, value: undefined };
  readonly #records: LogRecord[] = [];
  #request: PlayedRequest = {};
  #logRefusal: ErrorCode | undefined;
  /** The opened body, until it is pulled. */
  #body: Uint8Array | undefined;
  /** The request's body, once it was forwarded. */
  #passedBody: string | undefined;

  constructor(guard: Guard) {
    this.#guard = guard;
  }

  /** `line`: method and target. */
  receives(line: string, request: PlayedRequest = {}): this {
    const [method = '', target = ''] = line.split(' ');
    this.#request = request;
    const authority = request.host ?? 'api.test';
    const type = request.body ? ([['content-type', 'application/json']] as const) : [];
    const incoming: IncomingRequest = {
      id: `r${++requests}`,
      time: 0,
      method,
      authority,
      target,
      headers: [['host', authority], ...type, ...(request.headers ?? [])],
      httpVersion: request.httpVersion ?? '1.1',
      peer: request.peer ?? '127.0.0.1',
    };
    this.#flow = this.#guard.receive(incoming);
    this.#next = this.#flow.next();
    return this.#answerDefaults();
  }

  /** The log refuses all later records. */
  withLogRefusing(code: ErrorCode): this {
    this.#logRefusal = code;
    return this;
  }

  asksOrigin(line: string, more: { body?: unknown; headers?: readonly string[] } = {}): this {
    const command = this.#next.done ? undefined : this.#next.value;
    if (command?.do !== 'fetch' && command?.do !== 'open')
      throw new Error(`The command is no request to the origin: ${command?.do ?? 'the end'}`);
    const { request } = command;
    expect(`${request.method} ${request.target}`).toBe(line);
    if (more.body !== undefined) expect(request.body && Buffer.from(request.body).toString()).toEqual(more.body);
    if (more.headers) expect(request.headers.map(([name]) => name)).toEqual(more.headers);
    return this;
  }

  originResponds(
    status: number,
    body: string | Uint8Array = '',
    headers: readonly (readonly [string, string])[] = [['content-type', 'application/json']],
  ): this {
    const bytes = Buffer.from(body);
    if (this.#next.done || this.#next.value.do !== 'open')
      return this.#give({ of: 'fetch', response: { status, headers, body: bytes } });
    this.#body = bytes;
    return this.#give({ of: 'open', response: { status, headers } });
  }

  /** Gives the head; the body follows by `originSends`. */
  originStarts(
    status: number,
    headers: readonly (readonly [string, string])[] = [['content-type', 'application/json']],
  ): this {
    return this.#give({ of: 'open', response: { status, headers } });
  }

  /** Gives the next bytes of the body. */
  originSends(text: string): this {
    this.#expects('pull');
    return this.#give({ of: 'pull', chunks: [Buffer.from(text)], isLast: false });
  }

  originEnds(): this {
    this.#expects('pull');
    return this.#give({ of: 'pull', chunks: [], isLast: true });
  }

  /** The connection to the origin fails within the body. */
  originAborts(code: ErrorCode = 'LP-ORIGIN-CUT-OFF'): this {
    this.#expects('pull');
    return this.#give({ of: 'pull', failed: code });
  }

  /** A part of the response is sent; the first with its status. */
  releases(text: string, more: { status?: number; isGone?: boolean } = {}): this {
    const { head, chunks } = this.#expects('release');
    expect(Buffer.concat(chunks).toString()).toBe(text);
    expect(head?.status).toBe(more.status);
    return this.#give({ of: 'release', isGone: more.isGone ?? false });
  }

  finishes(): this {
    this.#expects('finish');
    return this.#give({ of: 'finish', ended: 'complete' });
  }

  aborts(): this {
    this.#expects('abort');
    return this.#give({ of: 'abort' });
  }

  originFails(code: ErrorCode): this {
    const isOpen = !this.#next.done && this.#next.value.do === 'open';
    return this.#give(isOpen ? { of: 'open', failed: code } : { of: 'fetch', failed: code });
  }

  /** `bodies`: the parsed body of each call. */
  looksUp(...bodies: readonly unknown[]): this {
    const { calls } = this.#expects('lookup');
    expect(calls.map((call) => JSON.parse(call.body) as unknown)).toEqual(bodies);
    return this;
  }

  lookupsAnswer(...answers: readonly (Record<string, unknown> | string | undefined)[]): this {
    const bodies = answers.map((each) =>
      each === undefined ? undefined : Buffer.from(typeof each === 'string' ? each : JSON.stringify({ answers: each })),
    );
    return this.#give({ of: 'lookup', answers: bodies });
  }

  waits(ms: number): this {
    expect(this.#expects('wait').ms).toBe(ms);
    return this.#give({ of: 'wait' });
  }

  passesWith(headers: readonly string[]): this {
    expect(this.#expects('pass').headers.map(([name]) => name)).toEqual(headers);
    return this;
  }

  passes(
    status: number,
    body: string | Uint8Array,
    more: { requestBody?: string; headers?: readonly (readonly [string, string])[] } = {},
  ): this {
    this.#expects('pass');
    this.#passedBody = more.requestBody ?? '';
    this.#body = Buffer.from(body);
    const headers = more.headers ?? [['content-type', 'application/json']];
    return this.#give({ of: 'pass', response: { status, headers } });
  }

  /** The head is forwarded; the body follows by `originSends`. */
  startsToPass(headers: readonly (readonly [string, string])[] = [['content-type', 'application/json']]): this {
    this.#expects('pass');
    this.#passedBody = '';
    return this.#give({ of: 'pass', response: { status: 200, headers } });
  }

  responds(status: number, body?: string): this {
    const response = this.response();
    expect(response.status).toBe(status);
    if (body !== undefined) expect(response.body).toBe(body);
    return this.#give({ of: 'respond', ended: 'complete' });
  }

  /** The whole response that the guard sends next. */
  response(): { readonly status: number; readonly body: string } {
    const { head, chunks } = this.#expects('respond');
    return { status: head.status, body: Buffer.concat(chunks).toString() };
  }

  /** Checks headers of the response that the guard sends next. */
  withHeaders(headers: Readonly<Record<string, string | undefined>>): this {
    const given = Object.fromEntries(this.#expects('respond').head.headers);
    for (const [name, value] of Object.entries(headers)) expect(given[name], name).toBe(value);
    return this;
  }

  /** Checks members of all records so far. */
  records(...expected: readonly Partial<LogRecord>[]): this {
    expect(this.#records).toMatchObject(expected);
    return this;
  }

  /** The records so far. */
  recorded(): readonly LogRecord[] {
    return this.#records;
  }

  /** Checks all facts so far, group by group: one line for each, as `person:7 User id,username | exposed | withheld`. */
  facts(...lines: readonly string[]): this {
    const facts = this.#records
      .filter((record): record is AccessRecord => record.type === 'access')
      .flatMap((record) => record.facts);
    const linesOf = ({ tokens, resource, seen, exposed, withheld }: TokenizedFacts): string[] =>
      tokens.map((token) => {
        const released = `${token} ${resource} ${seen.join(',')}`;
        return `${released} | ${exposed.join(',')} | ${withheld.join(',')}`.trimEnd();
      });
    expect(facts.flatMap(linesOf)).toEqual(lines);
    return this;
  }

  ends(): void {
    expect(this.#next.done).toBe(true);
  }

  #expects<K extends Command['do']>(kind: K): Extract<Command, { do: K }> {
    expect(this.#next.done ? 'the end' : this.#next.value.do).toBe(kind);
    return this.#next.value as Extract<Command, { do: K }>;
  }

  #give(event: Event): this {
    if (!this.#flow) throw new Error('No request was received.');
    this.#next = this.#flow.next(event);
    return this.#answerDefaults();
  }

  /** Gives the events that no play spells out: the request's body, its principal, a pulled body, recorded records. */
  #answerDefaults(): this {
    while (!this.#next.done && this.#flow) {
      const command = this.#next.value;
      const event = this.#defaultFor(command);
      if (!event) return this;
      this.#next = this.#flow.next(event);
    }
    return this;
  }

  #defaultFor(command: Command): Event | undefined {
    const { principal = ANONYMOUS, invalid, body = this.#passedBody ?? '' } = this.#request;
    if (command.do === 'read') return { of: 'read', body: body === 'too-large' ? body : Buffer.from(body) };
    if (command.do === 'identify') return { of: 'identify', ...(invalid ? { invalid } : { principal }) };
    if (command.do === 'pull' && this.#body) {
      const chunks = [this.#body];
      this.#body = undefined;
      return { of: 'pull', chunks, isLast: true };
    }
    if (command.do === 'finish' && this.#passedBody !== undefined) return { of: 'finish', ended: 'complete' };
    if (command.do !== 'record') return undefined;
    if (!this.#logRefusal) this.#records.push(command.record);
    return { of: 'record', refused: this.#logRefusal };
  }
}
