import {
  type ErrorCode,
  type FactGroup,
  type LogRecord,
  type Mode,
  type Principal,
  tokenizeFacts,
  tokenizePrincipal,
} from '@leakproof/core';
import { type Ended, perform, type RequestFlow } from './command.ts';
import type { Engine } from './engine.ts';
import type { IncomingRequest } from '@leakproof/http';

/** What a record says of a request besides what became of it. */
export interface Subject {
  readonly request: IncomingRequest;
  readonly principal: Principal;
  readonly server: string;
  readonly operation: string;
  readonly mode: Mode;
}

/** Writes what a response gives away; the code if the log did not take it. */
export function* recordAccess(
  engine: Engine,
  subject: Subject,
  facts: readonly FactGroup[],
): RequestFlow<ErrorCode | undefined> {
  return yield* write(engine, {
    type: 'access',
    time: engine.now(),
    request: subject.request.id,
    server: subject.server,
    operation: subject.operation,
    principal: tokenizePrincipal(subject.principal, engine.tokenize),
    contract: engine.contractDigest,
    mode: subject.mode,
    facts: tokenizeFacts(facts, engine.tokenize),
  });
}

export function* recordEnd(engine: Engine, request: IncomingRequest, ended: Ended): RequestFlow {
  yield* write(engine, { type: 'end', time: engine.now(), requests: [request.id], ended });
}

export function* recordGap(engine: Engine, request: IncomingRequest, code: ErrorCode): RequestFlow {
  engine.counts.gaps++;
  yield* write(engine, { type: 'gap', time: engine.now(), request: request.id, code });
}

export function* recordRefusal(
  engine: Engine,
  subject: {
    request: IncomingRequest;
    principal: Principal;
    server?: string | undefined;
    operation?: string | undefined;
  },
  code: ErrorCode,
): RequestFlow {
  yield* write(engine, {
    type: 'refusal',
    time: engine.now(),
    request: subject.request.id,
    server: subject.server,
    operation: subject.operation,
    principal: tokenizePrincipal(subject.principal, engine.tokenize),
    code,
  });
}

function* write(engine: Engine, record: LogRecord): RequestFlow<ErrorCode | undefined> {
  const { refused } = yield* perform({ do: 'record', record });
  if (refused) engine.counts.unrecorded++;
  return refused;
}
