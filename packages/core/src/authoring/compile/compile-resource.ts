import type { Field, Grant, Narrow, OwnerPath, Resource } from '../../contract/compiled.ts';
import { PLAIN, type Shape } from '../../contract/shape.ts';
import { ownerRoles } from '../check/check-relations.ts';
import type { ShapeCompiler } from './compile-shape.ts';
import { compileNarrow, compileRelations, type Relations } from './compile-narrow.ts';
import { type Compiling, stepsOf } from './compiling.ts';
import type { SourcePath } from '../read/document.ts';
import type { FieldRuleSource, FieldSource, ResourceSource } from '../read/source.ts';

/** What a field inherits from its resource. `narrow` does not apply to the id: knowing that an object exists includes its id. */
interface Inherited {
  readonly narrow: Narrow;
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
    const fields = this.#fields(name, source.fields ?? {}, [...path, 'fields'], { narrow, id });
    const owner = this.#owner(source, path);
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
      if (!this.#compiling.knows([...path, kind], 'kind of owner', kind, Object.keys(this.#compiling.ownerKinds())))
        return [];
      return [{ kind, path: stepsOf(where), ...(as === undefined ? {} : { as }) }];
    });
  }

  // oxlint-disable-next-line max-params
  #fields(
    owner: string,
    sources: Readonly<Record<string, unknown>>,
    path: SourcePath,
    inherited: Inherited,
  ): Record<string, Field> {
    const fields: Record<string, Field> = Object.create(null) as Record<string, Field>;
    for (const [name, source] of Object.entries(sources)) {
      fields[name] = this.#field(
        `${owner}.${name}`,
        source as FieldSource,
        [...path, name],
        name === inherited.id ? {} : inherited.narrow,
      );
    }
    return fields;
  }

  // oxlint-disable-next-line max-params
  #field(name: string, source: FieldSource, path: SourcePath, inherited: Narrow): Field {
    const rule: FieldRuleSource =
      typeof source === 'string' || Array.isArray(source) ? { see: source as Relations } : (source as FieldRuleSource);
    const narrow = { ...inherited, ...compileNarrow(this.#compiling, rule.narrow ?? {}, [...path, 'narrow']) };
    const see = rule.see ?? (rule.is !== undefined || rule.fields || rule.ref ? 'anyone' : undefined);
    if (see === undefined)
      this.#compiling.error(
        path,
        'The field does not say who may see it.',
        'Write see: with a relation, such as member or self.',
      );
    if (rule.of !== undefined)
      this.#compiling.knows([...path, 'of'], 'role of an owner', rule.of, ownerRoles(this.#compiling));
    return {
      grant: {
        see: compileRelations(this.#compiling, see ?? 'nobody', [...path, 'see']),
        narrow,
        ...(rule.of === undefined ? {} : { of: rule.of }),
      },
      ...(rule.see === undefined ? { leftToValue: true as const } : {}),
      shape: this.#shape(name, rule, path, narrow),
      ...(rule.class === undefined ? {} : { class: rule.class }),
      ...(rule.instead === undefined ? {} : { instead: JSON.stringify(rule.instead) }),
    };
  }

  // oxlint-disable-next-line max-params
  #shape(name: string, rule: FieldRuleSource, path: SourcePath, narrow: Narrow): Shape {
    if (rule.ref !== undefined) {
      const target = this.#compiling.source.resources?.[rule.ref];
      if (
        this.#compiling.knows(
          [...path, 'ref'],
          'resource',
          rule.ref,
          Object.keys(this.#compiling.source.resources ?? {}),
        )
      ) {
        const single = typeof target?.owner === 'string' ? !target.owner.includes('.') : target?.owner?.length === 1;
        if (!single)
          this.#compiling.error(
            [...path, 'ref'],
            `${rule.ref} is not its owner's own object, so an id of it names no owner.`,
          );
      }
      return { type: 'ref', resource: rule.ref };
    }
    if (rule.fields) {
      if (Object.hasOwn(this.#compiling.source.resources ?? {}, name) || Object.hasOwn(this.#resources, name))
        this.#compiling.error(path, `The nested object is called "${name}", and so is another resource.`);
      this.#resources[name] = {
        name,
        owner: 'parent',
        about: [],
        fields: this.#fields(name, rule.fields, [...path, 'fields'], { narrow }),
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
    this.#compiling.knows([...path, 'aggregate', 'count'], 'field', source.count, Object.keys(fields));
    return { count: source.count, min: source.min };
  }
}
