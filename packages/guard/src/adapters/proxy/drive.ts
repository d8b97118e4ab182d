import { encodeRecord, countFactsIn, type LogRecord } from '@leakproof/core';
import type { FactLog } from '@leakproof/log';
import type { Command, Event, RequestFlow } from '../../engine/command.ts';
import { type BodyPart, type Coding, decodeParts, type OutboundRequest } from '@leakproof/http';
import type { Identify } from '../../identity/identify.ts';
import type { Limits } from '../../limits.ts';
import type { LookupCall } from '../../lookup/lookup-call.ts';
import { type Client, finishAnswer, readBody, sendAnswer, sendPart } from './client.ts';
import type { Ends } from './ends.ts';
import type { OriginAnswer } from './origin-answer.ts';
import { passThrough } from './pass-through.ts';
import type { Upstreams } from './upstreams.ts';

/** The world as the engine's commands need it. */
export interface Ports {
  readonly identify: Identify;
  readonly upstreams: Upstreams;
  readonly log: Pick<FactLog, 'append'>;
  readonly ends: Ends;
  readonly limits: Limits;
}

/**
 * Carries out the commands of one passage until it ends. What is at hand is told at once, without a turn of the event loop.
 * Rejects only if the passage throws or the client is gone.
 */
export async function drive(passage: RequestFlow, client: Client, ports: Ports): Promise<void> {
  const state: Driven = { client, ports, body: undefined, origin: undefined, pull: undefined };
  try {
    let next = passage.next();
    while (!next.done) {
      const event = carryOut(next.value, state);
      next = passage.next(event instanceof Promise ? await event : event);
    }
  } finally {
    state.origin?.discard();
  }
}

interface Driven {
  readonly client: Client;
  readonly ports: Ports;
  /** What was read of the request. */
  body: Uint8Array | undefined;
  /** The answer that was opened, and how it is pulled. */
  origin: OriginAnswer | undefined;
  pull: (() => BodyPart | Promise<BodyPart>) | undefined;
}

function carryOut(command: Command, state: Driven): Event | Promise<Event> {
  const { client, ports } = state;
  switch (command.do) {
    case 'read': {
      const body = readBody(client, ports.limits.maxRequestBytes);
      return body instanceof Promise ? body.then((whole) => read(whole, state)) : read(body, state);
    }
    case 'identify': {
      const identified = ports.identify(command.request);
      return identified instanceof Promise
        ? identified.then((found) => ({ of: 'identify', ...found }))
        : { of: 'identify', ...identified };
    }
    case 'lookup':
      return Promise.all(command.calls.map((call) => lookUp(call, ports))).then((answers) => ({
        of: 'lookup',
        answers,
      }));
    case 'fetch':
      return fetchWhole(command.request, ports);
    case 'open':
      return open(command.request, state);
    case 'pull': {
      const part = pull(command.codings, state);
      return part instanceof Promise ? part.then((pulled) => ({ of: 'pull', ...pulled })) : { of: 'pull', ...part };
    }
    case 'pass':
      return passThrough(client, {
        pool: ports.upstreams.poolFor(command.to),
        headers: command.headers,
        limits: ports.limits,
        body: state.body,
      });
    case 'record':
      return record(ports, command.record);
    case 'wait':
      return wait(command.ms, client).then(() => ({ of: 'wait' }));
    case 'answer':
      return sendAnswer(client, command.answer).then((ended) => ({ of: 'answer', ended }));
    case 'release':
      return sendPart(client, command.head, command.chunks).then((isGone) => ({ of: 'release', isGone }));
    case 'finish':
      return finishAnswer(client).then((ended) => ({ of: 'finish', ended }));
    case 'break':
      state.origin?.abort('LP-ORIGIN-CUT-OFF');
      client.response.destroy();
      return { of: 'break' };
  }
}

function read(body: Uint8Array | 'too-large', state: Driven): Event {
  if (body !== 'too-large') state.body = body;
  return { of: 'read', body };
}

async function fetchWhole(request: OutboundRequest, { upstreams, limits }: Ports): Promise<Event> {
  const answer = await upstreams.fetch(request, limits.maxBodyBytes);
  return typeof answer === 'string' ? { of: 'fetch', failed: answer } : { of: 'fetch', response: answer };
}

function open(request: OutboundRequest, state: Driven): Event | Promise<Event> {
  const { response } = state.client;
  const answer = state.ports.upstreams.open(request);
  if (typeof answer === 'string') return { of: 'open', failed: answer };
  state.origin = answer;
  const giveUp = (): void => answer.abort('LP-ORIGIN-CUT-OFF');
  // Whoever has gone waits for nothing more.
  if (response.destroyed) giveUp();
  response.on('close', giveUp);
  return answer.opened.then((head) =>
    typeof head === 'string' ? { of: 'open', failed: head } : { of: 'open', response: head },
  );
}

function pull(codings: readonly Coding[], state: Driven): BodyPart | Promise<BodyPart> {
  const { origin, ports } = state;
  if (!origin) return { failed: 'LP-INTERNAL' };
  if (codings.length === 0) return origin.next();
  state.pull ??= decodeParts(() => origin.next(), codings, ports.limits.maxRatio);
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

const RECORDED: Event = { of: 'record', refused: undefined };
const NOT_TAKEN: Event = { of: 'record', refused: 'LP-LOG-BLOCK' };

/** With the code, if the log did not take the record. */
function record({ log, ends }: Ports, entry: LogRecord): Event | Promise<Event> {
  if (entry.type === 'end') {
    ends.put(entry);
    return RECORDED;
  }
  try {
    return log.append({ count: countFactsIn(entry), payload: encodeRecord(entry) }).then(
      (answer) => (answer.ok ? RECORDED : { of: 'record', refused: answer.code }),
      () => NOT_TAKEN,
    );
  } catch {
    return NOT_TAKEN;
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
