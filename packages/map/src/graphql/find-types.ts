import type { GraphqlTypes } from '@leakproof/core/authoring';
import { graphqlCalls, readExchange } from '@leakproof/sources';
import { ownerPaths, type People } from '../draft/find-owners.ts';
import { type FoundPrincipal, learnIds, personIds, principalGroups } from '../draft/find-principals.ts';
import type { Group } from '../draft/group-places.ts';
import type { DraftResource } from '../draft/resource.ts';
import { compareText, isRecord, isSuccess, type ObservedCall } from '../evidence/observed-call.ts';
import { queryResults } from '../evidence/query-results.ts';
import { addValue, idFieldOf, newPlace, type Place } from '../evidence/value-tree.ts';

/** A GraphQL type that was returned, as a resource. */
export interface FoundType {
  readonly type: string;
  readonly resource: DraftResource;
}

export interface FoundTypes {
  readonly types: readonly FoundType[];
  /** Root fields with the results of their queries. */
  readonly results: readonly ObservedCall[];
  /** Objects of an interface or union without `__typename`: their type is not known. */
  readonly untyped: number;
}

const MAX_DEPTH = 24;

/**
 * Finds the types of the objects that queries returned, by the schema, and whose they are, by the ids in them. Adds to `principals`
 * the ids that root fields without arguments return. Queries of which only a hash is known are left out.
 */
export function findTypes(
  calls: readonly ObservedCall[],
  {
    schema,
    principals,
    taken,
  }: {
    readonly schema: GraphqlTypes;
    readonly principals: Map<string, FoundPrincipal>;
    /** Names that resources have. */
    readonly taken: ReadonlySet<string>;
  },
): FoundTypes {
  const roots = schema.fields.get(schema.query ?? '') ?? new Map<string, { readonly type: string }>();
  const results = calls
    .filter((call) => call.isGraphql && hasText(call))
    .flatMap(queryResults)
    .filter((each) => roots.has(fieldOf(each)));
  const walk = new Walk(schema);
  for (const result of results.filter(isSuccess))
    walk.add(result.value, { type: roots.get(fieldOf(result))?.type ?? '', call: result, depth: 0 });
  const groups: Group[] = [...walk.places]
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, places]) => ({ name, places: [...places.values()], idField: idFieldIn([...places.values()]) }));
  learnIds(principals, {
    places: groups.flatMap(({ places }) => places).filter((each) => idFieldOf(each)),
    calls: results,
  });
  const ids = new Set([...principals.values()].flatMap((each) => [...each.ids]));
  const own = principalGroups(groups, ids);
  const people: People = { ids: personIds(own, ids), principals };
  const names = new Set([...taken, 'plain', 'any', 'nothing', 'Query', 'Mutation']);
  const types = groups.map(({ name: type, places, idField }): FoundType => {
    const name = names.has(type) ? freeName(type, new Set([...names, ...schema.objects])) : type;
    names.add(name);
    if (idField !== undefined && [...own].some((each) => each.name === type))
      return { type, resource: { name, places, idField, isPrincipal: true, owners: [[idField]] } };
    const owners = ownerPaths(places, people).filter((path) => isSelectable(schema, type, path));
    return {
      type,
      resource: { name, places, idField, isPrincipal: false, owners: owners.length > 0 ? owners : 'none' },
    };
  });
  return { types, results, untyped: walk.untyped };
}

const fieldOf = ({ operation }: ObservedCall): string => operation.slice('Query.'.length);

const hasText = ({ exchange }: ObservedCall): boolean =>
  (graphqlCalls(readExchange(exchange)) ?? []).every(({ roots }) => roots !== undefined);

const idFieldIn = (places: readonly Place[]): string | undefined =>
  places
    .flatMap((each) => idFieldOf(each) ?? [])
    .sort(compareText)
    .at(-1);

/** A name made of one that is taken. */
export function freeName(type: string, names: ReadonlySet<string>): string {
  let name = type;
  for (let count = 1; names.has(name); count++) name = count === 1 ? `${type}Type` : `${type}Type${count}`;
  return name;
}

/** Owners are read from selected fields: a path must be selectable without arguments, and end at a scalar. */
function isSelectable(schema: GraphqlTypes, type: string, [step = '', ...rest]: readonly string[]): boolean {
  const field = schema.fields.get(type)?.get(step);
  if (!field?.isSelectable) return false;
  if (!field.isComposite) return rest.length === 0;
  return schema.objects.has(field.type) && isSelectable(schema, field.type, rest);
}

interface At {
  readonly type: string;
  readonly call: ObservedCall;
  readonly depth: number;
}

/** Collects objects by type and operation. */
class Walk {
  readonly places = new Map<string, Map<string, Place>>();
  untyped = 0;
  readonly #schema: GraphqlTypes;

  constructor(schema: GraphqlTypes) {
    this.#schema = schema;
  }

  add(value: unknown, at: At): void {
    if (at.depth > MAX_DEPTH) return;
    if (Array.isArray(value)) for (const each of value) this.add(each, { ...at, depth: at.depth + 1 });
    if (!isRecord(value)) return;
    const named = value['__typename'];
    const type = typeof named === 'string' && this.#schema.objects.has(named) ? named : at.type;
    if (this.#schema.objects.has(type))
      addValue(this.#place(type, at.call.operation), this.#declared(type, value), at.call);
    else this.untyped++;
    for (const [name, each] of Object.entries(value)) {
      const field = this.#schema.fields.get(type)?.get(name);
      if (field?.isComposite) this.add(each, { type: field.type, call: at.call, depth: at.depth + 1 });
    }
  }

  /** The members that the schema has; a server that answers otherwise is no evidence of fields. */
  #declared(type: string, value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const fields = this.#schema.fields.get(type);
    return Object.fromEntries(Object.entries(value).filter(([name]) => fields?.has(name)));
  }

  #place(type: string, operation: string): Place {
    const places = this.places.get(type) ?? new Map<string, Place>();
    this.places.set(type, places);
    const place = places.get(operation) ?? newPlace(operation, []);
    places.set(operation, place);
    return place;
  }
}
