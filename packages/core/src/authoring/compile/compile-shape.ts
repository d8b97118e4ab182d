import type { Field, Grant, Resource } from '../../contract/compiled.ts';
import { PLAIN, type Shape } from '../../contract/shape.ts';
import type { Compiling } from './compiling.ts';
import { checkUndecided } from './undecided.ts';
import type { SourcePath } from '../read/document.ts';

const ANYONE: Grant = { see: ['anyone'], narrow: {} };

/** Compiles shapes. A container becomes a resource without owner. */
export class ShapeCompiler {
  readonly #compiling: Compiling;
  readonly #resources: Record<string, Resource>;

  constructor(compiling: Compiling, resources: Record<string, Resource>) {
    this.#compiling = compiling;
    this.#resources = resources;
  }

  compile(source: unknown, path: SourcePath, name: string): Shape {
    if (typeof source === 'string') return this.#word(source, path);
    if (Array.isArray(source)) return this.#list(source, path, name);
    if (typeof source === 'object' && source !== null)
      return this.#record(source as Record<string, unknown>, path, name);
    this.#compiling.error(path, 'A shape is a name, a list or an object.');
    return PLAIN;
  }

  #word(word: string, path: SourcePath): Shape {
    if (word === 'plain' || word === 'any' || word === 'nothing') return { type: word };
    this.#compiling.knows(path, word, {
      what: 'resource',
      words: ['plain', 'any', 'nothing', ...Object.keys(this.#compiling.source.resources ?? {})],
    });
    return { type: 'object', resource: word };
  }

  #list(source: readonly unknown[], path: SourcePath, name: string): Shape {
    if (source.length !== 1)
      this.#compiling.error(path, 'A list has one shape for all its elements.', 'Write [ Workout ].');
    return { type: 'list', of: this.compile(source[0], [...path, 0], name) };
  }

  #record(source: Record<string, unknown>, path: SourcePath, name: string): Shape {
    if ('map' in source) return this.#map(source, path, name);
    if ('by' in source) return this.#choice(source, path, name);
    const [[only, value] = ['', undefined], ...rest] = Object.entries(source);
    if (
      rest.length === 0 &&
      Array.isArray(value) &&
      value.every((each) => typeof each === 'string') &&
      this.#isResource(only)
    ) {
      return this.#projection(only, value, path);
    }
    return this.#container(source, path, name);
  }

  #isResource(word: string): boolean {
    return Object.hasOwn(this.#compiling.source.resources ?? {}, word);
  }

  #projection(resource: string, fields: readonly string[], path: SourcePath): Shape {
    const known = Object.keys(this.#compiling.source.resources?.[resource]?.fields ?? {});
    for (const [index, field] of fields.entries())
      this.#compiling.knows([...path, resource, index], field, { what: `field of ${resource}`, words: known });
    return { type: 'object', resource, only: fields };
  }

  #map(source: Record<string, unknown>, path: SourcePath, name: string): Shape {
    const key = source['key'];
    if (typeof key !== 'string')
      this.#compiling.error(
        [...path, 'map'],
        'A map names the field that its keys are.',
        'Write { map: User, key: id }.',
      );
    for (const word of Object.keys(source))
      this.#compiling.knows([...path, word], word, { what: 'word of a map', words: ['map', 'key'] });
    if (typeof key === 'string') this.#mapKey(source['map'], key, path);
    return {
      type: 'map',
      of: this.compile(source['map'], [...path, 'map'], `${name}.*`),
      key: typeof key === 'string' ? key : 'id',
    };
  }

  /** The key of an entry is a field of every object in it, so these objects must declare it. */
  #mapKey(source: unknown, key: string, path: SourcePath): void {
    const inner = Array.isArray(source) ? (source[0] as unknown) : source;
    if (typeof inner === 'object' && inner !== null && 'map' in inner)
      this.#compiling.error([...path, 'map'], 'In a map of maps nothing says whose the outer keys are.');
    const [word = ''] = typeof inner === 'string' ? [inner] : Object.keys(inner ?? {});
    const fields = this.#isResource(word) ? this.#compiling.source.resources?.[word]?.fields : undefined;
    if (fields) this.#compiling.knows([...path, 'key'], key, { what: `field of ${word}`, words: Object.keys(fields) });
  }

  #choice(source: Record<string, unknown>, path: SourcePath, name: string): Shape {
    const { by, else: otherwise = 'drop', ...cases } = source;
    if (typeof by !== 'string')
      this.#compiling.error(
        [...path, 'by'],
        '`by` names the discriminator (OpenAPI): the member that selects the case.',
      );
    const compiled = Object.entries(cases).map(
      ([value, shape]) => [value, this.compile(shape, [...path, value], `${name}|${value}`)] as const,
    );
    return {
      type: 'choice',
      by: String(by),
      cases: Object.fromEntries(compiled),
      otherwise: otherwise === 'drop' ? 'drop' : this.compile(otherwise, [...path, 'else'], `${name}|else`),
    };
  }

  #container(source: Record<string, unknown>, path: SourcePath, name: string): Shape {
    const fields: Record<string, Field> = {};
    for (const [member, value] of Object.entries(source)) {
      const at = [...path, member];
      fields[member] = isMemberRule(value)
        ? this.#memberRule(value, at, `${name} ${member}`)
        : this.#member(value, at, `${name} ${member}`);
    }
    const resource = `container:${name}`;
    if (Object.hasOwn(this.#resources, resource))
      this.#compiling.error(
        path,
        `Two containers would be called "${name}".`,
        'Give one of their members another name.',
      );
    this.#resources[resource] = { name: resource, owner: 'none', about: [], see: ANYONE, fields };
    return { type: 'object', resource };
  }

  #relations(value: unknown, path: SourcePath): readonly string[] {
    const names: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (names.every((name) => typeof name === 'string')) return names;
    this.#compiling.error(path, '`see` names no relation.', 'Name a relation, or a list of them.');
    return [];
  }

  #member(value: unknown, path: SourcePath, name: string): Field {
    return { grant: ANYONE, shape: this.compile(value, path, name) };
  }

  #memberRule(rule: Record<string, unknown>, path: SourcePath, name: string): Field {
    for (const word of Object.keys(rule))
      this.#compiling.knows([...path, word], word, {
        what: 'word of a container member',
        words: ['see', 'is', 'instead', 'undecided'],
      });
    const undecided = typeof rule['undecided'] === 'string' ? rule['undecided'] : undefined;
    checkUndecided(this.#compiling, { see: rule['see'], ...(undecided === undefined ? {} : { undecided }) }, path);
    const otherwise = undecided === undefined ? 'anyone' : 'nobody';
    const see = this.#relations('see' in rule ? rule['see'] : otherwise, [...path, 'see']);
    for (const [index, relation] of see.entries()) {
      this.#compiling.knows([...path, 'see', index], relation, {
        what: 'relation',
        words: this.#compiling.relations(),
      });
      if (relation === 'self' || Object.hasOwn(this.#compiling.source.relations ?? {}, relation)) {
        this.#compiling.error(
          [...path, 'see'],
          `A container is nobody's, so nobody is ${relation} to it.`,
          'Use anyone, member, a kind of principal, or nobody.',
        );
      }
    }
    return {
      grant: { see, narrow: {} },
      shape: rule['is'] === undefined ? PLAIN : this.compile(rule['is'], [...path, 'is'], name),
      ...(rule['instead'] === undefined ? {} : { instead: JSON.stringify(rule['instead']) }),
      ...(undecided === undefined ? {} : { undecided }),
    };
  }
}

/** A member with a rule beside its shape: `{ see: nobody }`, `{ undecided: REASON }`. */
function isMemberRule(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    ['see', 'is', 'undecided'].some((word) => Object.hasOwn(value, word))
  );
}
