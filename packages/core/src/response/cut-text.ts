import type { CompiledContract, Mode } from '../contract/compiled.ts';
import { own } from '../own.ts';
import type { JsonMember, JsonNode, JsonText } from '../wire/json.ts';
import type { AccessFact, Withheld } from '../records/access-fact.ts';
import type { Because } from '../rules/because.ts';
import type { Ruling } from '../rules/judge.ts';
import type { ObservedObject, ObservedValue } from './observation.ts';
import type { Sighting } from '../rules/sighting.ts';
import { withheldMember } from '../rules/withheld-member.ts';

/** The schema forbids null here: the enclosing object is withheld. */
const PROPAGATE = Symbol('propagate');

interface CutParts {
  readonly contract: CompiledContract;
  readonly json: JsonText;
  readonly rulings: ReadonlyMap<Sighting, Ruling>;
}

interface CutOptions {
  readonly mode: Mode;
  readonly admits?: (sighting: Sighting) => boolean;
}

interface Outcome {
  readonly released: Set<number>;
  readonly because: Map<number, Because>;
}

/**
 * Cuts withheld values out of a text: every released character is the origin's or a literal of the contract.
 * A removed value takes the separator before it along; where nothing is kept of a
 * container, no white space is either.
 */
export class TextCutter {
  readonly withheld: Withheld[] = [];
  readonly #contract: CompiledContract;
  readonly #json: JsonText;
  readonly #rulings: ReadonlyMap<Sighting, Ruling>;
  readonly #options: CutOptions;
  readonly #outcomes = new Map<Sighting, Outcome>();

  constructor({ contract, json, rulings }: CutParts, options: CutOptions) {
    this.#contract = contract;
    this.#json = json;
    this.#rulings = rulings;
    this.#options = options;
  }

  /** The released text of a value; undefined if nothing of it may be released. */
  cut(root: ObservedValue): string | undefined {
    const inner = this.#place(root);
    if (inner === undefined) return undefined;
    return this.#json.text.slice(0, root.node.start) + inner + this.#json.text.slice(root.node.end);
  }

  /** One fact for each owner of each object, in document order. */
  facts(sightings: readonly Sighting[]): AccessFact[] {
    return sightings.flatMap((sighting) => {
      const ruling = this.#rulings.get(sighting);
      if (!ruling) return [];
      const monitor = this.#options.mode === 'monitor';
      const released = this.#outcomes.get(sighting)?.released;
      const declared = [...sighting.fields.entries()].filter(([, field]) => field.fault !== 'undeclared');
      const seen = declared.flatMap(([index, { field }]) => (released?.has(index) ? [field] : []));
      const rest = declared.flatMap(([index, { field }]) => (released?.has(index) ? [] : [field]));
      const sets = {
        seen: unique(seen),
        exposed: monitor ? unique(rest) : [],
        withheld: monitor ? [] : unique(rest),
        undeclared: sighting.fields.length - declared.length,
      };
      return sighting.owners.map((each) => ({
        owner: each.owner,
        role: each.role,
        about: each.about,
        resource: sighting.resource,
        relations: ruling.relations,
        states: ruling.states,
        ...sets,
      }));
    });
  }

  #place(place: ObservedValue): string | undefined {
    switch (place.type) {
      case 'whole':
        return this.#raw(place.node);
      case 'misshapen':
        this.withheld.push({ pointer: place.pointer, resource: '', field: '', because: 'misshapen' });
        return undefined;
      case 'ref': {
        const ruling = this.#rulings.get(place.sighting);
        const allowed = ruling?.visible === true && ruling.allowed.length > 0 && this.#admits(place.sighting);
        const because = ruling?.forbidden.get(0) ?? 'budget';
        this.#outcomes.set(place.sighting, {
          released: new Set(allowed ? [0] : []),
          because: new Map(allowed ? [] : [[0, because]]),
        });
        if (!allowed) this.#note(place.sighting, 0, because);
        return allowed ? this.#raw(place.node) : undefined;
      }
      case 'list': {
        const items = place.items.map((item) => this.#place(item) ?? (place.gone === 'null' ? 'null' : undefined));
        return this.#join(place.node, place.node.items, items);
      }
      case 'map': {
        const { members } = place.node;
        const items = place.entries.map((entry, index) => {
          const value = this.#place(entry);
          const member = members[index];
          const gone = value === undefined || !member || (place.keyed && !this.#isLeft(entry));
          return gone ? undefined : this.#keyed(member, value);
        });
        return this.#join(place.node, members, items);
      }
      case 'object':
        return this.#object(place);
    }
  }

  /** The key of an entry is a field of the objects in it: it is removed with the last of them. */
  #isLeft(place: ObservedValue): boolean {
    if (place.type === 'list') return place.items.some((item) => this.#isLeft(item));
    return place.type === 'object' && (this.#outcomes.get(place.sighting)?.released.size ?? 0) > 0;
  }

  #object(place: ObservedObject): string | undefined {
    const { sighting } = place;
    const ruling = this.#rulings.get(sighting);
    const outcome: Outcome = { released: new Set(), because: new Map(ruling?.forbidden) };
    this.#outcomes.set(sighting, outcome);
    const hidden = !ruling?.visible || (place.keyField !== undefined && outcome.because.has(place.keyField));
    if (hidden) return this.#drop(place, 'hidden');
    if (!this.#admits(sighting)) return this.#drop(place, 'budget');
    if (place.keyField !== undefined) outcome.released.add(place.keyField);
    const items: (string | undefined)[] = [];
    for (const index of place.members.keys()) {
      const item = this.#member(place, index, outcome);
      if (item === PROPAGATE) return this.#drop(place, 'hidden');
      items.push(item);
    }
    return this.#join(place.node, place.node.members, items);
  }

  /** The released text of a member; undefined to omit it, PROPAGATE to withhold its object (GraphQL specification, §6.4.4). */
  #member(place: ObservedObject, index: number, outcome: Outcome): string | undefined | typeof PROPAGATE {
    const member = place.node.members[index];
    const { field, place: value, key } = place.members[index] ?? {};
    if (!member || !value || field === undefined) return undefined;
    const because = outcome.because.get(field);
    const inner = because ? undefined : this.#place(value);
    if (inner !== undefined) {
      outcome.released.add(field);
      return this.#keyed(member, inner);
    }
    if (because) this.#skip(value);
    this.#note(place.sighting, field, because ?? 'hidden');
    const name = place.sighting.fields[field]?.field ?? '';
    const instead = own(own(this.#contract.resources, place.sighting.resource)?.fields ?? {}, name)?.instead;
    const becomes = withheldMember(instead, key, this.#options.mode);
    if (becomes.action === 'replace') return this.#keyed(member, becomes.by);
    return becomes.action === 'propagate' ? PROPAGATE : undefined;
  }

  /** Withholds an object with everything in it. */
  #drop(place: ObservedObject, because: Because): undefined {
    const outcome = this.#outcomes.get(place.sighting);
    outcome?.released.clear();
    place.sighting.fields.forEach((_, index) => {
      this.#note(place.sighting, index, outcome?.because.get(index) ?? because);
    });
    const { pointer, resource, fields } = place.sighting;
    if (fields.length === 0) this.withheld.push({ pointer, resource, field: '', because });
    for (const member of place.members) this.#skip(member.place);
    return undefined;
  }

  /** Marks everything below a withheld value as withheld. */
  #skip(place: ObservedValue): void {
    if (place.type === 'list') for (const item of place.items) this.#skip(item);
    else if (place.type === 'map') for (const entry of place.entries) this.#skip(entry);
    else if (place.type === 'object') {
      this.#outcomes.delete(place.sighting);
      for (const member of place.members) this.#skip(member.place);
    } else if (place.type === 'ref') this.#outcomes.delete(place.sighting);
  }

  #admits(sighting: Sighting): boolean {
    return this.#options.mode === 'monitor' || (this.#options.admits?.(sighting) ?? true);
  }

  #note(sighting: Sighting, field: number, because: Because): void {
    const name = sighting.fields[field]?.field;
    if (name !== undefined)
      this.withheld.push({ pointer: sighting.pointer, resource: sighting.resource, field: name, because });
  }

  #raw(node: JsonNode): string {
    return this.#json.text.slice(node.start, node.end);
  }

  #keyed(member: JsonMember, value: string): string {
    return this.#json.text.slice(member.start, member.value.start) + value;
  }

  /** Joins the kept items of a container, each with the separator before it. */
  #join(node: JsonNode, sources: readonly (JsonMember | JsonNode)[], items: readonly (string | undefined)[]): string {
    const { text } = this.#json;
    const [first] = sources;
    if (!first) return this.#raw(node);
    let out = text.slice(node.start, first.start);
    let end = first.start;
    let kept = 0;
    sources.forEach((source, index) => {
      const item = items[index];
      if (item !== undefined) out += (kept++ > 0 ? text.slice(end, source.start) : '') + item;
      end = 'value' in source ? source.value.end : source.end;
    });
    // White space would tell that something was there.
    if (kept === 0) return text.slice(node.start, node.start + 1) + text.slice(node.end - 1, node.end);
    return out + text.slice(end, node.end);
  }
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
