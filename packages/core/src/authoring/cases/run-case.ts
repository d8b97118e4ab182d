import { readTimestamp } from '../../wire/timestamp.ts';
import type { CompiledContract, Lookup } from '../../contract/compiled.ts';
import { isLeakproofError } from '../../errors.ts';
import { own } from '../../own.ts';
import { admit } from '../../request/admit.ts';
import type { RequestView } from '../../request/response-plan.ts';
import type { AccessFact } from '../../records/access-fact.ts';
import type { Truth } from '../../contract/condition.ts';
import type { FoundOwners, Known } from '../../rules/known.ts';
import type { Claim, PreRead } from '../../rules/claim.ts';
import { readLookupAnswer } from '../../rules/lookup-answer.ts';
import { observe } from '../../response/observe.ts';
import { ownersFound } from '../../response/owners-found.ts';
import { ANONYMOUS, type Principal, principalOf } from '../../rules/principal.ts';
import { seal } from '../../response/seal.ts';
import { type JsonText, readJson } from '../../wire/json.ts';
import type { CaseSource } from '../read/source.ts';

/** The result of one example case; it holds if there are no differences. */
export interface CaseResult {
  readonly name: string;
  readonly differences: readonly Difference[];
}

export interface Difference {
  readonly what: 'refused' | 'gone' | 'body' | 'facts';
  readonly expected: string;
  readonly got: string;
}

interface Outcome {
  readonly refused?: number;
  readonly gone?: true;
  readonly body?: string;
  readonly facts: readonly AccessFact[];
}

/** Runs one example: contract, principal, request and body in; released bytes and facts out. `now` is compared with `until`. */
export function runCase(
  contract: CompiledContract,
  source: CaseSource
): CaseResult {
  const outcome = runOutcome(contract, source);
  const differences: Difference[] = [];
  const compare = (what: Difference['what'], expected: unknown, got: unknown): void => {
    const [a, b] = [textOf(expected), textOf(got)];
    if (a !== b) differences.push({ what, expected: a, got: b });
  };
  const { expect } = source;
  compare('refused', expect.refused, outcome.refused);
  compare('gone', expect.gone ?? false, outcome.gone ?? false);
  if (expect.body !== undefined || outcome.body !== undefined) compare('body', jsonText(expect.body), outcome.body);
  if (expect.facts !== undefined) compare('facts', expect.facts.map(factLine), outcome.facts.map(factLineOf));
  return { name: source.name, differences };
}

function runOutcome(contract: CompiledContract, source: CaseSource): Outcome {
  const principal = callerOf(contract, source);
  const known = knownOf(contract, source);
  const plan = admit(contract, requestOf(contract, source), principal, known, true);
  if (plan.type === 'refusal') return { refused: plan.status, facts: [] };
  if (plan.type === 'ask') return { refused: 500, facts: [] };
  const body = jsonText(source.origin);
  if (body === undefined) return { facts: [] };
  const json = jsonOf(body);
  if (!json) return { gone: true, facts: [] };
  const sealed = seal(contract, json, {
    expected: plan.expected,
    principal: plan.principal,
    mode: source.mode ?? plan.mode,
    known,
    final: true,
  });
  if (sealed.type === 'body') return { body: sealed.text, facts: sealed.facts };
  return { gone: true, facts: sealed.type === 'ask' ? [] : sealed.facts };
}

/** An unreadable body is not released. */
function jsonOf(body: string): JsonText | undefined {
  try {
    return readJson(body);
  } catch (error) {
    if (isLeakproofError(error)) return undefined;
    throw error;
  }
}

function callerOf(contract: CompiledContract, source: CaseSource): Principal {
  return source.as === 'anonymous' ? ANONYMOUS : principalOf(contract, source.as.kind, source.as.claims);
}

function requestOf(contract: CompiledContract, source: CaseSource): RequestView {
  const [method = '', target = ''] = source.request.split(' ', 2);
  const server =
    source.server === undefined ? contract.servers[0] : contract.servers.find((each) => each.name === source.server);
  const endpoint = server?.endpoints[source.protocol ?? (server.endpoints.rest ? 'rest' : 'graphql')];
  const body = jsonText(source.send === undefined ? undefined : { json: source.send });
  return {
    method,
    authority: endpoint?.authority ?? '',
    target,
    headers: Object.entries(source.headers ?? {}),
    ...(body === undefined ? {} : { body: new TextEncoder().encode(body) }),
  };
}

/** The case's answers, read by the same rules as lookup responses. */
function knownOf(contract: CompiledContract, source: CaseSource): Known {
  const now = source.now === undefined ? 0 : (readTimestamp(source.now) ?? 0);
  const answer = (claim: Claim): Truth => {
    const name = claim.type === 'relation' ? claim.relation : claim.state;
    const rules = claim.type === 'relation' ? contract.relations : contract.states;
    const given = own(own(source.known ?? {}, name) ?? {}, claim.owner.id);
    const lookup: Lookup | undefined = own<{ readonly lookup?: Lookup }>(rules, name)?.lookup;
    return lookup ? readLookupAnswer(lookup, given, now) : 'unknown';
  };
  return { get: answer, owners: (read) => preRead(contract, source, read) };
}

function preRead(contract: CompiledContract, source: CaseSource, read: PreRead): FoundOwners | undefined {
  const body = own(source.owners ?? {}, read.target);
  const operation = contract.operations.find((each) => each.name === read.operation);
  const space = (contract.servers.find((each) => each.name === source.server) ?? contract.servers[0])?.space;
  if (body === undefined || !operation || space === undefined) return undefined;
  return ownersFound(observe(contract, { shape: operation.returns, space }, readJson(JSON.stringify(body))));
}

function jsonText(source: string | { readonly json?: unknown } | undefined): string | undefined {
  return typeof source === 'object' ? JSON.stringify(source.json) : source;
}

function factLine(fact: NonNullable<CaseSource['expect']['facts']>[number]): string {
  const sets = (['seen', 'exposed', 'withheld'] as const).flatMap((set) => {
    const names = fact[set];
    return names && names.length > 0 ? [`${set} ${[...names].sort().join(', ')}`] : [];
  });
  if (fact.undeclared) sets.push(`${fact.undeclared} undeclared`);
  return `${fact.resource} of ${fact.owner}: ${sets.join('; ')}`;
}

function factLineOf(fact: AccessFact): string {
  return factLine({
    owner: `${fact.owner.kind}:${fact.owner.id}`,
    resource: fact.resource,
    seen: [...fact.seen],
    exposed: [...fact.exposed],
    withheld: [...fact.withheld],
    undeclared: fact.undeclared,
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : Array.isArray(value) ? value.join('\n') : String(value);
}
