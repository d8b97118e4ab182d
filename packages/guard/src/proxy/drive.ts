import { encodeRecord, type ErrorCode, type LogRecord } from '@leakproof/core';
import type { FactLog } from '@leakproof/log';
import type { Command, Event, Outbound, Part, Passage } from '../engine/command.ts';
import type { Coding } from '../http/decode-content.ts';
import { decodeParts } from '../http/decode-parts.ts';
import type { Identify } from '../identity/identify.ts';
import type { Limits } from '../limits.ts';
import type { LookupCall } from '../lookup/lookup-call.ts';
import { bodyReader, type Client, finishAnswer, sendAnswer, sendPart } from './client.ts';
import type { OriginAnswer } from './origin-answer.ts';
import { passThrough } from './pass-through.ts';
import type { Upstreams } from './upstreams.ts';

/** The world as the engine's commands need it. */
export interface Ports {
  readonly identify: Identify;
  readonly upstreams: Upstreams;
  readonly log: Pick<FactLog, 'append'>;
  readonly limits: Limits;
}

/** Carries out the commands of one passage until it ends. Rejects only if the passage throws or the client is gone. */
export async function drive(passage: Passage, client: Client, ports: Ports): Promise<void> {
  const readBody = bodyReader(client, ports.limits.maxRequestBytes);
  const state: Driven = { client, ports, readBody };
  try {
    let next = passage.next();
    while (!next.done) next = passage.next(await carryOut(next.value, state));
  } finally {
    state.origin?.discard();
  }
}

interface Driven {
  readonly client: Client;
  readonly ports: Ports;
  readonly readBody: () => Promise<Uint8Array | 'too-large'>;
  body?: Uint8Array;
  /** The answer that was opened, and how it is pulled. */
  origin?: OriginAnswer;
  pull?: () => Promise<Part>;
}

async function carryOut(command: Command, state: Driven): Promise<Event> {
  const { client, ports } = state;
  switch (command.do) {
    case 'read': {
      const body = await state.readBody();
      if (body !== 'too-large') state.body = body;
      return { of: 'read', body };
    }
    case 'identify':
      return { of: 'identify', ...(await ports.identify(command.request)) };
    case 'lookup':
      return { of: 'lookup', answers: await Promise.all(command.calls.map((call) => lookUp(call, ports))) };
    case 'fetch': {
      const answer = await ports.upstreams.fetch(command.request, ports.limits.maxBodyBytes);
      return typeof answer === 'string' ? { of: 'fetch', failed: answer } : { of: 'fetch', response: answer };
    }
    case 'open':
      return open(command.request, state);
    case 'pull':
      return { of: 'pull', ...(await pull(command.codings, state)) };
    case 'pass':
      return passThrough(client, {
        pool: ports.upstreams.poolFor(command.to),
        headers: command.headers,
        limits: ports.limits,
        body: state.body,
      });
    case 'record':
      return { of: 'record', refused: await record(ports.log, command.record) };
    case 'wait':
      await wait(command.ms, client);
      return { of: 'wait' };
    case 'answer':
      return { of: 'answer', ended: await sendAnswer(client, command.answer) };
    case 'release':
      return { of: 'release', isGone: await sendPart(client, command.head, command.chunks) };
    case 'finish':
      return { of: 'finish', ended: await finishAnswer(client) };
    case 'break':
      state.origin?.abort('LP-ORIGIN-CUT-OFF');
      client.response.destroy();
      return { of: 'break' };
  }
}

async function open(request: Outbound, state: Driven): Promise<Event> {
  const { client, ports } = state;
  const opened = await ports.upstreams.open(request);
  if (typeof opened === 'string') return { of: 'open', failed: opened };
  const { head, body } = opened;
  state.origin = body;
  // Whoever has gone waits for nothing more.
  if (client.response.destroyed) body.abort('LP-ORIGIN-CUT-OFF');
  client.response.once('close', () => body.abort('LP-ORIGIN-CUT-OFF'));
  return { of: 'open', response: head };
}

async function pull(codings: readonly Coding[], state: Driven): Promise<Part> {
  const { origin, ports } = state;
  if (!origin) return { failed: 'LP-INTERNAL' };
  const next = (): Promise<Part> => origin.next();
  state.pull ??= codings.length === 0 ? next : decodeParts(next, codings, ports.limits.maxRatio);
  return state.pull();
}

async function lookUp(call: LookupCall, { upstreams, limits }: Ports): Promise<Uint8Array | undefined> {
  const answer = await upstreams.fetch(
    {
      scheme: call.scheme,
      authority: call.authority,
      method: call.rule.method,
      target: call.target,
      headers: [
        ['host', call.authority],
        ['content-type', 'application/json'],
        ['accept', 'application/json'],
        ['accept-encoding', 'identity'],
      ],
      body: Buffer.from(call.body),
    },
    limits.maxBodyBytes,
    limits.lookupTimeoutMs,
  );
  return typeof answer !== 'string' && answer.status === 200 ? answer.body : undefined;
}

/** The code if the log did not take the record. */
async function record(log: Pick<FactLog, 'append'>, entry: LogRecord): Promise<ErrorCode | undefined> {
  try {
    const answer = await log.append({
      count: entry.is === 'access' ? entry.facts.length : 0,
      payload: encodeRecord(entry),
    });
    return answer.ok ? undefined : answer.code;
  } catch {
    return 'LP-LOG-BLOCK';
  }
}

function wait(ms: number, { response }: Client): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    response.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
