import { type BodyPart, type Coding, decodeParts, type OutboundRequest } from '@leakproof/http';
import type { Command, Event, RequestFlow } from '../../engine/command.ts';
import type { Identify } from '../../identity/identify.ts';
import type { Limits } from '../../limits.ts';
import { appendRecord, type RecordLog } from './append-record.ts';
import type { Backlog } from './backlog.ts';
import { type Client, finishResponse, readRequestBody, sendPart, sendResponse } from './client.ts';
import type { OriginResponse } from './origin-response.ts';
import { type MirrorAgents, Passage } from './pass-through.ts';
import type { LookupSender } from './lookup-sender.ts';
import type { Upstreams } from './upstreams.ts';

/** What the commands of the engine need. */
export interface DriverContext extends RecordLog {
  readonly identify: Identify;
  /** Requests of clients are sent to these, and to no other server. */
  readonly endpoints: Upstreams;
  readonly lookups: LookupSender;
  readonly mirror: MirrorAgents;
  /** What was forwarded in `monitor` and waits to be judged. */
  readonly backlog: Backlog;
  readonly limits: Limits;
}

/**
 * Executes the commands of one flow until it ends. A result that is available at once is returned to the flow without a turn of
 * the event loop. Rejects only if the flow throws or the client disconnects. A response that is forwarded is awaited, whatever
 * becomes of the flow.
 */
export async function drive(flow: RequestFlow, client: Client, context: DriverContext): Promise<void> {
  const state: DriverState = {
    client,
    context,
    body: undefined,
    origin: undefined,
    passage: undefined,
    pull: undefined,
  };
  try {
    let next = flow.next();
    while (!next.done) {
      if (state.passage) next = await stepBehind(flow, next.value, state);
      else {
        const event = execute(next.value, state);
        next = flow.next(event instanceof Promise ? await event : event);
      }
    }
  } finally {
    state.origin?.discard();
    state.passage?.copy.stop();
    await state.passage?.ended;
  }
}

/** One step while a response is forwarded: nothing that fails here may end that, so the flow is told. */
async function stepBehind(
  flow: RequestFlow,
  command: Command,
  state: DriverState,
): Promise<IteratorResult<Command, void>> {
  let event: Event;
  try {
    event = await execute(command, state);
  } catch (error) {
    return flow.throw(error);
  }
  return flow.next(event);
}

interface DriverState {
  readonly client: Client;
  readonly context: DriverContext;
  /** The request's body, once it has been read. */
  body: Uint8Array | undefined;
  /** The response that was opened, or the one that is forwarded, and the reader of its decoded parts. */
  origin: OriginResponse | undefined;
  passage: Passage | undefined;
  pull: (() => BodyPart | Promise<BodyPart>) | undefined;
}

function execute(command: Command, state: DriverState): Event | Promise<Event> {
  const { client, context } = state;
  switch (command.do) {
    case 'read': {
      if (state.passage) return state.passage.requestBody.then((body) => ({ of: 'read', body }));
      const body = readRequestBody(client, context.limits.maxRequestBytes);
      return body instanceof Promise ? body.then((whole) => read(whole, state)) : read(body, state);
    }
    case 'identify': {
      const identified = context.identify(command.request);
      return identified instanceof Promise
        ? identified.then((found) => ({ of: 'identify', ...found }))
        : { of: 'identify', ...identified };
    }
    case 'lookup':
      return Promise.all(command.calls.map((call) => context.lookups.send(call))).then((answers) => ({
        of: 'lookup',
        answers,
      }));
    case 'fetch':
      return fetchWhole(command, state);
    case 'open':
      return open(command, state);
    case 'pull': {
      const part = pull(command.codings, state);
      return part instanceof Promise ? part.then((pulled) => ({ of: 'pull', ...pulled })) : { of: 'pull', ...part };
    }
    case 'pass':
      return pass(command, state);
    case 'record':
      return appendRecord(context, command.record);
    case 'wait':
      return wait(command.ms, client).then(() => ({ of: 'wait' }));
    case 'respond':
      return sendResponse(client, command.head, command.chunks).then((ended) => ({ of: 'respond', ended }));
    case 'release':
      return sendPart(client, command.head, command.chunks).then((isGone) => ({ of: 'release', isGone }));
    case 'finish':
      if (state.passage) return state.passage.ended.then((ended) => ({ of: 'finish', ended }));
      return finishResponse(client).then((ended) => ({ of: 'finish', ended }));
    case 'abort':
      state.origin?.abort('LP-ORIGIN-CUT-OFF');
      client.response.destroy();
      return { of: 'abort' };
  }
}

function read(body: Uint8Array | 'too-large', state: DriverState): Event {
  if (body !== 'too-large') state.body = body;
  return { of: 'read', body };
}

interface Sending {
  readonly request: OutboundRequest;
  readonly caller: string;
}

async function fetchWhole({ request, caller }: Sending, { context }: DriverState): Promise<Event> {
  const { endpoints, limits } = context;
  const response = await endpoints.fetch(request, limits.maxBodyBytes, { caller, timeoutMs: limits.originTimeoutMs });
  return typeof response === 'string' ? { of: 'fetch', failed: response } : { of: 'fetch', response };
}

function open({ request, caller }: Sending, state: DriverState): Event | Promise<Event> {
  const { response } = state.client;
  const origin = state.context.endpoints.open(request, { caller });
  if (typeof origin === 'string') return { of: 'open', failed: origin };
  state.origin = origin;
  const abort = (): void => origin.abort('LP-ORIGIN-CUT-OFF');
  if (response.destroyed) abort();
  response.on('close', abort);
  return origin.opened.then((head) =>
    typeof head === 'string' ? { of: 'open', failed: head } : { of: 'open', response: head },
  );
}

function pull(codings: readonly Coding[], state: DriverState): BodyPart | Promise<BodyPart> {
  const { origin, passage, context } = state;
  if (passage) return pullCopy(passage, codings, state);
  if (!origin) return { failed: 'LP-INTERNAL' };
  if (codings.length === 0) return origin.next();
  state.pull ??= decodeParts(() => origin.next(), codings, context.limits.maxRatio);
  return state.pull();
}

/** Done when the head was forwarded, and it is this response's turn. */
async function pass(command: Extract<Command, { do: 'pass' }>, state: DriverState): Promise<Event> {
  const { client, context, body } = state;
  const passage = new Passage(client, {
    agents: context.mirror,
    upstream: context.endpoints.addressOf(command.to),
    target: command.target,
    headers: command.headers,
    maxRequestBytes: context.limits.maxRequestBytes,
    body,
    copy: context.backlog.copy(),
  }).start();
  state.passage = passage;
  const head = await passage.head;
  await context.backlog.turns.next();
  return head;
}

async function pullCopy({ copy }: Passage, codings: readonly Coding[], state: DriverState): Promise<BodyPart> {
  if (codings.length === 0) return copy.next();
  // No coding makes of no bytes something.
  if (!state.pull && (await copy.isEmpty())) return { chunks: [], isLast: true };
  state.pull ??= decodeParts(() => copy.next(), codings, state.context.limits.maxRatio);
  return state.pull();
}

/** Resolves early if the client disconnects. */
function wait(ms: number, { response }: Client): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    response.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
