import type { CompiledContract, Narrow, OwnerPath, Resource } from '../contract/compiled.ts';
import { holdsObjects, type ObjectShape, type SelectedKey, type Shape } from '../contract/shape.ts';
import { idOf, type JsonMember, type JsonNode, type JsonText, memberOf, stringOf } from '../wire/json.ts';
import { own } from '../own.ts';
import { evidenceOf, isAbsent, stepInto } from './evidence.ts';
import type { ObservedMember, ObservedObject, Observation, ObservedValue } from './observation.ts';
import { sightedField, type SightedField, type SightedOwner, type Sighting } from '../rules/sighting.ts';

/** What a body is expected to be: the shape that its operation returns, and the id space of its server. */
export interface Expectation {
  readonly shape: Shape;
  readonly space: string;
  readonly narrow?: Narrow;
}

/**
 * Finds which fields of whose objects are in `body`. What the shape does not declare is marked, never thrown.
 * O(nodes); `body` is untrusted.
 */
export function observe(contract: CompiledContract, expected: Expectation, body: JsonText): Observation {
  const sightings: Sighting[] = [];
  const at = new Observer({ contract, expected, json: body, sightings });
  return { root: at.value(body.root, expected.shape, { pointer: '' }), sightings };
}

/** Where a value is: its pointer, the object around it, and the key of the map entry around it. */
interface At {
  readonly pointer: string;
  readonly parent?: Sighting | undefined;
  readonly mapKey?: MapKey | undefined;
}

interface Parts {
  readonly contract: CompiledContract;
  readonly expected: Expectation;
  readonly json: JsonText;
  readonly sightings: Sighting[];
}

interface MapKey {
  readonly field: string;
  readonly id: string;
}

/** An object of a body, with its shape. */
interface ObjectAt {
  readonly node: JsonNode;
  readonly shape: ObjectShape;
}

interface Owners {
  readonly owners: readonly SightedOwner[];
  /** A value at an owner path is no id: an owner who cannot be named may have a state that narrows. */
  readonly unreadable: boolean;
}

class Observer {
  readonly #contract: CompiledContract;
  readonly #space: string;
  readonly #json: JsonText;
  readonly #sightings: Sighting[];
  #narrow: Narrow | undefined;

  constructor({ contract, expected: { space, narrow }, json, sightings }: Parts) {
    this.#contract = contract;
    this.#space = space;
    this.#narrow = narrow;
    this.#json = json;
    this.#sightings = sightings;
  }

  value(node: JsonNode, shape: Shape, at: At): ObservedValue {
    const { pointer } = at;
    if (node.type === 'null') return { type: 'whole', node };
    switch (shape.type) {
      case 'any':
        return { type: 'whole', node };
      case 'plain':
        return isPlain(node) ? { type: 'whole', node } : { type: 'misshapen', node, pointer };
      case 'nothing':
        return { type: 'misshapen', node, pointer };
      case 'ref':
        return this.#ref(node, shape.resource, pointer);
      case 'list':
        if (node.type !== 'array') return { type: 'misshapen', node, pointer };
        return {
          type: 'list',
          node,
          gone: shape.gone ?? 'remove',
          items: node.items.map((item, index) => this.value(item, shape.of, { ...at, pointer: `${pointer}/${index}` })),
        };
      case 'map':
        if (node.type !== 'object') return { type: 'misshapen', node, pointer };
        return {
          type: 'map',
          node,
          entries: node.members.map((member) => this.#entry(member, shape, at)),
          keyed: holdsObjects(shape.of),
        };
      case 'choice': {
        const by = memberOf(node, shape.by);
        const name = by && stringOf(this.#json, by);
        const chosen = name !== undefined && Object.hasOwn(shape.cases, name) ? shape.cases[name] : shape.otherwise;
        if (!chosen || chosen === 'drop') return { type: 'misshapen', node, pointer };
        return this.value(node, chosen, at);
      }
      case 'object':
        if (node.type !== 'object') return { type: 'misshapen', node, pointer };
        return this.#object(node, shape, at);
    }
  }

  /** An entry of a map: its key is a field of the objects in it, so without an object it cannot be judged. */
  #entry(member: JsonMember, shape: Shape & { type: 'map' }, at: At): ObservedValue {
    const { key: id, value: node } = member;
    const pointer = `${at.pointer}/${escapeStep(id)}`;
    const place = this.value(node, shape.of, { pointer, parent: at.parent, mapKey: { field: shape.key, id } });
    return holdsObjects(shape.of) && !isObject(place) ? { type: 'misshapen', node, pointer } : place;
  }

  #object(node: JsonNode & { type: 'object' }, shape: ObjectShape, at: At): ObservedValue {
    const { pointer, parent, mapKey } = at;
    const resource = own(this.#contract.resources, shape.resource);
    if (!resource || (mapKey && this.#contradicts(node, mapKey))) return { type: 'misshapen', node, pointer };
    const { owners, unreadable } = this.#owners(resource, { node, shape }, at);
    const fields: SightedField[] = [];
    const members: ObservedMember[] = [];
    const sighting: Sighting = {
      pointer,
      resource: resource.name,
      owners,
      ownerUnknown: unreadable || (resource.owner !== 'none' && !owners.some((each) => !each.about)),
      fields,
      evidence: evidenceOf(this.#contract, resource.name, { json: this.#json, node, shape }),
      ...(resource.owner === 'parent' && parent ? { parent } : {}),
      ...(resource.owner !== 'none' && this.#narrow ? { narrow: this.#narrow } : {}),
      groupTooSmall: this.#groupTooSmall(resource, node, shape),
    };
    this.#sightings.push(sighting);
    let keyField: number | undefined;
    if (mapKey) keyField = fields.push(sightedField(resource, shape, mapKey.field)) - 1;
    for (const member of node.members) {
      const key = shape.keys ? own(shape.keys, member.key) : undefined;
      const name = key?.field ?? member.key;
      const outer = this.#narrow;
      this.#narrow = key?.narrow ?? outer;
      const below = { pointer: `${pointer}/${escapeStep(member.key)}`, parent: sighting };
      const place = this.#member(resource, { name, key, value: member.value }, below);
      this.#narrow = outer;
      if (key?.added) {
        members.push({ field: undefined, place, key });
        continue;
      }
      const known = shape.keys && !key ? undefined : sightedField(resource, shape, name);
      const fault = place.type === 'misshapen' ? 'misshapen' : undefined;
      const field: SightedField = known ?? { field: name, fault: 'undeclared', outsideProjection: false };
      members.push({ field: fields.push(fault && !field.fault ? { ...field, fault } : field) - 1, place, key });
    }
    const place: ObservedObject = {
      type: 'object',
      node,
      sighting,
      members,
      ...(keyField === undefined ? {} : { keyField }),
    };
    return place;
  }

  #member(
    resource: Resource,
    { name, key, value }: { name: string; key: SelectedKey | undefined; value: JsonNode },
    at: At,
  ): ObservedValue {
    const declared = own(resource.fields, name);
    if (!declared || key?.added) return { type: 'whole', node: value };
    return this.value(value, key?.shape ?? declared.shape, at);
  }

  #ref(node: JsonNode, resourceName: string, pointer: string): ObservedValue {
    if (node.type === 'array') {
      const items = node.items.map((item, index) => this.#ref(item, resourceName, `${pointer}/${index}`));
      return { type: 'list', node, items, gone: 'remove' };
    }
    const id = idOf(this.#json, node);
    const resource = own(this.#contract.resources, resourceName);
    const path = resource && typeof resource.owner !== 'string' ? resource.owner[0] : undefined;
    if (!id || !resource || !path) return { type: 'misshapen', node, pointer };
    const sighting: Sighting = {
      pointer,
      resource: resource.name,
      owners: [{ owner: { kind: path.kind, space: this.#space, id }, role: path.as, about: false }],
      ownerUnknown: false,
      fields: [sightedField(resource, undefined, path.path[0] ?? 'id')],
      ...(this.#narrow ? { narrow: this.#narrow } : {}),
      evidence: Object.create(null) as Record<string, unknown>,
      groupTooSmall: false,
    };
    this.#sightings.push(sighting);
    return { type: 'ref', node, sighting };
  }

  #owners(resource: Resource, object: ObjectAt, { parent, mapKey }: At): Owners {
    const paths = typeof resource.owner === 'string' ? [] : resource.owner;
    const inherited = resource.owner === 'parent' ? parent : undefined;
    const found = [
      ...paths.map((path) => this.#ownersAt(path, object, { about: false, mapKey })),
      ...resource.about.map((path) => this.#ownersAt(path, object, { about: true, mapKey })),
    ];
    return {
      owners: [...(inherited?.owners ?? []), ...found.flatMap((each) => each.owners)],
      unreadable: inherited?.ownerUnknown === true || found.some((each) => each.unreadable),
    };
  }

  #ownersAt(
    path: OwnerPath,
    { node, shape }: ObjectAt,
    { about, mapKey }: { about: boolean; mapKey: MapKey | undefined },
  ): Owners {
    const reached = stepInto(node, shape, path.path);
    const nodes = reached.nodes.filter((each) => !isAbsent(each));
    let ids = nodes.map((found) => idOf(this.#json, found));
    if (ids.length === 0 && mapKey && path.path.length === 1 && path.path[0] === mapKey.field) ids = [mapKey.id];
    const owners = ids.flatMap((id) =>
      id ? [{ owner: { kind: path.kind, space: this.#space, id }, role: path.as, about }] : [],
    );
    return { owners, unreadable: reached.misfit || owners.length < ids.length };
  }

  /** The object has another id than its key in the map. */
  #contradicts(node: JsonNode, { field, id }: MapKey): boolean {
    const said = memberOf(node, field);
    return said !== undefined && !isAbsent(said) && idOf(this.#json, said) !== id;
  }

  /** Read from the contract's field, whatever its GraphQL alias. */
  #groupTooSmall(resource: Resource, node: JsonNode, shape: ObjectShape): boolean {
    if (!resource.aggregate) return false;
    const [count] = stepInto(node, shape, [resource.aggregate.count]).nodes;
    const size = count?.type === 'number' ? idOf(this.#json, count) : undefined;
    return size === undefined || Number(size) < resource.aggregate.min;
  }
}

function isObject(place: ObservedValue): boolean {
  return place.type === 'list' ? place.items.some(isObject) : place.type === 'object';
}

function isPlain(node: JsonNode): boolean {
  if (node.type === 'array') return node.items.every(isPlain);
  return node.type !== 'object';
}

function escapeStep(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}
