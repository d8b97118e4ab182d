import type { Field, Grant, Narrow, OwnerPath, Resource } from '../../contract/compiled.ts';
import { PLAIN, type Shape } from '../../contract/shape.ts';
import { ownerRoles } from '../check/check-relations.ts';
import type { ShapeCompiler } from './compile-shape.ts';
import { compileNarrow, compileRelations, type Relations } from './compile-narrow.ts';
import { type Compiling, stepsOf } from './compiling.ts';
import { checkUndecided, strictest } from './undecided.ts';
import type { SourcePath } from '../read/document.ts';
import type { FieldRuleSource, FieldSource, ResourceSource } from '../read/source.ts';

/** A field or a nested resource: its name, its place in the source, and the `narrow` it inherits. */
interface FieldAt {
  readonly name: string;
  readonly path: SourcePath;
  readonly narrow: Narrow;
  /** The resource has owners, so nested objects have them too. */
  readonly isOwned: boolean;
}

/** `narrow` does not apply to the field `id`: knowing that an object exists includes its id. */
interface FieldsAt extends FieldAt {
  readonly id?: string;
}

/** Compiles the resources of a contract, nested objects included, into `resources`. */
export class ResourceCompiler {
  readonly #compiling: Compiling;
  readonly #resources: Record<string, Resource>;
  readonly #shapes: ShapeCompiler;

  constructor(compiling: Compiling, resources: Record<string, Resource>, shapes: ShapeCompiler) {
    this.#compiling = compiling;
    this.#resources = resources;
    this.#shapes = shapes;
  }

  compile(name: string, source: ResourceSource): void {
    const path = ['resources', name];
    const id = source.id ?? 'id';
    const narrow = compileNarrow(this.#compiling, source.narrow ?? {}, [...path, 'narrow']);
    const owner = this.#owner(source, path);
    const isOwned = owner !== 'none';
    const fields = this.#fields(source.fields ?? {}, { name, path: [...path, 'fields'], narrow, isOwned, id });
    const tells = Object.entries(fields).some(([field, { leftToValue }]) => field !== id && !leftToValue);
    if (typeof owner !== 'string' && source.see === undefined && !tells)
      this.#compiling.error(path, 'Nothing says who may know that the object exists.', 'Write see: RELATION.');
    this.#resources[name] = {
      name,
      owner,
      about: (source.about ?? []).flatMap((each, index) => this.#ownerPaths(each, [...path, 'about', index])),
      ...(Object.hasOwn(fields, id) ? { id } : {}),
      ...(source.see === undefined ? {} : { see: this.#existence(source.see, path) }),
      fields,
      ...(source.aggregate ? { aggregate: this.#aggregate(source.aggregate, fields, path) } : {}),
    };
  }

  #existence(source: NonNullable<ResourceSource['see']>, path: SourcePath): Grant {
    const at = [...path, 'see'];
    if (typeof source === 'string' || Array.isArray(source))
      return { see: compileRelations(this.#compiling, source, at), narrow: {} };
    return {
      see: compileRelations(this.#compiling, source.to, [...at, 'to']),
      narrow: compileNarrow(this.#compiling, source.narrow, [...at, 'narrow']),
    };
  }

  #owner(source: ResourceSource, path: SourcePath): Resource['owner'] {
    const at = [...path, 'owner'];
    if (source.owner === 'none' || source.owner === 'parent') return source.owner;
    if (typeof source.owner === 'string')
      return [{ kind: this.#compiling.defaultKind(at), path: stepsOf(source.owner) }];
    if (source.owner) return source.owner.flatMap((each, index) => this.#ownerPaths(each, [...at, index]));
    if (source.aggregate) return 'none';
    this.#compiling.error(
      path,
      'The resource does not say whose it is.',
      'Write owner: id, owner: parent, or owner: none.',
    );
    return 'none';
  }

  #ownerPaths(source: Readonly<Record<string, string>>, path: SourcePath): OwnerPath[] {
    const { as, ...kinds } = source;
    const entries = Object.entries(kinds);
    if (entries.length !== 1)
      this.#compiling.error(path, 'Each entry names one kind of owner.', 'Write { person: from_id, as: sender }.');
    return entries.flatMap(([kind, where]) => {
      if (
        !this.#compiling.knows([...path, kind], kind, {
          what: 'kind of owner',
          words: Object.keys(this.#compiling.ownerKinds()),
        })
      )
        return [];
      return [{ kind, path: stepsOf(where), ...(as === undefined ? {} : { as }) }];
    });
  }

  /** `name`: of the resource, for nested ones. */
  #fields(sources: Readonly<Record<string, unknown>>, { name, path, ...inherited }: FieldsAt): Record<string, Field> {
    const fields: Record<string, Field> = Object.create(null) as Record<string, Field>;
    for (const [field, source] of Object.entries(sources)) {
      fields[field] = this.#field(source as FieldSource, {
        name: `${name}.${field}`,
        path: [...path, field],
        narrow: field === inherited.id ? {} : inherited.narrow,
        isOwned: inherited.isOwned,
      });
    }
    return fields;
  }

  #field(source: FieldSource, { name, path, narrow: inherited, isOwned }: FieldAt): Field {
    const rule: FieldRuleSource =
      typeof source === 'string' || Array.isArray(source) ? { see: source as Relations } : (source as FieldRuleSource);
    const narrow = { ...inherited, ...compileNarrow(this.#compiling, rule.narrow ?? {}, [...path, 'narrow']) };
    checkUndecided(this.#compiling, rule, path);
    const see =
      rule.see ?? strictest(rule) ?? (rule.is !== undefined || rule.fields || rule.ref ? 'anyone' : undefined);
    if (see === undefined)
      this.#compiling.error(
        path,
        'The field does not say who may see it.',
        'Write see: with a relation, such as member or self; or undecided: with the reason.',
      );
    if (rule.of !== undefined)
      this.#compiling.knows([...path, 'of'], rule.of, { what: 'role of an owner', words: ownerRoles(this.#compiling) });
    return {
      grant: {
        see: compileRelations(this.#compiling, see ?? 'nobody', [...path, 'see']),
        narrow,
        ...(rule.of === undefined ? {} : { of: rule.of }),
      },
      ...(rule.see === undefined && rule.undecided === undefined ? { leftToValue: true as const } : {}),
      shape: this.#shape(rule, { name, path, narrow, isOwned }),
      ...(rule.class === undefined ? {} : { class: rule.class }),
      ...(rule.instead === undefined ? {} : { instead: JSON.stringify(rule.instead) }),
      ...(rule.undecided === undefined ? {} : { undecided: rule.undecided }),
    };
  }

  #shape(rule: FieldRuleSource, { name, path, narrow, isOwned }: FieldAt): Shape {
    if (rule.ref !== undefined) {
      const target = this.#compiling.source.resources?.[rule.ref];
      if (
        this.#compiling.knows([...path, 'ref'], rule.ref, {
          what: 'resource',
          words: Object.keys(this.#compiling.source.resources ?? {}),
        })
      ) {
        if (!isOwnersOwn(target))
          this.#compiling.error(
            [...path, 'ref'],
            `The owner of ${rule.ref} is not its id, so an id of it names no owner.`,
            'A reference needs a resource whose only owner is its own id; else leave the field to `self`, or declare what it is.',
          );
      }
      return { type: 'ref', resource: rule.ref };
    }
    if (rule.fields) {
      if (Object.hasOwn(this.#compiling.source.resources ?? {}, name) || Object.hasOwn(this.#resources, name))
        this.#compiling.error(path, `The nested object is called "${name}", and so is another resource.`);
      this.#resources[name] = {
        name,
        owner: isOwned ? 'parent' : 'none',
        about: [],
        fields: this.#fields(rule.fields, { name, path: [...path, 'fields'], narrow, isOwned }),
      };
      return { type: 'object', resource: name };
    }
    return rule.is === undefined ? PLAIN : this.#shapes.compile(rule.is, [...path, 'is'], name);
  }

  #aggregate(
    source: { count: string; min: number },
    fields: Record<string, Field>,
    path: SourcePath,
  ): NonNullable<Resource['aggregate']> {
    this.#compiling.knows([...path, 'aggregate', 'count'], source.count, { what: 'field', words: Object.keys(fields) });
    return { count: source.count, min: source.min };
  }
}

/** Whether the only owner of a resource is its own id, as with a user: then a reference to it names an owner. */
function isOwnersOwn(resource: ResourceSource | undefined): boolean {
  const { owner, id = 'id' } = resource ?? {};
  if (typeof owner === 'string') return owner === id;
  const [only, ...others] = owner ?? [];
  const { as: _, ...kinds } = only ?? {};
  return others.length === 0 && JSON.stringify(Object.values(kinds)) === JSON.stringify([id]);
}
