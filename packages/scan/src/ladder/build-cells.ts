import { atHome, type CompiledContract } from '@leakproof/core';
import type { Binding } from '../harvest/bindings.ts';
import type { Caller, Identity } from '../identities/caller.ts';
import { type Facts, keyOf } from '../knowledge/facts.ts';
import { type Case, type Meaning, Meanings } from '../knowledge/meaning.ts';
import type { OperationOwners } from '../knowledge/operation-owners.ts';
import type { Ask } from '../plan/make-request.ts';
import type { Reading } from '../reading/reading.ts';
import type { Tried } from '../run/matrix.ts';
import type { Baseline } from './baseline.ts';
import { type Breach, type Cell, cellKey, type Place } from './cell.ts';
import { type Answer, receiptsOf } from './receipt.ts';
import { envelopesOf } from './envelopes.ts';
import { type Observed, verdictOf } from './verdict.ts';

export interface CellRoom {
  readonly contract: CompiledContract;
  readonly identities: readonly Identity[];
  readonly bindings: readonly Binding[];
  readonly baseline: Baseline;
  readonly owners: OperationOwners;
  readonly facts: Facts;
}

/** A cell, with the requests by which it was proven. */
export interface BuiltCell {
  readonly cell: Cell;
  readonly proofs: readonly Ask[];
  /** What was received that the owner reads too. Personal values: for keyed digests alone. */
  readonly texts: readonly string[];
}

/** Every cell of the ladder that was tried, sorted. */
export function buildCells(tried: readonly Tried[], room: CellRoom): BuiltCell[] {
  const builder = new CellBuilder(room);
  for (const each of tried) builder.take(each);
  return builder.build();
}

interface Draft {
  readonly place: Place;
  readonly caller: Caller;
  readonly owner: Identity;
  readonly observed: Observed[];
}

class CellBuilder {
  readonly #room: CellRoom;
  readonly #meanings: Meanings;
  readonly #drafts = new Map<string, Draft>();
  readonly #receiving: Parameters<typeof receiptsOf>[0];

  constructor(room: CellRoom) {
    this.#room = room;
    this.#meanings = new Meanings(room.contract, room.facts, room.owners);
    this.#receiving = room;
  }

  take(tried: Tried): void {
    const answered = envelopesOf([...tried.readings.values()]);
    const owners = this.#room.identities.filter(({ principal }) => principal.space === tried.door.server.space);
    for (const owner of owners) {
      for (const [ask, reading] of tried.readings) this.#received(tried, owner, ask, { seen: reading.seen, answered });
      for (const binding of this.#room.bindings) {
        if (binding.owner === owner && binding.ask.door === tried.door) this.#missed(tried, owner, binding);
      }
    }
  }

  build(): BuiltCell[] {
    return [...this.#drafts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, draft]) => {
        const { verdict, reason, deciding } = verdictOf(draft.observed);
        const breach = verdict === 'proven' || verdict === 'likely' ? this.#breach(draft, deciding) : undefined;
        const cell: Cell = {
          ...draft.place,
          attacker: draft.caller.name,
          owner: draft.owner.name,
          relations: this.#relations(draft),
          states: this.#states(draft.owner),
          verdict,
          ...(reason === undefined ? {} : { reason }),
          ...(breach ? { breach } : {}),
        };
        if (verdict !== 'proven') return { cell, proofs: [], texts: [] };
        return { cell, proofs: deciding.map(({ ask }) => ask), texts: deciding[0]?.at.field.texts ?? [] };
      });
  }

  /** What of the owner stands in the answer, whatever the request was for. */
  // oxlint-disable-next-line max-params
  #received(tried: Tried, owner: Identity, ask: Ask, answer: Answer): void {
    for (const { seen, field, receipt } of receiptsOf(this.#receiving, keyOf(owner.principal), ask, answer)) {
      if (receipt === 'none') continue;
      const meaning = this.#meaning(tried.caller, ask, { seen, field });
      this.#put(tried, owner, { ask, at: { seen, field }, receipt, meaning });
    }
  }

  /** What the owner gets by its own request, and this caller does not. */
  #missed(tried: Tried, owner: Identity, { ask, first }: Binding): void {
    const reading = tried.readings.get(ask);
    const { caller } = tried;
    if (!reading || caller.identity === owner) return;
    if (ask.recipe.length === 0 && isAboutItsCaller(caller, reading)) return;
    const ownerKey = keyOf(owner.principal);
    const got = new Set(
      receiptsOf(this.#receiving, ownerKey, ask, reading).flatMap(({ field, receipt }) =>
        receipt === 'none' ? [] : [field.at],
      ),
    );
    for (const { seen, field, receipt } of receiptsOf(this.#receiving, ownerKey, ask, first)) {
      if (got.has(field.at) || receipt === 'none') continue;
      const meaning = this.#meaning(caller, ask, { seen, field });
      const doubt = reading.doubt ?? tried.doubt;
      const isOwnDoor = ask.recipe.length === 0;
      this.#put(tried, owner, { ask, at: { seen, field }, receipt: 'none', meaning, doubt, isOwnDoor });
    }
  }

  #put(tried: Tried, owner: Identity, observed: Observed): void {
    const place = this.#place(tried, observed.at);
    const key = cellKey({ ...place, attacker: tried.caller.name, owner: owner.name });
    const draft = this.#drafts.get(key) ?? { place, caller: tried.caller, owner, observed: [] };
    draft.observed.push(observed);
    this.#drafts.set(key, draft);
  }

  #place({ door }: Tried, { seen, field }: At): Place {
    const { resource } = seen.sighting;
    const declared = Object.hasOwn(this.#room.contract.resources[resource]?.fields ?? {}, field.field);
    return {
      server: door.server.name,
      protocol: door.protocol,
      operation: door.operation.name,
      at: field.at,
      resource,
      field: declared ? field.field : (field.at.split('/').at(-1) ?? ''),
    };
  }

  #meaning(caller: Caller, ask: Ask, at: At): Meaning {
    return this.#meanings.of(this.#case(caller, ask, at));
  }

  #case({ principal }: Caller, ask: Ask, { seen, field }: At): Case {
    return { principal: atHome(this.#room.contract, ask.door.server, principal), ask, seen, field: field.index };
  }

  #breach({ place, caller }: Draft, [first]: readonly Observed[]): Breach | undefined {
    if (!first) return undefined;
    const why = this.#meanings.why(this.#case(caller, first.ask, first.at));
    const dataClass = this.#room.contract.resources[place.resource]?.fields[place.field]?.class;
    return { ...why, ...(dataClass === undefined ? {} : { dataClass }) };
  }

  #relations({ caller, owner, observed: [first] }: Draft): string[] {
    const { identity } = caller;
    const principal = first ? atHome(this.#room.contract, first.ask.door.server, caller.principal) : caller.principal;
    if (!('id' in principal) || !identity) return ['anyone'];
    const { ids, space, id } = owner.principal;
    const own = Object.keys(this.#room.contract.relations).filter(
      (relation) =>
        this.#room.facts.get({ is: 'relation', relation, principal, owner: { kind: ids, space, id } }) === 'yes',
    );
    return ['anyone', 'member', principal.kind, ...(identity === owner ? ['self'] : []), ...own]
      .filter((each, index, all) => all.indexOf(each) === index)
      .sort();
  }

  #states({ principal: { ids, space, id } }: Identity): string[] {
    return Object.keys(this.#room.contract.states)
      .filter((state) => this.#room.facts.get({ is: 'state', state, owner: { kind: ids, space, id } }) === 'yes')
      .sort();
  }
}

type At = Observed['at'];

/** An operation without inputs that answered about its caller, or about nobody: it offers no way to somebody else's object. */
function isAboutItsCaller({ principal, identity }: Caller, { seen }: Reading): boolean {
  if (!identity) return false;
  const own = keyOf(principal);
  return seen.every(({ owners }) => owners.length === 0 || owners.includes(own));
}
