import type { EpochMs, ErrorCode, FactGroup, Headers, OwnerRef } from '@leakproof/core';
import type { Refused } from '@leakproof/cut';
import { codingsOf, type Framing, framingOf, type ResponseHead } from '@leakproof/http';
import { publicOnly } from '../budget/public-only.ts';
import { BodyCut } from './body-cut.ts';
import { CallerCheck } from './caller-check.ts';
import { type Ended, perform, type RequestFlow } from './command.ts';
import type { AdmittedRequest } from './request-context.ts';
import { MAX_NULL_BYTES, ResponseWriter } from './response-writer.ts';

/** Why nothing of a body was released. */
export type NotReleased =
  | { readonly because: 'all-withheld'; readonly facts: readonly FactGroup[] }
  /** The origin has no object. */
  | { readonly because: 'absent' }
  | { readonly because: 'unrecorded' }
  | { readonly because: 'budget' | 'unreadable'; readonly code: ErrorCode };

/** Facts are recorded when so many are pending, even if their bytes could still wait. */
const MAX_PENDING_FACTS = 4_096;

const BUDGET_SPENT: NotReleased = { because: 'budget', code: 'LP-BUDGET-SPENT' };

/**
 * Cuts the opened body as it arrives, records the facts and releases what is allowed. Returns why nothing was released, if so:
 * another response can then be sent. An error after the first bytes were released breaks the connection.
 */
export function* releaseBody(
  context: AdmittedRequest,
  headers: Headers,
  { head, mayBeAbsent }: { readonly head: ResponseHead; readonly mayBeAbsent: boolean },
): RequestFlow<NotReleased | undefined> {
  const framing = framingOf(headers);
  const codings = codingsOf(headers);
  if (!framing || codings === 'unreadable' || (framing !== 'json' && context.plan.protocol === 'graphql'))
    return unreadable('LP-RESPONSE-UNREADABLE');
  const { counts, limits } = context.engine;
  const writer = new ResponseWriter(context, context.plan, head);
  const budget = { isSpent: false };
  const cut = cutFor(context, { framing, writer, budget });
  const maxBytes = isBuffered(context, framing) ? limits.maxBodyBytes : Infinity;
  const isHead = context.request.method === 'HEAD';
  const stop = function* (reason: NotReleased): RequestFlow<NotReleased | undefined> {
    if (!writer.hasStarted) {
      yield* writer.giveUp();
      return reason;
    }
    counts.brokenOff++;
    yield* writer.abort();
    return undefined;
  };
  // A stream need not end: its head is all that HEAD asks for.
  if (isHead && framing !== 'json') {
    const ended = yield* writer.end();
    return ended === 'unrecorded' ? { because: 'unrecorded' } : undefined;
  }
  const callerCheck = framing === 'json' ? undefined : new CallerCheck(context);
  for (let readBytes = 0; ;) {
    const part = yield* perform({ do: 'pull', codings });
    if ('failed' in part) return yield* stop(unreadable(part.failed));
    const notTheCaller = callerCheck && (yield* callerCheck.failure());
    if (notTheCaller) return yield* stop(unreadable(notTheCaller));
    for (const chunk of part.chunks) readBytes += chunk.length;
    if (readBytes > maxBytes) return yield* stop(unreadable('LP-RESPONSE-TOO-LARGE'));
    const refused = yield* cut.write(part);
    if (budget.isSpent && !writer.hasStarted && isAnsweredBySpentBudget(context, refused))
      return yield* stop(BUDGET_SPENT);
    if (refused) return yield* stop(reasonOf(refused, writer));
    if (part.isLast && mayBeAbsent && writer.isNull()) return yield* stop({ because: 'absent' });
    const hadStarted = writer.hasStarted;
    // Something of the body is released: that is all that HEAD asks for.
    const isEnough = isHead && writer.pendingBytes > MAX_NULL_BYTES && maxBytes === Infinity;
    const due = maxBytes === Infinity && !isHead ? dueBytes(writer, framing, limits.maxWholeBytes) : 0;
    const result = yield* writePart(writer, { isLast: part.isLast || isEnough }, due);
    if (!hadStarted && writer.hasStarted) counts.released++;
    if (result === 'unrecorded') return yield* stop({ because: 'unrecorded' });
    if (result === 'client-gone') return yield* stop(unreadable('LP-ORIGIN-CUT-OFF'));
    if (part.isLast || isEnough) return undefined;
  }
}

/** `budget.isSpent` is set once a budget has withheld something. */
function cutFor(
  { engine, allowance, plan, lookups }: AdmittedRequest,
  body: { readonly framing: Framing; readonly writer: ResponseWriter; readonly budget: { isSpent: boolean } },
): BodyCut {
  const { framing, writer, budget } = body;
  const contract = allowance.level.publicOnly ? publicOnly(engine.contract) : engine.contract;
  const admits = (owners: readonly OwnerRef[], nowMs: EpochMs): boolean => {
    const isAdmitted = allowance.admits(owners, nowMs);
    budget.isSpent ||= !isAdmitted;
    return isAdmitted;
  };
  return new BodyCut({ engine, contract, plan, mode: 'enforce', framing, lookups, admits }, writer);
}

/** A budget was spent before this request, or leaves nothing of the response. */
function isAnsweredBySpentBudget({ allowance }: AdmittedRequest, refused: Refused | undefined): boolean {
  return allowance.level.step === '429' || refused?.because === 'gone';
}

type WriteResult = Ended | 'released' | 'client-gone' | 'unrecorded';

function* writePart(
  writer: ResponseWriter,
  { isLast }: { readonly isLast: boolean },
  due: number,
): RequestFlow<WriteResult> {
  if (isLast) return yield* writer.end();
  if (due > 0) return yield* writer.flush(due);
  return writer.pendingFacts < MAX_PENDING_FACTS || (yield* writer.record()) ? 'released' : 'unrecorded';
}

/**
 * True if nothing may be released before the whole body has been judged: after a budget is spent the response may become 429,
 * and a client of HTTP/1.0 cannot tell a broken response from a complete one.
 */
function isBuffered({ allowance, request }: AdmittedRequest, framing: Framing): boolean {
  return request.httpVersion === '1.0' || (framing === 'json' && allowance.level.step === '429');
}

/**
 * How many of the pending bytes are released now. Of JSON these are whole blocks, so that how a response is framed follows from the
 * bytes released, and not from what was withheld between them. Records and events are released as they come.
 */
function dueBytes({ pendingBytes }: ResponseWriter, framing: Framing, blockBytes: number): number {
  if (framing !== 'json' || blockBytes === 0) return pendingBytes;
  return pendingBytes > blockBytes ? pendingBytes - (pendingBytes % blockBytes) : 0;
}

function unreadable(code: ErrorCode): NotReleased {
  return { because: 'unreadable', code };
}

function reasonOf({ because, code, facts }: Refused, writer: ResponseWriter): NotReleased {
  return because === 'gone' ? { because: 'all-withheld', facts: [...writer.takeFacts(), ...facts] } : unreadable(code);
}
