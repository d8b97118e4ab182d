import type { UsedState, Flag } from '../draft/answered.ts';
import type { DraftedOperation } from './operations.ts';
import { comment, flow, type Plain, scalar } from './write-yaml.ts';

export interface SourceParts {
  readonly notes: readonly string[];
  /** Server name → base URL. */
  readonly servers: ReadonlyMap<string, string>;
  /** Server name → GraphQL address, and GraphQL type → resource of another name. */
  readonly graphql?: {
    readonly servers: ReadonlyMap<string, string>;
    readonly types: Readonly<Record<string, string>>;
  };
  readonly principals: Readonly<Record<string, Plain>>;
  readonly states: ReadonlyMap<string, UsedState>;
  readonly relations: ReadonlyMap<string, Flag>;
  /** Resource → its rules, and the comments before each of its fields. */
  readonly resources: ReadonlyMap<string, Plain>;
  readonly comments: ReadonlyMap<string, string>;
  readonly operations: readonly DraftedOperation[];
}

/** The YAML of a drafted contract, with the evidence of each rule as a comment. */
export function writeSource(parts: SourceParts): string {
  const { servers, principals, states, relations, operations } = parts;
  return [
    ...parts.notes.map(comment),
    'leakproof: 1',
    'api:',
    '  servers:',
    ...[...servers].map(([name, url]) => `    ${scalar(name)}: ${flow({ rest: url })}`),
    ...[...(parts.graphql?.servers ?? [])].map(([name, url]) => `    ${scalar(name)}: ${flow({ graphql: url })}`),
    ...(parts.graphql ? ['  schema: schema.graphql'] : []),
    ...(parts.graphql && Object.keys(parts.graphql.types).length > 0 ? [`  types: ${flow(parts.graphql.types)}`] : []),
    ...section(
      'principals',
      Object.entries(principals).map(([name, each]) => [name, each]),
    ),
    ...section(
      'relations',
      [...relations].map(([name, { resource, field }]) => [
        name,
        { of: 'person', object: { [resource]: `object.${field}` }, lookup: 'POST /lookup' },
      ]),
    ),
    ...section(
      'states',
      [...states.values()].map(({ name, flag, not }) => [
        name,
        {
          of: 'person',
          object: { [flag.resource]: `${not ? '!' : ''}object.${flag.field}` },
          lookup: 'POST /lookup',
        },
      ]),
    ),
    ...resourceLines(parts),
    ...(operations.length === 0 ? [] : ['operations:']),
    ...operations.map(({ name, source }) => `  ${scalar(name)}: ${flow(source)}`),
    '',
  ].join('\n');
}

function section(name: string, entries: readonly (readonly [string, Plain])[]): string[] {
  return entries.length === 0 ? [] : [`${name}:`, ...entries.map(([key, each]) => `  ${scalar(key)}: ${flow(each)}`)];
}

function resourceLines({ resources, comments }: SourceParts): string[] {
  if (resources.size === 0) return [];
  return ['resources:', ...[...resources].flatMap(([name, each]) => resourceLine(name, each, comments))];
}

function resourceLine(name: string, rules: Plain, comments: ReadonlyMap<string, string>): string[] {
  const { fields, ...head } = rules as Record<string, Plain>;
  const entries = Object.entries((fields ?? {}) as Record<string, Plain>);
  const said = comments.get(name);
  return [
    `  ${scalar(name)}:`,
    ...(said === undefined ? [] : [`    ${comment(said)}`]),
    ...Object.entries(head).map(([key, each]) => `    ${scalar(key)}: ${flow(each)}`),
    ...(entries.length === 0 ? ['    fields: {}'] : ['    fields:']),
    ...entries.flatMap(([field, rule]) => {
      const why = comments.get(`${name}.${field}`);
      return [...(why === undefined ? [] : [`      ${comment(why)}`]), `      ${scalar(field)}: ${flow(rule)}`];
    }),
  ];
}
