import type { ErrorCode, Principal, ResponsePlan } from '@leakproof/core';
import { type BodyPart, codingsOf, type Framing, framingOf, type ResponseHead } from '@leakproof/http';
import { BodyCut } from './body-cut.ts';
import { perform, type RequestFlow } from './command.ts';
import { ExposureWriter } from './exposure-writer.ts';
import { LookupSession } from './lookup-session.ts';
import { type MonitoredRequest, planOfPassed, planOfRefused } from './monitored-plan.ts';
import { recordGap } from './records.ts';

/** What is known of a monitored request before its response is judged. */
export interface KnownOfRequest {
  readonly principal: Principal;
  readonly plan?: ResponsePlan;
  readonly lookups?: LookupSession;
}

/** Judges a response that is being forwarded, part by part and behind it, and records what it exposes (`monitor`). */
export function* judgeResponse(
  monitored: MonitoredRequest,
  response: ResponseHead,
  { principal, plan: knownPlan, lookups: knownLookups }: KnownOfRequest,
): RequestFlow {
  const { engine, request } = monitored;
  const codings = codingsOf(response.headers);
  const isCoded = codings !== 'unreadable';
  const first = yield* perform({ do: 'pull', codings: isCoded ? codings : [] });
  if (isEmpty(first)) return undefined;
  const framing = framingOf(response.headers);
  if (response.status >= 300) return yield* recordGap(engine, request, 'LP-ORIGIN-ERROR');
  if (response.status === 206) return yield* recordGap(engine, request, 'LP-RESPONSE-UNREADABLE');
  const lookups = knownLookups ?? new LookupSession(engine);
  const admitted = knownPlan ?? (yield* planOfPassed(monitored, { principal, lookups }));
  const isAdmitted = admitted.type !== 'refusal';
  const plan = isAdmitted ? admitted : planOfRefused(monitored, principal);
  if (!plan) return yield* recordGap(engine, request, isAdmitted ? 'LP-INTERNAL' : admitted.code);
  if (!framing || !isCoded || (framing !== 'json' && plan.protocol === 'graphql'))
    return yield* recordGap(engine, request, 'LP-RESPONSE-UNREADABLE');
  const writer = new ExposureWriter(engine, { request, principal, plan, isAdmitted });
  const cut = new BodyCut({ engine, contract: engine.contract, plan, mode: 'monitor', framing, lookups }, writer);
  for (let part: BodyPart = first; ; part = yield* perform({ do: 'pull', codings })) {
    const failed = 'failed' in part ? part.failed : undefined;
    const read = 'failed' in part ? END : part;
    yield* cut.write(read);
    const isLast = read.isLast || cut.gap !== undefined;
    yield* writer.record({ isDue: isLast || framing !== 'json' });
    for (const code of cut.unjudged) yield* writer.gap(code);
    if (!isLast) continue;
    const gap = failed ? gapOf(failed, framing, cut) : cut.gap;
    if (gap) yield* writer.gap(gap);
    else yield* writer.recordWhole();
    const { ended } = yield* perform({ do: 'finish' });
    return yield* writer.end(ended);
  }
}

const END = { chunks: [], isLast: true };

function isEmpty(part: BodyPart): boolean {
  return !('failed' in part) && part.isLast && part.chunks.every((chunk) => chunk.length === 0);
}

/** A stream may be broken off between two records: all of it was judged. */
function gapOf(failed: ErrorCode, framing: Framing, cut: BodyCut): ErrorCode | undefined {
  return failed === 'LP-ORIGIN-CUT-OFF' && framing !== 'json' && !cut.gap ? undefined : failed;
}
