import type { ErrorCode, Headers, LogRecord, Principal } from '@leakproof/core';
import type {
  BodyPart,
  Coding,
  Destination,
  FullResponse,
  IncomingRequest,
  OutboundRequest,
  ResponseHead,
} from '@leakproof/http';
import type { LookupCall } from '../lookup/lookup-call.ts';

/** What the engine asks its adapter to do: one command at a time for each request, each answered by the event of its name. */
export type Command =
  /** Reads the request's body, up to `maxRequestBytes`. After `pass`: a copy of what was forwarded of it. */
  | { readonly do: 'read' }
  | { readonly do: 'identify'; readonly request: IncomingRequest }
  /** Sends all calls at once; the answer of one that is late or failed is undefined. */
  | { readonly do: 'lookup'; readonly calls: readonly LookupCall[] }
  /** Sends a request to an endpoint and reads the whole response. `caller`: whose part of the connections it takes. */
  | { readonly do: 'fetch'; readonly request: OutboundRequest; readonly caller: string }
  /** Sends a request to an endpoint and reads the head of the response. The body is read by `pull`; an unread rest is discarded. */
  | { readonly do: 'open'; readonly request: OutboundRequest; readonly caller: string }
  /**
   * Reads at least one byte of the opened body, or its end; `codings` are undone, the last one first. After `pass`: the same of a
   * copy of what was forwarded, when it is this response's turn; LP-BACKLOG-FULL where the copy ends because too much waits.
   */
  | { readonly do: 'pull'; readonly codings: readonly Coding[] }
  /**
   * Forwards the request to an endpoint with this target and these headers, and streams the response back, whatever follows here.
   * Done when the head was forwarded. Copies of both bodies are given by `read` and `pull`.
   */
  | { readonly do: 'pass'; readonly to: Destination; readonly target: string; readonly headers: Headers }
  | { readonly do: 'record'; readonly record: LogRecord }
  | { readonly do: 'wait'; readonly ms: number }
  /** Sends a whole response, with its length. */
  | { readonly do: 'respond'; readonly head: ResponseHead; readonly chunks: readonly Uint8Array[] }
  /** Sends a part of a response, the head with the first part; done when the operating system has taken it. */
  | { readonly do: 'release'; readonly head?: ResponseHead; readonly chunks: readonly Uint8Array[] }
  /** Ends a response that was sent in parts. After `pass`: waits for its end. */
  | { readonly do: 'finish' }
  /** Breaks the connection, so that the client cannot take a part for the whole. */
  | { readonly do: 'abort' };

/** The outcome of a command. */
export type Event =
  | { readonly of: 'read'; readonly body: Uint8Array | 'too-large' }
  | { readonly of: 'identify'; readonly principal: Principal; readonly setCookies?: readonly string[] }
  | { readonly of: 'identify'; readonly invalid: ErrorCode }
  /** The credential cannot be verified now. */
  | { readonly of: 'identify'; readonly unavailable: ErrorCode }
  | { readonly of: 'lookup'; readonly answers: readonly (Uint8Array | undefined)[] }
  | { readonly of: 'fetch'; readonly response: FullResponse }
  | { readonly of: 'fetch'; readonly failed: ErrorCode }
  | { readonly of: 'open'; readonly response: ResponseHead }
  | { readonly of: 'open'; readonly failed: ErrorCode }
  | ({ readonly of: 'pull' } & BodyPart)
  | Passed
  | { readonly of: 'record'; readonly refused: ErrorCode | undefined }
  | { readonly of: 'wait' }
  | { readonly of: 'respond'; readonly ended: Ended }
  | { readonly of: 'release'; readonly isGone: boolean }
  | { readonly of: 'finish'; readonly ended: Ended }
  | { readonly of: 'abort' };

export type Ended = 'complete' | 'cut-off';

/** The head of a response that is forwarded in `monitor`. */
export type Passed =
  | { readonly of: 'pass'; readonly response: ResponseHead }
  | { readonly of: 'pass'; readonly failed: ErrorCode };

/** The processing of one request: yields commands, receives events. */
export type RequestFlow<T = void> = Generator<Command, T, Event>;

type EventOf<K extends Command['do']> = Extract<Event, { of: K }>;

/** Yields a command and returns its event. */
export function* perform<C extends Command>(command: C): RequestFlow<EventOf<C['do']>> {
  const event = yield command;
  if (event.of !== command.do) throw new TypeError(`${command.do} was answered by ${event.of}`);
  return event as EventOf<C['do']>;
}
