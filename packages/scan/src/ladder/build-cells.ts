import { principalForServer, type CompiledContract } from '@leakproof/core';
import type { OwnInput } from '../harvest/bindings.ts';
import type { Caller, Identity } from '../identities/caller.ts';
import { type KnownRelations, keyOf } from '../rulings/known-relations.ts';
import { type Case, type Meaning, Meanings } from '../rulings/meaning.ts';
import type { OperationOwners } from '../rulings/operation-owners.ts';
import type { PlannedRequest } from '../plan/make-request.ts';
import type { ReadResponse } from '../reading/reading.ts';
import type { Tried } from '../run/matrix.ts';
import type { Baseline } from '../evidence/baseline.ts';
import { type Breach, type Cell, cellKey, type FieldLocation } from './cell.ts';
import { type CallerResponse, receiptsOf } from '../evidence/receipt.ts';
import { envelopesOf } from './envelopes.ts';
import { type Observed, verdictOf } from './verdict.ts';

export interface CellContext {
  readonly contract: CompiledContract;
  readonly identities: readonly Identity[];
  readonly bindings: readonly OwnInput[];
  readonly baseline: Baseline;
  readonly owners: OperationOwners;
  readonly facts: KnownRelations;
}

/** A cell, with the requests by which it was proven. */
export interface BuiltCell {
  readonly cell: Cell;
  readonly proofs: readonly PlannedRequest[];
  /** What was received that the owner reads too. Personal values: for keyed digests alone. */
  readonly texts: readonly string[];
}

/** Every cell of the ladder that was tried, sorted. */
export function buildCells(tried: readonly Tried[], room: CellContext): BuiltCell[] {
  const builder = new CellBuilder(room, ownReads(tried));
  for (const each of tried) builder.take(each);
  return builder.build();
}

interface Draft {
  readonly place: FieldLocation;
  readonly caller: Caller;
  readonly owner: Identity;
  readonly observed: Observed[];
}

class CellBuilder {
  readonly #room: CellContext;
  readonly #meanings: Meanings;
  readonly #own: OwnReads;
  readonly #drafts = new Map<string, Draft>();
  readonly #receiving: Parameters<typeof receiptsOf>[0];

  constructor(room: CellContext, own: OwnReads) {
    this.#room = room;
    this.#own = own;
    this.#meanings = new Meanings(room.contract, room.facts, room.owners);
    this.#receiving = room;
  }

  take(tried: Tried): void {
    const answered = envelopesOf([...tried.readings.values()]);
    const owners = this.#room.identities.filter(({ principal }) => principal.space === tried.endpoint.server.space);
    for (const owner of owners) {
      for (const [ask, reading] of tried.readings) {
        this.#received(tried, owner, ask, { seen: reading.seen, answered });
        this.#missed(tried, owner, ask, reading);
      }
    }
  }

  build(): BuiltCell[] {
    return [...this.#drafts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, draft]) => {
        const { verdict, reason, deciding, isInPassing } = verdictOf(draft.observed);
        const breach = verdict === 'proven' || verdict === 'likely' ? this.#breach(draft, deciding) : undefined;
        const cell: Cell = {
          ...draft.place,
          attacker: draft.caller.name,
          owner: draft.owner.name,
          relations: this.#relations(draft),
          states: this.#states(draft.owner),
          verdict,
          ...(reason === undefined ? {} : { reason }),
          ...(isInPassing ? { inPassing: true as const } : {}),
          ...(breach ? { breach } : {}),
        };
        if (verdict !== 'proven') return { cell, proofs: [], texts: [] };
        return { cell, proofs: deciding.map(({ ask }) => ask), texts: deciding[0]?.at.field.texts ?? [] };
      });
  }

  /** What of the owner stands in the answer, whatever the request was for. */
  // oxlint-disable-next-line max-params
  #received(tried: Tried, owner: Identity, ask: PlannedRequest, answer: CallerResponse): void {
    for (const { seen, field, receipt } of receiptsOf(this.#receiving, keyOf(owner.principal), ask, answer)) {
      if (receipt === 'none') continue;
      const meaning = this.#meaning(tried.caller, ask, { seen, field });
      const at = { seen, field };
      const isInPassing =
        meaning.type === 'allowed' && this.#meanings.ofWay(this.#case(tried.caller, ask, at)).type !== 'allowed';
      this.#put(tried, owner, { ask, at, receipt, meaning, isInPassing });
    }
  }

  /** What the owner itself gets by the very same request, and this caller does not. */
  // oxlint-disable-next-line max-params
  #missed(tried: Tried, owner: Identity, ask: PlannedRequest, reading: ReadResponse): void {
    const own = this.#own(owner, ask);
    const { caller } = tried;
    const isOwnEndpoint = ask.recipe.length === 0;
    if (!own || caller.identity === owner || (isOwnEndpoint && isAboutItsCaller(caller, reading))) return;
    const ownerKey = keyOf(owner.principal);
    const got = new Set(
      receiptsOf(this.#receiving, ownerKey, ask, reading).flatMap(({ field, receipt }) =>
        receipt === 'none' ? [] : [field.at],
      ),
    );
    const doubt = reading.doubt ?? tried.doubt;
    for (const { seen, field, receipt } of receiptsOf(this.#receiving, ownerKey, ask, own)) {
      if (got.has(field.at) || receipt === 'none') continue;
      const meaning = this.#meaningOfNothing(caller, ask, { seen, field });
      if (meaning)
        this.#put(tried, owner, { ask, at: { seen, field }, receipt: 'none', meaning, doubt, isOwnEndpoint });
    }
  }

  /** What is meant for the caller may still be out of its reach: undefined if that is not known. */
  #meaningOfNothing(caller: Caller, ask: PlannedRequest, at: At): Meaning | undefined {
    const meaning = this.#meaning(caller, ask, at);
    if (meaning.type !== 'allowed') return meaning;
    const way = this.#meanings.ofWay(this.#case(caller, ask, at));
    return way.type === 'unknown' ? undefined : way;
  }

  #put(tried: Tried, owner: Identity, observed: Observed): void {
    const place = this.#place(tried, observed.at);
    const key = cellKey({ ...place, attacker: tried.caller.name, owner: owner.name });
    const draft = this.#drafts.get(key) ?? { place, caller: tried.caller, owner, observed: [] };
    draft.observed.push(observed);
    this.#drafts.set(key, draft);
  }

  #place({ endpoint }: Tried, { seen, field }: At): FieldLocation {
    const { resource } = seen.sighting;
    const declared = Object.hasOwn(this.#room.contract.resources[resource]?.fields ?? {}, field.field);
    return {
      server: endpoint.server.name,
      protocol: endpoint.protocol,
      operation: endpoint.operation.name,
      at: field.at,
      resource,
      field: declared ? field.field : (field.at.split('/').at(-1) ?? ''),
    };
  }

  #meaning(caller: Caller, ask: PlannedRequest, at: At): Meaning {
    return this.#meanings.of(this.#case(caller, ask, at));
  }

  #case({ principal }: Caller, ask: PlannedRequest, { seen, field }: At): Case {
    return {
      principal: principalForServer(this.#room.contract, ask.endpoint.server, principal),
      ask,
      seen,
      field: field.index,
    };
  }

  #breach({ place, caller }: Draft, [first]: readonly Observed[]): Breach | undefined {
    if (!first) return undefined;
    const why = this.#meanings.why(this.#case(caller, first.ask, first.at));
    const dataClass = this.#room.contract.resources[place.resource]?.fields[place.field]?.class;
    return { ...why, ...(dataClass === undefined ? {} : { dataClass }) };
  }

  #relations({ caller, owner, observed: [first] }: Draft): string[] {
    const { identity } = caller;
    const principal = first
      ? principalForServer(this.#room.contract, first.ask.endpoint.server, caller.principal)
      : caller.principal;
    if (!('id' in principal) || !identity) return ['anyone'];
    const { ids, space, id } = owner.principal;
    const own = Object.keys(this.#room.contract.relations).filter(
      (relation) =>
        this.#room.facts.get({ type: 'relation', relation, principal, owner: { kind: ids, space, id } }) === 'yes',
    );
    return ['anyone', 'member', principal.kind, ...(identity === owner ? ['self'] : []), ...own]
      .filter((each, index, all) => all.indexOf(each) === index)
      .sort();
  }

  #states({ principal: { ids, space, id } }: Identity): string[] {
    return Object.keys(this.#room.contract.states)
      .filter((state) => this.#room.facts.get({ type: 'state', state, owner: { kind: ids, space, id } }) === 'yes')
      .sort();
  }
}

type At = Observed['at'];

/** What an owner read by a request, where it made it too. */
type OwnReads = (owner: Identity, ask: PlannedRequest) => ReadResponse | undefined;

function ownReads(tried: readonly Tried[]): OwnReads {
  const reads = new Map<Identity, Map<PlannedRequest, ReadResponse>>();
  for (const { caller, readings } of tried) {
    if (!caller.identity) continue;
    const own = reads.get(caller.identity) ?? new Map<PlannedRequest, ReadResponse>();
    reads.set(caller.identity, own);
    for (const [ask, reading] of readings) own.set(ask, reading);
  }
  return (owner, ask) => reads.get(owner)?.get(ask);
}

/** An operation without inputs that answered about its caller, or about nobody: it offers no way to somebody else's object. */
function isAboutItsCaller({ principal, identity }: Caller, { seen }: ReadResponse): boolean {
  if (!identity) return false;
  const own = keyOf(principal);
  return seen.every(({ owners }) => owners.length === 0 || owners.includes(own));
}
