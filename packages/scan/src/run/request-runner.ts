import type { CompiledContract } from '@leakproof/core';
import type { Caller } from '../identities/caller.ts';
import type { Sessions } from '../identities/sessions.ts';
import type { PlannedRequest } from '../plan/make-request.ts';
import { type ReadResponse, readResponse } from '../reading/read-response.ts';
import { placeInOwned, type SeenObject } from '../reading/seen-object.ts';
import type { Transport } from '../transport/transport.ts';

export interface RequestRunnerContext {
  readonly contract: CompiledContract;
  readonly transport: Transport;
  readonly sessions: Sessions;
}

/** Sends requests as a caller, and remembers the responses. */
export class RequestRunner {
  readonly #context: RequestRunnerContext;
  readonly #responses = new Map<string, Promise<ReadResponse>>();
  #owners: ReadonlySet<string> | undefined;

  constructor(context: RequestRunnerContext) {
    this.#context = context;
  }

  /** From now on responses keep only objects of these owners and root envelopes: a list may contain thousands of others. */
  keepOnlyOwners(owners: ReadonlySet<string>): void {
    this.#owners = owners;
  }

  /** The response to a request that a caller sends at most once. */
  sendOnce(caller: Caller, request: PlannedRequest): Promise<ReadResponse> {
    const key = `${caller.name}\n${request.key}`;
    const sent = this.#responses.get(key);
    if (sent) return sent;
    const response = this.send(caller, request);
    this.#responses.set(key, response);
    return response;
  }

  /** Sends a request, again if need be, and does not remember the response. */
  async send(caller: Caller, { operation, template, expected }: PlannedRequest): Promise<ReadResponse> {
    const { transport, sessions, contract } = this.#context;
    const signed = sessions.sign(caller.name, operation.endpoint, template);
    const received = await transport.send(operation.endpoint, signed.template, signed.credential);
    if (received.type === 'response') sessions.received(caller.name, operation.endpoint, received.headers);
    const response = readResponse(received, expected, contract);
    const owners = this.#owners;
    return owners ? keepOwners(owners, response) : response;
  }

  forget(caller: Caller, request: PlannedRequest): void {
    this.#responses.delete(`${caller.name}\n${request.key}`);
  }
}

/** Containers stay reachable through `within`. */
function keepOwners(owners: ReadonlySet<string>, response: ReadResponse): ReadResponse {
  const objects = response.objects.filter(
    (each) => each.pointer === '' || each.owners.some((owner) => owners.has(owner)),
  );
  return { ...response, objects, inside: insideOf(new Set(objects), response.objects) };
}

/** Objects kept of those in one field of one object. */
const MAX_INSIDE = 4;

/** The first few objects of others in every field of the objects that are kept. */
function insideOf(kept: ReadonlySet<SeenObject>, objects: readonly SeenObject[]): SeenObject[] {
  const counts = new Map<SeenObject, Map<number, number>>();
  return objects.filter((object) => {
    if (kept.has(object) || object.owners.length === 0) return false;
    const place = placeInOwned(object);
    if (!place || !kept.has(place.object)) return false;
    const byField = counts.get(place.object) ?? new Map<number, number>();
    counts.set(place.object, byField);
    const count = (byField.get(place.field) ?? 0) + 1;
    byField.set(place.field, count);
    return count <= MAX_INSIDE;
  });
}
