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
import { type Guard, guard as createGuard } from '../engine/guard.ts';
import type { IncomingRequest, FullResponse } from '@leakproof/http';
import type { Limits } from '../limits.ts';
import { compileContract } from './small-contract.ts';

/** A member of the small contract's one region. */
export function as(id: string, kind = 'member'): Principal {
  return { kind, id, ids: 'person', space: 'us', claims: { sub: id } };
}

export interface Stage {
  readonly contract?: string;
  readonly mode?: Mode;
  readonly limits?: Partial<Limits>;
  readonly recent?: readonly LogRecord[];
}

/** A guard without sockets whose clock stands still until it is moved, and whose tokens can be read. */
export function stage({ contract, mode, limits, recent }: Stage = {}): { guard: Guard; clock: { nowMs: number } } {
  const clock = { nowMs: 1_000_000 };
  return {
    clock,
    guard: createGuard({
      contract: compileContract(contract),
      contractDigest: 'digest',
      mode,
      limits: limits ?? {},
      recent: recent ?? [],
      tokenize: (ref) => `${ref.kind}:${ref.id}`,
      now: () => clock.nowMs,
    }),
  };
}

interface Asking {
  readonly principal?: Principal;
  readonly invalid?: ErrorCode;
  readonly host?: string;
  readonly headers?: readonly (readonly [string, string])[];
  /** `too-large` stands for one that is. */
  readonly body?: string;
  readonly peer?: string;
  readonly httpVersion?: '1.0' | '1.1';
}

let requests = 0;

/** Plays one request through a guard: each step says what the guard wants next and what it is told. */
export function play(guard: Guard): Play {
  return new Play(guard);
}

class Play {
  readonly #guard: Guard;
  #passage: RequestFlow | undefined;
  #next: IteratorResult<Command, void> = { done: true, value: undefined };
  readonly #records: LogRecord[] = [];
  #asking: Asking = {};
  #logSays: ErrorCode | undefined;
  /** Of the opened body, what was not pulled yet. */
  #body: Uint8Array | undefined;

  constructor(guard: Guard) {
    this.#guard = guard;
  }

  /** `line`: method and target. */
  receives(line: string, asking: Asking = {}): this {
    const [method = '', target = ''] = line.split(' ');
    this.#asking = asking;
    const authority = asking.host ?? 'api.test';
    const type = asking.body ? ([['content-type', 'application/json']] as const) : [];
    const request: IncomingRequest = {
      id: `r${++requests}`,
      time: 0,
      method,
      authority,
      target,
      headers: [['host', authority], ...type, ...(asking.headers ?? [])],
      httpVersion: asking.httpVersion ?? '1.1',
      peer: asking.peer ?? '127.0.0.1',
    };
    this.#passage = this.#guard.receive(request);
    this.#next = this.#passage.next();
    return this.#settle();
  }

  /** From now on the log refuses. */
  withLogRefusing(code: ErrorCode): this {
    this.#logSays = code;
    return this;
  }

  asksOrigin(line: string, more: { body?: unknown; headers?: readonly string[] } = {}): this {
    const command = this.#next.done ? undefined : this.#next.value;
    if (command?.do !== 'fetch' && command?.do !== 'open')
      throw new Error(`Nothing is asked of the origin: ${command?.do ?? 'the end'}`);
    const { request } = command;
    expect(`${request.method} ${request.target}`).toBe(line);
    if (more.body !== undefined) expect(request.body && Buffer.from(request.body).toString()).toEqual(more.body);
    if (more.headers) expect(request.headers.map(([name]) => name)).toEqual(more.headers);
    return this;
  }

  originSays(
    status: number,
    body: string | Uint8Array = '',
    headers: readonly (readonly [string, string])[] = [['content-type', 'application/json']],
  ): this {
    const bytes = Buffer.from(body);
    if (this.#next.done || this.#next.value.do !== 'open')
      return this.#tell({ of: 'fetch', response: { status, headers, body: bytes } });
    this.#body = bytes;
    return this.#tell({ of: 'open', response: { status, headers } });
  }

  /** The head, and then the body bit by bit (`sends`). */
  originBegins(
    status: number,
    headers: readonly (readonly [string, string])[] = [['content-type', 'application/json']],
  ): this {
    return this.#tell({ of: 'open', response: { status, headers } });
  }

  /** The next bytes of what has begun. */
  sends(text: string): this {
    this.#expects('pull');
    return this.#tell({ of: 'pull', chunks: [Buffer.from(text)], isLast: false });
  }

  originEnds(): this {
    this.#expects('pull');
    return this.#tell({ of: 'pull', chunks: [], isLast: true });
  }

  /** The origin dies within its answer. */
  originBreaksOff(code: ErrorCode = 'LP-ORIGIN-CUT-OFF'): this {
    this.#expects('pull');
    return this.#tell({ of: 'pull', failed: code });
  }

  /** A part of an answer leaves; the first with its status. */
  releases(text: string, more: { status?: number; isGone?: boolean } = {}): this {
    const { head, chunks } = this.#expects('release');
    expect(Buffer.concat(chunks).toString()).toBe(text);
    expect(head?.status).toBe(more.status);
    return this.#tell({ of: 'release', isGone: more.isGone ?? false });
  }

  finishes(): this {
    this.#expects('finish');
    return this.#tell({ of: 'finish', ended: 'complete' });
  }

  breaksOff(): this {
    this.#expects('break');
    return this.#tell({ of: 'break' });
  }

  originFails(code: ErrorCode): this {
    const isOpen = !this.#next.done && this.#next.value.do === 'open';
    return this.#tell(isOpen ? { of: 'open', failed: code } : { of: 'fetch', failed: code });
  }

  /** `bodies`: what each call asks, without its principal's claims. */
  looksUp(...bodies: readonly unknown[]): this {
    const { calls } = this.#expects('lookup');
    expect(calls.map((call) => JSON.parse(call.body) as unknown)).toEqual(bodies);
    return this;
  }

  isTold(...answers: readonly (Record<string, unknown> | string | undefined)[]): this {
    const bodies = answers.map((each) =>
      each === undefined ? undefined : Buffer.from(typeof each === 'string' ? each : JSON.stringify({ answers: each })),
    );
    return this.#tell({ of: 'lookup', answers: bodies });
  }

  waits(ms: number): this {
    expect(this.#expects('wait').ms).toBe(ms);
    return this.#tell({ of: 'wait' });
  }

  passesWith(headers: readonly string[]): this {
    expect(this.#expects('pass').headers.map(([name]) => name)).toEqual(headers);
    return this;
  }

  passes(status: number, body: string, more: { requestBody?: string; ended?: 'complete' | 'cut-off' } = {}): this {
    this.#expects('pass');
    return this.#tell({
      of: 'pass',
      response: { status, headers: [['content-type', 'application/json']], body: Buffer.from(body) },
      requestBody: Buffer.from(more.requestBody ?? ''),
      ended: more.ended ?? 'complete',
    });
  }

  answers(status: number, body?: string): this {
    const { answer } = this.#expects('answer');
    expect(answer.status).toBe(status);
    if (body !== undefined) expect(Buffer.from(answer.body).toString()).toBe(body);
    return this.#tell({ of: 'answer', ended: 'complete' });
  }

  /** The answer that is due. */
  answer(): FullResponse {
    return this.#expects('answer').answer;
  }

  /** The headers of the answer that is due. */
  withHeaders(headers: Readonly<Record<string, string | undefined>>): this {
    const given = Object.fromEntries(this.#expects('answer').answer.headers);
    for (const [name, value] of Object.entries(headers)) expect(given[name], name).toBe(value);
    return this;
  }

  /** The records so far, without what is the same in all of them. */
  records(...expected: readonly Partial<LogRecord>[]): this {
    expect(this.#records).toMatchObject(expected);
    return this;
  }

  /** The records so far. */
  recorded(): readonly LogRecord[] {
    return this.#records;
  }

  /** Who was given what, group by group: one line for each fact, as `person:7 User id,username | exposed | withheld`. */
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

  #tell(event: Event): this {
    if (!this.#passage) throw new Error('No request was received.');
    this.#next = this.#passage.next(event);
    return this.#settle();
  }

  /** Answers what no play needs to spell out: reading the request, knowing the caller, taking records. */
  #settle(): this {
    while (!this.#next.done && this.#passage) {
      const command = this.#next.value;
      const event = this.#standing(command);
      if (!event) return this;
      this.#next = this.#passage.next(event);
    }
    return this;
  }

  #standing(command: Command): Event | undefined {
    const { principal = ANONYMOUS, invalid, body = '' } = this.#asking;
    if (command.do === 'read') return { of: 'read', body: body === 'too-large' ? body : Buffer.from(body) };
    if (command.do === 'identify') return { of: 'identify', ...(invalid ? { invalid } : { principal }) };
    if (command.do === 'pull' && this.#body) {
      const chunks = [this.#body];
      this.#body = undefined;
      return { of: 'pull', chunks, isLast: true };
    }
    if (command.do !== 'record') return undefined;
    if (!this.#logSays) this.#records.push(command.record);
    return { of: 'record', refused: this.#logSays };
  }
}
