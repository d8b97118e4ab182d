import {
  type ErrorCode,
  type FactGroup,
  type LogRecord,
  type Mode,
  type Principal,
  tokenizeFacts,
  tokenizePrincipal,
} from '@leakproof/core';
import type { IncomingRequest } from '@leakproof/http';
import { type Ended, perform, type RequestFlow } from './command.ts';
import type { Engine } from './engine.ts';
import { splitFacts } from './split-facts.ts';

/** What an access record contains besides its facts. */
export interface RecordContext {
  readonly request: IncomingRequest;
  readonly principal: Principal;
  readonly server: string;
  readonly operation: string;
  readonly mode: Mode;
}

/**
 * Records the facts of a response, in as many records as their size needs; returns the log's error code if it refused one of
 * them.
 */
export function* recordAccess(
  engine: Engine,
  context: RecordContext,
  facts: readonly FactGroup[],
): RequestFlow<ErrorCode | undefined> {
  const record = {
    type: 'access',
    time: engine.now(),
    request: context.request.id,
    server: context.server,
    operation: context.operation,
    principal: tokenizePrincipal(context.principal, engine.tokenize),
    contract: engine.contractDigest,
    mode: context.mode,
  } as const;
  let refused: ErrorCode | undefined;
  for (const part of splitFacts(tokenizeFacts(facts, engine.tokenize)))
    refused ??= yield* write(engine, { ...record, facts: part });
  return refused;
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
  context: {
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
    request: context.request.id,
    server: context.server,
    operation: context.operation,
    principal: tokenizePrincipal(context.principal, engine.tokenize),
    code,
  });
}

function* write(engine: Engine, record: LogRecord): RequestFlow<ErrorCode | undefined> {
  const { refused } = yield* perform({ do: 'record', record });
  if (refused) engine.counts.unrecorded++;
  return refused;
}
