import { classify } from '../classify/classify.ts';
import { elementsOf, formOfAll, mappedOf, membersOf, shapesOf, type View } from '../evidence/views.ts';
import { type Answers } from '../draft/answered.ts';
import { type FieldAt, classOf, decide } from '../draft/decide.ts';
import { typeName } from '../draft/names.ts';
import type { DraftResource } from '../draft/resource.ts';
import type { Ruling } from '../draft/rule.ts';
import type { Place } from '../evidence/value-tree.ts';
import type { Plain } from './write-yaml.ts';

export interface FieldDrafted extends FieldAt {
  readonly ruling: Ruling;
}

/** What the parts of the writer share. */
export interface Drafting {
  readonly resourceOf: ReadonlyMap<Place, DraftResource>;
  readonly answers: Answers;
  /** `GET /users /password`: declared as never returned. */
  readonly neverReturned: ReadonlySet<string>;
  /** Values that tell people apart: no name of a field may be one. */
  readonly values: ReadonlySet<string>;
  readonly onField: (field: FieldDrafted) => void;
}

type Fields = Record<string, Plain>;

/** Fields of one resource as it is written, and what they are of: a part of an object is asked about as fields of the whole. */
interface FieldsAt {
  readonly resource: string;
  readonly prefix: string;
  readonly whole: { readonly resource: string; readonly prefix: string };
  /** Its owner is named. */
  readonly isOwned: boolean;
  /** It has an owner, named or not. */
  readonly isSomebodys: boolean;
  readonly idField: string | undefined;
}

const wholeAt = (
  resource: string,
  { isOwned, isSomebodys = isOwned }: { readonly isOwned: boolean; readonly isSomebodys?: boolean },
  idField?: string,
): FieldsAt => ({
  resource,
  prefix: '',
  whole: { resource, prefix: '' },
  isOwned,
  isSomebodys,
  idField,
});

const below = (at: FieldsAt, name: string): FieldsAt => ({
  ...at,
  prefix: `${at.prefix}${name}.`,
  whole: { ...at.whole, prefix: `${at.whole.prefix}${name}.` },
  idField: undefined,
});

/** Keys with a meaning of their own where a shape is written. */
const SHAPE_WORDS: ReadonlySet<string> = new Set([
  'by',
  'map',
  'key',
  'else',
  'see',
  'is',
  'instead',
  'undecided',
  'narrow',
]);

/** Writes resources and shapes, with resources for objects that need a name. */
export class ShapeWriter {
  /** Resources in the order in which they were met. */
  readonly written = new Map<string, Plain>();
  readonly #drafting: Drafting;
  readonly #names: Set<string>;

  constructor(drafting: Drafting, names: Iterable<string>) {
    this.#drafting = drafting;
    this.#names = new Set(names);
  }

  resource(resource: DraftResource): void {
    const { name, owners, idField, places } = resource;
    const isOwned = owners !== 'none';
    const fields = this.#fields(
      places,
      wholeAt(name, { isOwned, isSomebodys: isOwned || areOfPeople(resource) }, idField),
    );
    const isTold = Object.entries(fields).some(
      ([field, rule]) =>
        field !== idField && (typeof rule !== 'object' || (rule !== null && ('see' in rule || 'undecided' in rule))),
    );
    this.written.set(name, {
      owner:
        typeof owners === 'string'
          ? owners
          : owners.length === 1 && owners[0]?.length === 1 && owners[0][0] !== undefined && isBare(owners[0][0])
            ? owners[0][0]
            : owners.map((path) => ({ person: pathText(path) })),
      ...(idField === undefined || idField === 'id' ? {} : { id: idField }),
      ...(isTold || owners === 'parent' ? {} : { see: isOwned ? 'self' : 'anyone' }),
      fields,
    });
  }

  #fields(view: View, at: FieldsAt): Fields {
    const fields: Fields = {};
    for (const [name, member] of membersOf(view)) {
      if (this.#drafting.values.has(name.toLowerCase())) continue;
      fields[name] = this.#field(name, member, at);
    }
    return fields;
  }

  #field(name: string, view: View, at: FieldsAt): Plain {
    const form = formOfAll(view);
    const path = `${at.prefix}${name}`;
    if (form === 'object' && !this.#resource(view)) {
      const fields = this.#fields(view, below(at, name));
      if (Object.keys(fields).length > 0) return { fields };
    }
    const shape = form === 'object' || form === 'list' || form === 'map' ? this.#namedShape(view, name, at) : undefined;
    // Which of nobody's objects are somebody's is theirs: a ride belongs to nobody, and who took it to the rider.
    const isLeftToValue = shape !== undefined && !(at.isOwned && this.#isNobodys(view));
    if (isLeftToValue) return { is: shape };
    const isWhole = form !== 'plain' && form !== 'empty';
    const field = {
      at: `${at.resource}.${path}`,
      resource: at.whole.resource,
      field: `${at.whole.prefix}${name}`,
      view,
      isOwned: at.isOwned,
      isSomebodys: at.isSomebodys,
      isId: at.prefix === '' && name === at.idField,
    };
    const ruling = decide(field, this.#drafting.answers, this.#drafting.neverReturned);
    this.#drafting.onField({ ...field, ruling });
    return ruleOf(ruling, shape ?? (isWhole ? 'any' : undefined));
  }

  /** Whether the objects of a member are of a resource that has no owner. */
  #isNobodys(view: View): boolean {
    const form = formOfAll(view);
    if (form === 'list') return this.#isNobodys(elementsOf(view));
    const resource = this.#resource(form === 'map' ? mappedOf(view) : view);
    return resource !== undefined && resource !== 'several' && resource.owners === 'none';
  }

  #resource(view: View): DraftResource | undefined | 'several' {
    const found = new Set(view.flatMap((place) => this.#drafting.resourceOf.get(place) ?? []));
    return found.size > 1 ? 'several' : [...found][0];
  }

  /** The shape of a member that is, or contains, objects of resources; undefined if it must be taken as a whole. */
  #namedShape(view: View, name: string, at: FieldsAt): Plain | undefined {
    const form = formOfAll(view);
    if (form === 'list') {
      const element = this.#namedShape(elementsOf(view), name, at);
      return element === undefined ? undefined : [element];
    }
    if (form === 'map') {
      const mapped = this.#resource(mappedOf(view));
      return mapped && mapped !== 'several' && mapped.idField !== undefined && formOfAll(mappedOf(view)) === 'object'
        ? { map: mapped.name, key: mapped.idField }
        : undefined;
    }
    if (form !== 'object') return undefined;
    const known = this.#resource(view);
    if (known === 'several') return undefined;
    return known?.name ?? this.#part(view, name, at);
  }

  /** A resource for objects without an id in a list: they belong to whom the object belongs that they are in. */
  #part(view: View, member: string, at: FieldsAt): string | undefined {
    const name = this.#free(`${at.resource}${typeName(member)}`);
    const fields = this.#fields(view, { ...below(at, member), resource: name, prefix: '' });
    if (Object.keys(fields).length === 0) return undefined;
    this.written.set(name, { owner: at.isOwned ? 'parent' : 'none', ...(at.isOwned ? {} : { see: 'anyone' }), fields });
    return name;
  }

  #free(wanted: string): string {
    const base = wanted.replaceAll(/[^A-Za-z0-9_]/g, '').slice(0, 60) || 'Part';
    const stem = /^[A-Za-z_]/.test(base) ? base : `Part${base}`;
    let name = stem;
    for (let count = 2; this.#names.has(name); count++) name = `${stem}${count}`;
    this.#names.add(name);
    return name;
  }

  /** What an operation returns. `undefined`: it cannot be said in parts, and nothing tells for whom the whole is. */
  returned(root: Place): Plain | undefined {
    return this.#shape([root], root.operation);
  }

  #shape(view: View, of: string): Plain | undefined {
    const form = formOfAll(view);
    if (form === 'plain' || form === 'empty') return this.#isPersonal(view, of) ? undefined : 'plain';
    if (form === 'list') {
      const element = this.#shape(elementsOf(view), of);
      return element === undefined ? undefined : [element];
    }
    if (form === 'map') return this.#namedShape(view, '', wholeAt(of, { isOwned: false }));
    if (form !== 'object') return undefined;
    const known = this.#resource(view);
    if (known === 'several') return undefined;
    return known?.name ?? this.#container(view, of);
  }

  #isPersonal(view: View, resource: string): boolean {
    return (
      classOf({ at: '', resource, field: '', view, isOwned: false, isSomebodys: false, isId: false }) !== undefined
    );
  }

  #container(view: View, of: string): Plain {
    const members = membersOf(view).filter(([name]) => !this.#drafting.values.has(name.toLowerCase()));
    const usable = members.filter(([name]) => !SHAPE_WORDS.has(name) && name !== '*');
    // A name that means something else in a shape: then the envelope is a resource of nobody.
    if (usable.length < members.length || members.length === 0) return this.#envelope(view, of);
    return Object.fromEntries(members.map(([name, member]) => [name, this.#member(name, member, of)]));
  }

  #envelope(view: View, of: string): Plain {
    const name = this.#free(`Envelope${of.replaceAll(/[^A-Za-z0-9]/g, '')}`);
    const fields = this.#fields(view, wholeAt(name, { isOwned: false }));
    this.written.set(name, { owner: 'none', see: 'anyone', fields });
    return name;
  }

  #member(name: string, view: View, of: string): Plain {
    const form = formOfAll(view);
    const at = {
      at: `${of}.${name}`,
      resource: of,
      field: name,
      view,
      isOwned: false,
      isSomebodys: false,
      isId: false,
    };
    const found = classOf(at);
    const shape = found ? undefined : this.#shape(view, of);
    if (shape !== undefined) {
      // `{ User: [plain] }` would be a projection of a resource of that name.
      return this.#names.has(name) ? { see: 'anyone', is: shape } : shape;
    }
    const ruling: Ruling =
      found?.nature === 'nobody'
        ? { see: ['nobody'], because: 'by-nature', class: found }
        : {
            undecided: found
              ? `personal (${found.name}); nothing tells whose it is`
              : 'its values have several forms; nothing tells whose they are',
            because: 'undecided',
            class: found,
          };
    this.#drafting.onField({ ...at, ruling });
    const isWhole = form !== 'plain' && form !== 'empty';
    const { class: _, ...rule } = ruleOf(ruling, isWhole ? 'any' : undefined) as Fields;
    return rule;
  }
}

/** Whether the objects have a field that only data of people has, though nothing was found that names their owner. */
function areOfPeople({ name: of, places }: DraftResource): boolean {
  return membersOf(places).some(([name, view]) => classify({ name, of, shapes: shapesOf(view) }) !== undefined);
}

export function ruleOf({ see, narrow, undecided, class: found }: Ruling, is: Plain | undefined): Plain {
  const rule: Fields = {};
  if (undecided !== undefined) rule['undecided'] = undecided;
  else rule['see'] = see?.length === 1 ? (see[0] ?? 'nobody') : (see ?? 'nobody');
  if (narrow) rule['narrow'] = narrow;
  if (found) rule['class'] = found.name;
  if (is !== undefined) rule['is'] = is;
  return rule;
}

const isBare = (step: string): boolean => !/[./[\]]/.test(step) && step !== 'none' && step !== 'parent';

/** A path that core reads back into the same steps. */
export const pathText = (path: readonly string[]): string =>
  path.every((step) => !/[./[\]~]/.test(step))
    ? path.join('.')
    : path.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
