import type { Operation, OperationOwner, Parameter } from '../../contract/compiled.ts';
import type { Shape } from '../../contract/shape.ts';
import { parametersOf, parseTemplate, type TemplateSegment } from '../../wire/path-template.ts';
import { checkTemplateSyntax } from '../check/check-template.ts';
import type { ShapeCompiler } from './compile-shape.ts';
import { compileRequestHeaders } from './compile-request-headers.ts';
import { compileResponseHeaders } from './compile-response-headers.ts';
import { compileNarrow } from './compile-narrow.ts';
import { type Compiling, listOf } from './compiling.ts';
import { checkUndecided } from './undecided.ts';
import type { SourcePath } from '../read/document.ts';
import type { DeclaredInputs } from '../describe/declared-inputs.ts';
import type { DescriptionInputs } from '../describe/description-inputs.ts';
import type { OperationSource } from '../read/source.ts';

const REST = /^(GET|HEAD|POST|PUT|PATCH|DELETE|QUERY) (\/\S*)$/;
const GRAPHQL = /^(Query|Mutation)\.([A-Za-z_][A-Za-z0-9_]*)$/;
const NOTHING: Shape = { type: 'nothing' };

export class OperationCompiler {
  readonly #compiling: Compiling;
  readonly #shapes: ShapeCompiler;
  readonly #described: DescriptionInputs;

  constructor(compiling: Compiling, shapes: ShapeCompiler, described: DescriptionInputs) {
    this.#compiling = compiling;
    this.#shapes = shapes;
    this.#described = described;
  }

  compile(name: string, source: OperationSource): Operation | undefined {
    const path = ['operations', name];
    checkUndecided(
      this.#compiling,
      { by: source.by, ...(source.undecided === undefined ? {} : { undecided: source.undecided }) },
      path,
    );
    if (source.by === undefined && source.undecided === undefined)
      this.#compiling.error(
        path,
        'The operation does not say who may call it.',
        'Write by: with a relation, such as member; or undecided: with the reason.',
      );
    const by = listOf(source.by ?? (source.owner === undefined ? 'nobody' : 'self'));
    for (const relation of by)
      this.#compiling.knows([...path, 'by'], relation, { what: 'relation', words: this.#compiling.relations() });
    for (const server of source.servers ?? []) {
      this.#compiling.knows([...path, 'servers'], server, {
        what: 'server',
        words: Object.keys(this.#compiling.source.api.servers),
      });
    }
    const rest = REST.exec(name);
    const graphql = GRAPHQL.exec(name);
    if (!rest && !graphql) {
      this.#compiling.error(
        path,
        `"${name}" is no operation.`,
        'Write METHOD /path/{parameter}, Query.field or Mutation.field.',
      );
      return undefined;
    }
    const template = rest ? this.#template(rest[2] ?? '', path) : undefined;
    const { servers } = source;
    const inputs =
      rest?.[1] !== undefined && template
        ? this.#described.of({ name, method: rest[1], template, servers }, source)
        : undefined;
    const accepts = source.accepts ?? inputs?.body;
    const returns = this.#returns(name, source, rest !== null);
    const names = source['response-headers'] ?? [];
    const responseHeaders = compileResponseHeaders(this.#compiling, { names, isRest: rest !== null, returns }, [
      ...path,
      'response-headers',
    ]);
    return {
      name,
      protocol: rest ? 'rest' : 'graphql',
      ...(source.servers ? { servers: source.servers } : {}),
      ...(rest?.[1] === undefined ? {} : { method: rest[1] }),
      ...(template ? { template } : {}),
      by,
      ...(source.undecided === undefined ? {} : { undecided: source.undecided }),
      ...(source.owner === undefined ? {} : { owner: this.#owner(source, template, path) }),
      parameters: this.#parameters(source, { template, inputs }, path),
      ...(accepts ? { accepts } : {}),
      returns,
      ...(responseHeaders.length > 0 ? { responseHeaders } : {}),
      ...(this.#isPositional(source, path, rest !== null) ? { positional: true as const } : {}),
      ...(source.narrow ? { narrow: compileNarrow(this.#compiling, source.narrow, [...path, 'narrow']) } : {}),
      ...(source.mode ? { mode: source.mode } : {}),
    };
  }

  #template(text: string, path: SourcePath): readonly TemplateSegment[] {
    const { segments, faults } = parseTemplate(text);
    checkTemplateSyntax(this.#compiling, path, faults);
    return segments;
  }

  #isPositional(source: OperationSource, path: SourcePath, isRest: boolean): boolean {
    if (source.positional && isRest)
      this.#compiling.error(
        [...path, 'positional'],
        '`positional` is for GraphQL: in a REST list a withheld element is removed.',
        'Take it out.',
      );
    return source.positional === true;
  }

  #returns(name: string, source: OperationSource, isRest: boolean): Shape {
    if (source.returns === undefined) return NOTHING;
    const path = ['operations', name, 'returns'];
    if (!isRest)
      this.#compiling.warn(
        path,
        'The schema says what a GraphQL field returns; `returns` is not used.',
        'Take it out.',
      );
    return this.#shapes.compile(source.returns, path, name);
  }

  #owner(source: OperationSource, template: readonly TemplateSegment[] | undefined, path: SourcePath): OperationOwner {
    const at = [...path, 'owner'];
    const given = typeof source.owner === 'object' ? source.owner : undefined;
    const narrow = given?.narrow ? { narrow: compileNarrow(this.#compiling, given.narrow, [...at, 'narrow']) } : {};
    if (given && 'of' in given) {
      const words = Object.keys(this.#compiling.source.operations ?? {});
      this.#compiling.knows([...at, 'of'], given.of, { what: 'operation', words });
      return {
        from: 'operation',
        operation: given.of,
        ...(given.harmless ? { harmless: given.harmless } : {}),
        ...narrow,
      };
    }
    const kind = source.kind ?? this.#compiling.defaultKind(at);
    const words = Object.keys(this.#compiling.ownerKinds());
    this.#compiling.knows([...path, 'kind'], kind, { what: 'kind of owner', words });
    const [, where, name] = /^(path|body)\.(.+)$/.exec(ownerWord(source.owner)) ?? [];
    if (where === 'body' && name !== undefined) return { from: 'body', path: name.split('.'), kind, ...narrow };
    const names = parametersOf(template ?? []);
    if (name === undefined) {
      const fix = 'Write path.NAME, body.NAME or { of: OPERATION }.';
      this.#compiling.error(at, 'An owner is in the path or the body, or is read by another operation.', fix);
    } else this.#compiling.knows(given ? [...at, 'path'] : at, name, { what: 'path parameter', words: names });
    return { from: 'path', parameter: name ?? '', kind, ...narrow };
  }

  #parameters(
    source: OperationSource,
    { template, inputs }: { template: readonly TemplateSegment[] | undefined; inputs: DeclaredInputs | undefined },
    path: SourcePath,
  ): Parameter[] {
    const callers = new Map((source.principal ?? []).map((key) => [key.replace(/\?$/, ''), key.endsWith('?')]));
    const all = new Map<string, Parameter>();
    const add = (where: Parameter['in'], name: string, repeats = false): void => {
      const key = `${where}.${name}`;
      if (all.has(key)) return;
      const optional = callers.get(key) === true ? { optional: true as const } : {};
      all.set(key, { in: where, name, repeats, isPrincipal: callers.delete(key), ...optional });
    };
    for (const name of parametersOf(template ?? [])) add('path', name);
    for (const word of source.query ?? []) add('query', word.replace(/\*$/, ''), word.endsWith('*'));
    for (const { name, repeats } of inputs?.query ?? []) add('query', name, repeats);
    const headers = compileRequestHeaders(this.#compiling, source.headers ?? [], [...path, 'headers']);
    for (const name of headers) add('header', name);
    for (const name of inputs?.headers ?? []) add('header', name);
    const unknown = [...callers.keys()];
    for (const key of unknown) {
      const [where, ...rest] = key.split('.');
      const isPlace = where === 'query' || where === 'header' || where === 'argument' || where === 'body';
      if (isPlace) add(where, rest.join('.'));
      else
        this.#compiling.error(
          [...path, 'principal'],
          `"${key}" names no parameter.`,
          'Write query.NAME, path.NAME, header.NAME, body.NAME or argument.NAME.',
        );
    }
    return [...all.values()];
  }
}

/** `path.NAME` or `body.NAME`, however the owner is written. */
function ownerWord(owner: OperationSource['owner']): string {
  if (typeof owner !== 'object') return owner ?? '';
  if ('path' in owner) return `path.${owner.path}`;
  return 'body' in owner ? `body.${owner.body}` : '';
}
