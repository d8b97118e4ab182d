import type { Arrival, ErrorCode, Headers, JsonText, ResponsePlan } from '@leakproof/core';
import type { Allowance } from '../budget/budgets.ts';
import { publicOnly } from '../budget/public-only.ts';
import { isClean, ownHeaders, releasedHeaders } from '../http/headers-to-client.ts';
import { ownAnswer } from '../http/own-answer.ts';
import { redirectLocation } from '../http/redirect-location.ts';
import type { Answers } from './answers.ts';
import { order, type Passage } from './command.ts';
import { type Trip, turnAway } from './trip.ts';
import { type Outgoing, valueOf } from './message.ts';
import { recordAccess, recordEnd, recordRefusal, type Subject } from './records.ts';
import { readBody, sealBody, unseen, type Verdict } from './seal-response.ts';

interface Released extends Trip {
  readonly arrival: Arrival;
  readonly allowance: Allowance;
  readonly plan: ResponsePlan;
  readonly answers: Answers;
}

const EMPTY = new Uint8Array();

/** What of an origin's response leaves, and in which form. */
export function* release(trip: Released, response: Outgoing): Passage {
  const { status } = response;
  if (status >= 400) return yield* replaceError(trip, response);
  if (status >= 300) return yield* redirect(trip, response);
  if (status < 200 || status === 206) return yield* turnAway(trip, 502, 'LP-RESPONSE-UNREADABLE');
  if (status === 204 || status === 205 || trip.plan.expected.shape.is === 'nothing')
    return yield* send(trip, { status, headers: headersOf(trip, response), body: EMPTY }, []);
  const json = readBody(trip.engine, response);
  if (typeof json === 'string') return yield* turnAway(trip, 502, json);
  return yield* releaseBody(trip, response, json);
}

function* releaseBody(trip: Released, response: Outgoing, json: JsonText): Passage {
  const { engine, allowance, plan, answers } = trip;
  const contract = allowance.rung.publicOnly ? publicOnly(engine.contract) : engine.contract;
  const sealed = yield* sealBody(json, { contract, plan, mode: 'enforce', answers, admits: allowance.admits });
  if (isBudgetSpent(trip, sealed)) {
    allowance.noteRefusal();
    return yield* turnAway(trip, 429, 'LP-BUDGET-SPENT');
  }
  if (sealed.is === 'misshapen') return yield* turnAway(trip, 502, 'LP-BODY-MISSHAPEN');
  if (sealed.is === 'gone') {
    engine.counts.refused++;
    return yield* send(trip, own(trip, engine.contract.foreign), sealed.facts);
  }
  const type: Headers = [['content-type', valueOf(response.headers, 'content-type') ?? 'application/json']];
  const headers = [...type, ...headersOf(trip, response)];
  const isHead = trip.request.method === 'HEAD';
  const answer = { status: response.status, headers, body: isHead ? EMPTY : Buffer.from(sealed.text) };
  engine.counts.released++;
  return yield* send(trip, answer, isHead ? unseen(sealed.facts) : sealed.facts);
}

/** A budget that refuses was full before this request, or left nothing of its answer. */
function isBudgetSpent({ allowance }: Released, sealed: Verdict): boolean {
  const cut = sealed.withheld.some((each) => each.because === 'budget');
  return cut && (allowance.rung.step === '429' || sealed.is === 'gone');
}

/** Nothing leaves before the log has it. */
function* send(trip: Released, answer: Outgoing, facts: Verdict['facts']): Passage {
  const { engine, request, principal, plan } = trip;
  const subject: Subject = {
    request,
    principal,
    server: plan.server.name,
    operation: plan.operation,
    mode: 'enforce',
  };
  const refused = yield* recordAccess(engine, subject, facts);
  if (refused && engine.contract.on['no-ledger'] === 'refuse') {
    engine.counts.refused++;
    return yield* justAnswer(own(trip, 503));
  }
  const { ended } = yield* order({ do: 'answer', answer });
  if (!refused) yield* recordEnd(engine, request, ended);
}

function* justAnswer(answer: Outgoing): Passage {
  yield* order({ do: 'answer', answer });
}

/** An error of the origin becomes ours: same status, nothing of its words. Recorded, so that it takes as long as our own. */
function* replaceError(trip: Released, response: Outgoing): Passage {
  const { engine, request, principal, plan } = trip;
  const code: ErrorCode = 'LP-ORIGIN-ERROR';
  yield* recordRefusal(engine, { request, principal, server: plan.server.name, operation: plan.operation }, code);
  const wait = valueOf(response.headers, 'retry-after') ?? '';
  const retry =
    [429, 503].includes(response.status) && /^[0-9]{1,9}$/.test(wait) ? { retryAfterSeconds: Number(wait) } : {};
  yield* justAnswer(own(trip, response.status <= 599 ? response.status : 502, retry));
}

function* redirect(trip: Released, response: Outgoing): Passage {
  const location = redirectLocation(trip.engine.contract, trip.arrival.door, valueOf(response.headers, 'location'));
  if (response.status === 304 || location === undefined) return yield* turnAway(trip, 502, 'LP-RESPONSE-UNREADABLE');
  yield* send(trip, { status: response.status, headers: headersOf(trip, response), body: EMPTY }, []);
}

function headersOf(trip: Released, response: Outgoing): Headers {
  const { engine, arrival } = trip;
  const location = redirectLocation(engine.contract, arrival.door, valueOf(response.headers, 'location'));
  return [
    ...releasedHeaders(response.headers),
    ...(location !== undefined && isClean(location) ? ([['location', location]] as const) : []),
    ...ownHeaders(engine.identityHeaders),
  ];
}

function own(trip: Trip, status: number, more: { retryAfterSeconds?: number } = {}): Outgoing {
  const { engine, arrival } = trip;
  return ownAnswer(status, {
    graphql: arrival?.protocol === 'graphql',
    identityHeaders: engine.identityHeaders,
    ...more,
  });
}
