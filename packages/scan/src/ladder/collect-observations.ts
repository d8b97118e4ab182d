import { type CompiledContract, principalForServer } from '@leakproof/core';
import { envelopesOf } from '../evidence/envelopes.ts';
import type { OperationAttempt } from '../evidence/operation-attempt.ts';
import { type CallerResponse, type ReceiptContext, type ReceivedField, receiptsOf } from '../evidence/receipt.ts';
import type { Caller, Identity } from '../identities/caller.ts';
import { ownerKeyOf } from '../identities/owner-key-of.ts';
import type { PlannedRequest } from '../plan/make-request.ts';
import type { ReadResponse } from '../reading/read-response.ts';
import { placeInOwned, type SeenObject } from '../reading/seen-object.ts';
import type { Meaning, Meanings, Question } from '../rulings/meaning.ts';
import { cellKey, type FieldLocation } from './cell.ts';
import type { Observation } from './verdict.ts';

export interface ObservationContext extends ReceiptContext {
  readonly identities: readonly Identity[];
  readonly meanings: Meanings;
}

/** A cell without its verdict. */
export interface ObservedCell {
  readonly location: FieldLocation;
  readonly caller: Caller;
  readonly owner: Identity;
  readonly observations: Observation[];
}

/** The observations of every cell that was tried, by cell key. */
export function collectObservations(
  attempts: readonly OperationAttempt[],
  context: ObservationContext,
): ReadonlyMap<string, ObservedCell> {
  const collector = new Collector(context, ownResponses(attempts));
  for (const attempt of attempts) collector.add(attempt);
  return collector.cells;
}

type Received = Pick<ReceivedField, 'object' | 'field'>;
/** A field that its owner receives, and the objects in it. */
type Absent = Received & { readonly inside: readonly SeenObject[] };

export function questionOf(
  contract: CompiledContract,
  { principal }: Caller,
  { request, object, field }: Received & Pick<Observation, 'request'>,
): Question {
  const { server } = request.operation;
  return { principal: principalForServer(contract, server, principal), request, object, fieldIndex: field.index };
}

class Collector {
  readonly cells = new Map<string, ObservedCell>();
  readonly #context: ObservationContext;
  readonly #ownResponses: OwnResponses;

  constructor(context: ObservationContext, own: OwnResponses) {
    this.#context = context;
    this.#ownResponses = own;
  }

  add(attempt: OperationAttempt): void {
    const envelopes = envelopesOf([...attempt.responses.values()]);
    const { space } = attempt.operation.server;
    for (const owner of this.#context.identities.filter(({ principal }) => principal.space === space)) {
      for (const [request, response] of attempt.responses) {
        this.#addReceived(attempt, owner, { request, objects: response.objects, envelopes });
        this.#addMissing(attempt, owner, { request, ...response });
      }
    }
  }

  /** Every field of the owner in the response, whatever was requested. */
  #addReceived({ operation, caller }: OperationAttempt, owner: Identity, response: CallerResponse): void {
    const { request } = response;
    for (const received of this.#receiptsOf(owner, response)) {
      const meaning = this.#meaningOf(caller, request, received);
      const isInPassing =
        meaning.type === 'allowed' && this.#meaningOfPath(caller, request, received).type !== 'allowed';
      this.#put({ operation, caller }, owner, { request, ...received, meaning, isInPassing });
    }
  }

  /** Every field that the owner itself gets by the same request, and this caller does not. */
  #addMissing(
    { operation, caller, doubt }: OperationAttempt,
    owner: Identity,
    response: ReadResponse & { readonly request: PlannedRequest },
  ): void {
    const { request } = response;
    const own = this.#ownResponses(owner, request);
    const hasNoInput = request.recipe.length === 0;
    const isOwnList = (hasNoInput || request.isFiltered === true) && isAboutItsCaller(caller, response);
    if (!own || caller.identity === owner || (hasNoInput && isOwnList)) return;
    const received = new Set(this.#receiptsOf(owner, response).map(({ field }) => field.pointer));
    const reason = response.doubt ?? doubt;
    for (const { object, field } of this.#receiptsOf(owner, { request, objects: own.objects })) {
      if (received.has(field.pointer)) continue;
      const meaning = this.#meaningOfAbsence(caller, request, {
        object,
        field,
        inside: insideOf(own, { object, field }),
      });
      if (!meaning || (isOwnList && meaning.type !== 'forbidden')) continue;
      this.#put({ operation, caller }, owner, {
        request,
        object,
        field,
        receipt: 'none',
        meaning,
        doubt: reason,
        hasNoInput: hasNoInput || request.isFiltered === true,
      });
    }
  }

  #receiptsOf(owner: Identity, response: CallerResponse): ReceivedField[] {
    const receipts = receiptsOf(this.#context, ownerKeyOf(owner.principal), response);
    return receipts.filter(({ receipt }) => receipt !== 'none');
  }

  /**
   * An allowed field may still be in a container that is not, and objects in it may be none that the caller may see: then it is
   * withheld as it is meant. Undefined if that is unknown.
   */
  #meaningOfAbsence(caller: Caller, request: PlannedRequest, { inside, ...received }: Absent): Meaning | undefined {
    const meaning = this.#meaningOf(caller, request, received);
    if (meaning.type !== 'allowed') return meaning;
    const path = this.#meaningOfPath(caller, request, received);
    if (path.type !== 'allowed' || inside.length === 0) return path.type === 'unknown' ? undefined : path;
    const { contract, meanings } = this.#context;
    const principal = principalForServer(contract, request.operation.server, caller.principal);
    const visibilities = new Set(inside.map((each) => meanings.visibilityOf(principal, each)));
    if (visibilities.has('allowed')) return path;
    return visibilities.has('unknown') ? undefined : { type: 'forbidden', asks: [] };
  }

  #meaningOf(caller: Caller, request: PlannedRequest, { object, field }: Received): Meaning {
    return this.#context.meanings.meaningOf(questionOf(this.#context.contract, caller, { request, object, field }));
  }

  #meaningOfPath(caller: Caller, request: PlannedRequest, { object, field }: Received): Meaning {
    return this.#context.meanings.meaningOfPath(questionOf(this.#context.contract, caller, { request, object, field }));
  }

  #put(
    { operation, caller }: Pick<OperationAttempt, 'operation' | 'caller'>,
    owner: Identity,
    observation: Observation,
  ): void {
    const location = this.#locationOf(operation, observation);
    const key = cellKey({ ...location, attacker: caller.name, owner: owner.name });
    const cell = this.cells.get(key) ?? { location, caller, owner, observations: [] };
    cell.observations.push(observation);
    this.cells.set(key, cell);
  }

  #locationOf(
    { server, protocol, declared }: OperationAttempt['operation'],
    { object, field }: Received,
  ): FieldLocation {
    const { resource } = object.sighting;
    const isDeclared = Object.hasOwn(this.#context.contract.resources[resource]?.fields ?? {}, field.field);
    return {
      server: server.name,
      protocol,
      operation: declared.name,
      at: field.pointer,
      resource,
      field: isDeclared ? field.field : (field.pointer.split('/').at(-1) ?? ''),
    };
  }
}

/** The response of a request to an owner, if it made the request itself. */
type OwnResponses = (owner: Identity, request: PlannedRequest) => ReadResponse | undefined;

function ownResponses(attempts: readonly OperationAttempt[]): OwnResponses {
  const byIdentity = new Map<Identity, Map<PlannedRequest, ReadResponse>>();
  for (const { caller, responses } of attempts) {
    if (!caller.identity) continue;
    const own = byIdentity.get(caller.identity) ?? new Map<PlannedRequest, ReadResponse>();
    byIdentity.set(caller.identity, own);
    for (const [request, response] of responses) own.set(request, response);
  }
  return (owner, request) => byIdentity.get(owner)?.get(request);
}

/** The objects with owners in a field. */
function insideOf({ objects, inside = [] }: ReadResponse, { object, field }: Received): SeenObject[] {
  return [...objects, ...inside].filter((each) => {
    const place = each.owners.length === 0 ? undefined : placeInOwned(each);
    return place?.object === object && place.field === field.index;
  });
}

/** A response that only contains objects of its caller, or of nobody: without input, no other object can be requested. */
function isAboutItsCaller({ principal, identity }: Caller, { objects }: ReadResponse): boolean {
  if (!identity) return false;
  const own = ownerKeyOf(principal);
  return objects.every(({ owners }) => owners.length === 0 || owners.includes(own));
}
