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

/** What the engine wants done. One at a time for each request; the answer to each is an event of the same name. */
export type Command =
  /** Reads the request's body, up to the limit. */
  | { readonly do: 'read' }
  | { readonly do: 'identify'; readonly request: IncomingRequest }
  /** All calls at once; what has not come back by the deadline is absent. */
  | { readonly do: 'lookup'; readonly calls: readonly LookupCall[] }
  /** Sends a request and reads the answer whole. */
  | { readonly do: 'fetch'; readonly request: OutboundRequest }
  /** Sends a request and reads the answer's head. Its body waits to be pulled; what is not, is given up in the end. */
  | { readonly do: 'open'; readonly request: OutboundRequest }
  /** Reads what there is of the opened body, at least something, with these codings undone (the last one first). */
  | { readonly do: 'pull'; readonly codings: readonly Coding[] }
  /** Sends the request on with these headers, and the answer back as it comes, keeping a copy of both up to the limits. */
  | { readonly do: 'pass'; readonly to: Destination; readonly headers: Headers }
  | { readonly do: 'record'; readonly record: LogRecord }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'answer'; readonly answer: FullResponse }
  /** Sends a part of an answer, the head with the first; done once the operating system has it. */
  | { readonly do: 'release'; readonly head?: ResponseHead; readonly chunks: readonly Uint8Array[] }
  /** Ends an answer that was sent in parts. */
  | { readonly do: 'finish' }
  /** Breaks the connection off, so that nobody takes what was sent for the whole. */
  | { readonly do: 'break' };

/** What became of a command. */
export type Event =
  | { readonly of: 'read'; readonly body: Uint8Array | 'too-large' }
  | { readonly of: 'identify'; readonly principal: Principal }
  | { readonly of: 'identify'; readonly invalid: ErrorCode }
  | { readonly of: 'lookup'; readonly answers: readonly (Uint8Array | undefined)[] }
  | { readonly of: 'fetch'; readonly response: FullResponse }
  | { readonly of: 'fetch'; readonly failed: ErrorCode }
  | { readonly of: 'open'; readonly response: ResponseHead }
  | { readonly of: 'open'; readonly failed: ErrorCode }
  | ({ readonly of: 'pull' } & BodyPart)
  | Passed
  | { readonly of: 'record'; readonly refused: ErrorCode | undefined }
  | { readonly of: 'wait' }
  | { readonly of: 'answer'; readonly ended: Ended }
  | { readonly of: 'release'; readonly isGone: boolean }
  | { readonly of: 'finish'; readonly ended: Ended }
  | { readonly of: 'break' };

export type Ended = 'complete' | 'cut-off';

/** What went past in `monitor`, copied on its way. */
export type Passed =
  | {
      readonly of: 'pass';
      readonly response: Omit<FullResponse, 'body'> & { readonly body: Uint8Array | 'too-large' };
      readonly requestBody: Uint8Array | 'too-large';
      readonly ended: Ended;
    }
  | { readonly of: 'pass'; readonly failed: ErrorCode };

/** One request on its way: commands out, events in. */
export type RequestFlow<T = void> = Generator<Command, T, Event>;

type EventOf<K extends Command['do']> = Extract<Event, { of: K }>;

/** Gives a command and waits for its event. */
export function* perform<C extends Command>(command: C): RequestFlow<EventOf<C['do']>> {
  const event = yield command;
  if (event.of !== command.do) throw new TypeError(`${command.do} was answered by ${event.of}`);
  return event as EventOf<C['do']>;
}
